using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Reconciliation.Comparing;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>One value of an export, and the figure of GET /aggregates with which it is compared.</summary>
/// <param name="Export">The number in the export; null for an empty field.</param>
/// <param name="Aggregates">The figure of GET /aggregates; null if the aggregates do not have it.</param>
/// <param name="Cause">The cause of the difference; null if the value and the figure agree.</param>
internal sealed record ExportedValue(ExportRow Row, ExportColumn Column, ExportedNumber? Export, double? Aggregates, DifferenceCause? Cause)
{
    public Agreement Agreement => Cause is null ? Agreement.Equal : Cause == DifferenceCause.Unknown ? Agreement.Unexplained : Agreement.Explained;
}

/// <summary>Compares the rows of an export with the records of GET /aggregates.</summary>
internal static class ExportComparison
{
    /// <param name="record">The record for the row; null if the aggregates have none, because nothing happened.</param>
    /// <param name="readAt">When the oldest slice of the row's interval was fetched.</param>
    public static IEnumerable<ExportedValue> Of(ExportRow row, ResponseRecord? record, Instant readAt, Duration settle, Instant? exportedAt)
    {
        var isSettled = readAt >= row.To + settle && (exportedAt is null || exportedAt >= row.To + settle);
        return row.Values.Select(value =>
        {
            var figure = FigureOf(value.Column.Figure!, record);
            return new ExportedValue(row, value.Column, value.Number, figure, CauseOf(value.Column.Figure!, value.Number, figure, record, isSettled));
        });
    }

    private static double? FigureOf(FigureField field, ResponseRecord? record) => (field, record) switch
    {
        (IntegerField whole, { } known) => whole.Of(known.Figures),
        (DecimalField number, { } known) => number.Of(known.Figures),
        (_, null) when IsAdditive(field) => 0,
        _ => null,
    };

    private static DifferenceCause? CauseOf(FigureField field, ExportedNumber? export, double? aggregates, ResponseRecord? record, bool isSettled)
    {
        // For no events, an export contains an empty field or 0. The aggregates contain 0, or null for an average, a rate or a maximum.
        var agrees = (export, aggregates) switch
        {
            (null, _) => aggregates is null or 0,
            ({ } number, null) => number.Value == 0,
            ({ } number, { } figure) => number.Agrees(figure),
        };
        return agrees ? null
            : aggregates is null && record is not null && IsAdditive(field) ? DifferenceCause.NotInAggregates
            : record is { IsComplete: false } ? DifferenceCause.Incomplete
            : isSettled ? DifferenceCause.Unknown
            : DifferenceCause.LateData;
    }

    /// <summary>Whether the figure is 0 if nothing happened: counts and sums are, but a maximum is null.</summary>
    private static bool IsAdditive(FigureField field) => field is IntegerField && !field.Source.EndsWith(".max", StringComparison.Ordinal);
}
