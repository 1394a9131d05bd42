using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>What a reader of the figures has to know and could not see from them.</summary>
internal static class ResponseWarnings
{
    /// <summary>A question can be about a thousand queues; what is wrong with them is seen from a few.</summary>
    private const int MostNamed = 10;

    public static IReadOnlyList<ResponseWarning> Of(
        AggregatesQuery query, FoldedRows folded, RecordList records, FoldScope scope, IReadOnlySet<string> refused) =>
        [
            .. Unknown(folded, scope),
            .. Names(records, scope),
            .. Callbacks(folded),
            .. Refused(query, refused),
            .. NotAdditive(folded, records),
            .. InvalidStatisticWarnings.Warnings(query, folded, scope, refused),
        ];

    /// <summary>Why older figures are shown, once per reason.</summary>
    public static IEnumerable<ResponseWarning> Stale(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => outcome.IsStale && !outcome.HasGaps)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group => new ResponseWarning(
            "stale", $"{group.Count()} of the parts are older than they should be, because Genesys could not be asked ({group.Key}): {group.First().Failure!.Message}"));

    /// <summary>Queues that parts lack, because Genesys could not be asked for them; once per reason.</summary>
    public static IEnumerable<ResponseWarning> Lacking(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => !outcome.Lacking.Ids.IsEmpty)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group =>
        {
            var ids = group.SelectMany(outcome => outcome.Lacking.Ids).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
            var more = ids.Count > MostNamed ? $" and {ids.Count - MostNamed} more" : "";
            return new ResponseWarning(
                "queues-missing",
                $"{group.Count()} of the parts lack the queues {string.Join(", ", ids.Take(MostNamed))}{more}, because Genesys could not be asked for them ({group.Key}): {group.First().Failure!.Message}");
        });

    /// <summary>Genesys can be asked for the queues that are known, and for no others than these.</summary>
    public static IEnumerable<ResponseWarning> ByQueues(IEnumerable<SliceResult> outcomes, ResolvedQueues selection) =>
        selection.IsEverything && outcomes.Any(outcome => outcome.IsByQueues)
            ? [new ResponseWarning("known-queues-only", "Genesys does not give all queues at once, so that it was asked for those that are known: a queue that was deleted before it was ever seen here is missing.")]
            : [];

    private static IEnumerable<ResponseWarning> Unknown(FoldedRows folded, FoldScope scope)
    {
        if (scope.Selection is { All: false, QueueIds: [] })
        {
            yield return new ResponseWarning("no-queue", "No queue is what was asked for: the divisions have none, or none of those asked for.");
        }

        // Asked again: the directory may have been read for the first time while Genesys was asked.
        var unknown = scope.Directory is null ? [] : scope.Selection.UnknownIds.Where(id => scope.QueueOf(id) is null && !folded.QueueIds.Contains(id)).ToList();
        foreach (var id in unknown.Take(MostNamed))
        {
            yield return new ResponseWarning("unknown-queue", $"The queue {id} is not in the directory and has no data in the interval.");
        }

        if (unknown.Count > MostNamed)
        {
            yield return new ResponseWarning("unknown-queue", $"{unknown.Count - MostNamed} more queues are not in the directory and have no data in the interval.");
        }
    }

    private static IEnumerable<ResponseWarning> Names(RecordList records, FoldScope scope)
    {
        if (scope.Directory is null)
        {
            yield return new ResponseWarning("queue-directory-unavailable", "The queue directory has never been read: queues have no names here.");
            yield break;
        }

        var nameless = records.Labels.Where(labels => labels.QueueName is null).Select(labels => labels.QueueId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (nameless is not [])
        {
            var more = nameless.Count > MostNamed ? $" and {nameless.Count - MostNamed} more" : "";
            yield return new ResponseWarning("queue-name-unknown", $"Genesys does not list these queues, and they were not seen before: {string.Join(", ", nameless.Take(MostNamed))}{more}.");
        }
    }

    private static IEnumerable<ResponseWarning> Callbacks(FoldedRows folded)
    {
        if (folded.Posting.LeftOut > 0)
        {
            yield return new ResponseWarning(
                "callbacks-without-answers",
                $"Genesys posts no answers and no abandons for some of the callbacks: {folded.Posting.LeftOut} offered callbacks are left out of answerRate and abandonRate of merged rows.");
        }
    }

    private static IEnumerable<ResponseWarning> Refused(AggregatesQuery query, IReadOnlySet<string> refused)
    {
        var missed = refused.Where(metric => query.Metrics.Contains(metric) || MetricCatalog.StandardGroup.Metrics.Contains(metric)).Order(StringComparer.Ordinal).ToList();
        if (missed is not [])
        {
            yield return new ResponseWarning("metric-refused", $"Genesys refuses {string.Join(", ", missed)} for this organisation: what is made of it is null. It is tried again every hour.");
        }
    }

    private static IEnumerable<ResponseWarning> NotAdditive(FoldedRows folded, RecordList records)
    {
        var lost = records.Asked
            .Where(asked => !asked.IsRefused && records.Any(record => record.Figures.Raw(asked) is null))
            .Select(asked => asked.Metric)
            .Concat(records.Asked.Where(asked => LacksPercentile(folded.Columns.GetValueOrDefault(asked.Metric))).Select(asked => $"a percentile of {asked.Metric}"))
            .ToList();
        if (lost is not [])
        {
            yield return new ResponseWarning("metric-not-additive", $"{string.Join(", ", lost)} cannot be added up: it is null where parts were merged. Ask for buckets or groups that need no merging.");
        }
    }

    private static bool LacksPercentile(StatisticAccumulator? column) => Array.Exists(column?.P95 ?? [], double.IsNaN) || Array.Exists(column?.P99 ?? [], double.IsNaN);
}

/// <summary>Warns of statistics that were left out because they cannot be right: whose they are, which, and what Genesys wrote.</summary>
internal static class InvalidStatisticWarnings
{
    private const int MostNamed = 10;

    /// <summary>Of the metrics that the answer shows, and of figures that may be of any.</summary>
    public static IEnumerable<ResponseWarning> Warnings(AggregatesQuery query, FoldedRows folded, FoldScope scope, IReadOnlySet<string> refused)
    {
        var shown = MetricCatalog.StandardGroup.Metrics.Concat(query.Metrics).Append(FactsBuilder.NoMetric).Except(refused).ToHashSet(StringComparer.Ordinal);
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
            yield return new ResponseWarning("figure-left-out", $"{SourceOf(one, scope)}: {one.Metric} {one.Statistic.Word()} is {one.Value}, which cannot be right. It is left out, and its records are not complete.");
        }

        if (odd.Count > MostNamed)
        {
            yield return new ResponseWarning("figure-left-out", $"{odd.Count - MostNamed} more statistics cannot be right and are left out; their records are not complete.");
        }
    }

    private static string SourceOf(OmittedStatistic odd, FoldScope scope)
    {
        var queue = odd.Group.QueueId is not { } id ? "Several queues"
            : scope.QueueOf(id)?.Name is { } name ? $"Queue {InputExcerpt.Of(name)} ({InputExcerpt.Of(id)})"
            : $"Queue {InputExcerpt.Of(id)}";
        return odd.Group.MediaType is { } mediaType ? $"{queue}, {InputExcerpt.Of(mediaType)}" : queue;
    }
}
