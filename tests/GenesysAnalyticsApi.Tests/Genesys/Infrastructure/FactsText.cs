using System.Globalization;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

/// <summary>Facts as text, one line per cell, in a canonical order. Equal facts give equal text, however their series are numbered.</summary>
internal static class FactsText
{
    public static string Of(AggregateFacts facts) => string.Join('\n', facts.Columns
        .SelectMany(column => column.Cells.Select((cell, row) => Line(facts, column, cell, row)))
        .Order(StringComparer.Ordinal));

    private static string Line(AggregateFacts facts, FactColumn column, int cell, int row)
    {
        var series = facts.Series[cell / facts.BucketCount];
        double[]?[] statistics = [column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target, column.P95, column.P99];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{series.QueueId} {series.MediaType} {column.Metric} {cell % facts.BucketCount} {column.Count?[row] ?? 0} {string.Join(' ', statistics.Select(one => one?[row] ?? double.NaN))}");
    }
}
