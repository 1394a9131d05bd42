using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Catalog;

/// <summary>Derives the catalog entry of a Genesys metric from the kind and the definition of the metric.</summary>
internal static class CatalogMetricEntries
{
    public static CatalogEntry Of(string metric, MetricGroup group)
    {
        var definition = GenesysMetricMeanings.Of(metric);
        var statistics = StatisticsOf(metric);
        var main = statistics[0];
        return new()
        {
            Name = metric,
            Kind = CatalogKind.Metric,
            Title = CatalogEntries.Title(metric[1..]),
            Definition = definition.Text,
            Unit = main.Unit,
            GenesysMetric = metric,
            GenesysStatistic = main.Name,
            Merge = main.Merge,
            MediaTypes = definition.MediaTypes,
            PostedWhen = definition.PostedWhen,
            NullWhen = GenesysMetrics.KindOf(metric) is MetricKind.NotAdditive ? "parts were merged; Genesys rejects the metric" : "Genesys rejects the metric",
            Source = $"Genesys metric {metric}",
            Dimensions = DimensionsOf([metric]),
            Group = group.Name,
            Statistics = statistics,
        };
    }

    /// <summary>Returns the <c>groupBy</c> names of the dimensions by which all <paramref name="metrics"/> can be split.</summary>
    public static IReadOnlyList<string> DimensionsOf(IReadOnlyList<string> metrics)
    {
        var split = metrics.Aggregate(Dimension.AllFlags, (all, metric) => all & GenesysMetrics.DimensionsOf(metric));
        return [.. Groupings.Known.Keys.Where(name => name != "none" && (Dimension.All.FirstOrDefault(dimension => dimension.Name == name) is not { } dimension || split.HasFlag(dimension.Flag)))];
    }

    /// <summary>Returns the statistics of a metric, the main statistic first.</summary>
    private static CatalogStatistic[] StatisticsOf(string metric) => GenesysMetrics.KindOf(metric) switch
    {
        MetricKind.Counter => [Count],
        MetricKind.Ratio =>
        [
            new("ratio", CatalogUnit.Ratio, CatalogMerge.Ratio),
            new("numerator", CatalogUnit.Count, CatalogMerge.Sum),
            new("denominator", CatalogUnit.Count, CatalogMerge.Sum),
            new("target", CatalogUnit.Ratio, CatalogMerge.None),
        ],
        MetricKind.NotAdditive => metric[0] == 'n'
            ? [Count with { Merge = CatalogMerge.None }]
            : [new("target", CatalogUnit.Ratio, CatalogMerge.None)],
        _ when metric[0] == 't' => [Sum(CatalogUnit.Ms), Count, .. Extremes(CatalogUnit.Ms)],
        _ => [Count, Sum(CatalogUnit.Count), .. Extremes(CatalogUnit.Count)],
    };

    private static CatalogStatistic Count => new("count", CatalogUnit.Count, CatalogMerge.Sum);

    private static CatalogStatistic Sum(CatalogUnit unit) => new("sum", unit, CatalogMerge.Sum);

    private static IEnumerable<CatalogStatistic> Extremes(CatalogUnit unit) =>
    [
        new("min", unit, CatalogMerge.Min),
        new("max", unit, CatalogMerge.Max),
        new("p95", unit, CatalogMerge.None),
        new("p99", unit, CatalogMerge.None),
    ];
}
