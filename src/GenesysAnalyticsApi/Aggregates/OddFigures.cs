using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Warns of statistics that were left out because they cannot be right: whose they are, which, and what Genesys wrote.</summary>
internal static class OddFigures
{
    private const int MostNamed = 10;

    /// <summary>Of the metrics that the answer shows, and of figures that may be of any.</summary>
    public static IEnumerable<AnswerWarning> Warnings(AggregatesQuery query, FoldedRows folded, FoldScope scope, IReadOnlySet<string> refused)
    {
        var shown = MetricCatalog.StandardGroup.Metrics.Concat(query.Metrics).Append(AggregateFactsBuilder.NoMetric).Except(refused).ToHashSet(StringComparer.Ordinal);
        var odd = folded.Odd
            .Where(one => shown.Contains(one.Metric))
            .OrderBy(one => one.Group.QueueId, StringComparer.Ordinal)
            .ThenBy(one => one.Group.MediaType, StringComparer.Ordinal)
            .ThenBy(one => one.Metric, StringComparer.Ordinal)
            .ThenBy(one => one.Statistic)
            .ThenBy(one => one.Value, StringComparer.Ordinal)
            .ToList();
        foreach (var one in odd.Take(MostNamed))
        {
            yield return new AnswerWarning("figure-left-out", $"{SourceOf(one, scope)}: {one.Metric} {one.Statistic.Word()} is {one.Value}, which cannot be right. It is left out, and its records are not complete.");
        }

        if (odd.Count > MostNamed)
        {
            yield return new AnswerWarning("figure-left-out", $"{odd.Count - MostNamed} more statistics cannot be right and are left out; their records are not complete.");
        }
    }

    private static string SourceOf(LeftOut odd, FoldScope scope)
    {
        var queue = odd.Group.QueueId is not { } id ? "Several queues"
            : scope.QueueOf(id)?.Name is { } name ? $"Queue {Excerpt.Of(name)} ({Excerpt.Of(id)})"
            : $"Queue {Excerpt.Of(id)}";
        return odd.Group.MediaType is { } mediaType ? $"{queue}, {Excerpt.Of(mediaType)}" : queue;
    }
}
