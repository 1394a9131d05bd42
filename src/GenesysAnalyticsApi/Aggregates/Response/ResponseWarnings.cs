using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Warnings about the figures that records do not show.</summary>
internal static class ResponseWarnings
{
    /// <summary>A query can cover a thousand queues. A few names are enough to find the cause.</summary>
    private const int MaxNamed = 10;

    public static IReadOnlyList<ResponseWarning> Of(
        AggregatesQuery query, QueryRecords built, FoldScope scope, IReadOnlySet<string> refused) =>
        [
            .. Unknown(built.Folded, scope),
            .. Names(built.Records, scope),
            .. Callbacks(built.Folded),
            .. Refused(query, refused),
            .. NotAdditive(built),
            .. Unpaired(built.Unpaired),
            .. InvalidStatisticWarnings.Warnings(query, built.Folded, scope, refused),
        ];

    /// <summary>One warning per reason for stale data.</summary>
    public static IEnumerable<ResponseWarning> Stale(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => outcome.IsStale && !outcome.HasGaps)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group => new ResponseWarning(
            "stale", $"{group.Count()} of the parts are stale, because they could not be refreshed from Genesys ({group.Key}): {group.First().Failure!.Message}"));

    /// <summary>One warning per reason for queues that could not be fetched.</summary>
    public static IEnumerable<ResponseWarning> Lacking(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => !outcome.Lacking.Ids.IsEmpty)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group =>
        {
            var ids = group.SelectMany(outcome => outcome.Lacking.Ids).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
            var more = ids.Count > MaxNamed ? $" and {ids.Count - MaxNamed} more" : "";
            return new ResponseWarning(
                "queues-missing",
                $"{group.Count()} of the parts lack the queues {string.Join(", ", ids.Take(MaxNamed))}{more}, because they could not be fetched from Genesys ({group.Key}): {group.First().Failure!.Message}");
        });

    /// <summary>Only known queues can be requested by id.</summary>
    public static IEnumerable<ResponseWarning> ByQueues(IEnumerable<SliceResult> outcomes, ResolvedQueues selection) =>
        selection.IsEverything && outcomes.Any(outcome => outcome.IsByQueues)
            ? [new ResponseWarning("known-queues-only", "Genesys does not return all queues at once, so the known queues were requested by id: a queue that was deleted before this service first saw it is missing.")]
            : [];

    private static IEnumerable<ResponseWarning> Unknown(IReadOnlyList<FoldedRows> folded, FoldScope scope)
    {
        if (scope.Selection is { All: false, QueueIds: [] })
        {
            yield return new ResponseWarning("no-queue", "No queue matches the filter: the divisions are empty or contain none of the requested queues.");
        }

        // Checked again: the directory may have been read for the first time during the fetch.
        var unknown = scope.Directory is null ? [] : scope.Selection.UnknownIds.Where(id => scope.QueueOf(id) is null && !folded.Any(rows => rows.QueueIds.Contains(id))).ToList();
        foreach (var id in unknown.Take(MaxNamed))
        {
            yield return new ResponseWarning("unknown-queue", $"The queue {id} is not in the directory and has no data in the interval.");
        }

        if (unknown.Count > MaxNamed)
        {
            yield return new ResponseWarning("unknown-queue", $"{unknown.Count - MaxNamed} more queues are not in the directory and have no data in the interval.");
        }
    }

    private static IEnumerable<ResponseWarning> Names(RecordList records, FoldScope scope)
    {
        if (scope.Directory is null)
        {
            yield return new ResponseWarning("queue-directory-unavailable", "The queue directory has not been read yet, so records have no queue names.");
            yield break;
        }

        var unnamed = records.Labels.Where(labels => labels.QueueName is null).Select(labels => labels.QueueId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (unnamed is not [])
        {
            var more = unnamed.Count > MaxNamed ? $" and {unnamed.Count - MaxNamed} more" : "";
            yield return new ResponseWarning("queue-name-unknown", $"Genesys does not list these queues, and their names were never known: {string.Join(", ", unnamed.Take(MaxNamed))}{more}.");
        }
    }

    private static IEnumerable<ResponseWarning> Callbacks(IReadOnlyList<FoldedRows> folded)
    {
        // Totals exclude at least what the records do.
        if (folded.Max(rows => rows.Posting.Excluded) is > 0 and var excluded)
        {
            yield return new ResponseWarning(
                "callbacks-without-answers",
                $"Genesys posts neither answers nor abandons for some callbacks: {excluded} offered callbacks are excluded from answerRate and abandonRate of rolled-up rows.");
        }
    }

    private static IEnumerable<ResponseWarning> Unpaired(IReadOnlyList<BucketStatus> buckets)
    {
        if (buckets is not [])
        {
            var more = buckets.Count > MaxNamed ? $" and {buckets.Count - MaxNamed} more" : "";
            yield return new ResponseWarning(
                "compare-unpaired",
                $"The compared interval has buckets without a counterpart, which no record shows (totals include them). They start at {string.Join(", ", buckets.Take(MaxNamed).Select(bucket => bucket.From))}{more}.");
        }
    }

    private static IEnumerable<ResponseWarning> Refused(AggregatesQuery query, IReadOnlySet<string> refused)
    {
        var missing = refused.Intersect(query.ShownMetrics).Order(StringComparer.Ordinal).ToList();
        if (missing is not [])
        {
            yield return new ResponseWarning("metric-refused", $"Genesys refuses {string.Join(", ", missing)} for this organisation, so figures based on it are null. It is retried every hour.");
        }
    }

    private static IEnumerable<ResponseWarning> NotAdditive(QueryRecords built)
    {
        RecordList[] lists = built.Totals is { } totals ? [built.Records, totals] : [built.Records];
        var unavailable = built.Records.Requested
            .Where((requested, i) => !requested.IsRefused && lists.Any(list => IsUnknown(list, i)))
            .Select(requested => requested.Metric)
            .Concat(built.Records.Requested
                .Where(requested => built.Folded.Any(folded => LacksPercentile(folded.Columns.GetValueOrDefault(requested.Metric))))
                .Select(requested => $"a percentile of {requested.Metric}"))
            .ToList();
        if (unavailable is not [])
        {
            yield return new ResponseWarning("metric-not-additive", $"{string.Join(", ", unavailable)} cannot be summed and is null where parts were merged. Use a granularity or grouping that needs no merging.");
        }
    }

    /// <summary>Whether some record lacks the requested metric with this number.</summary>
    private static bool IsUnknown(RecordList records, int metric) => Enumerable.Range(0, records.Count).Any(index =>
        records[index].Figures.Raw(records.Requested[metric]) is null
        || (records.HasPrevious && records.PreviousOf(index) is { } previous && previous.Figures.Raw(records.RequestedPrevious[metric]) is null));

    private static bool LacksPercentile(StatisticAccumulator? column) => Array.Exists(column?.P95 ?? [], double.IsNaN) || Array.Exists(column?.P99 ?? [], double.IsNaN);
}

/// <summary>Warnings for invalid statistics that were omitted: the queue, the metric and the value from Genesys.</summary>
internal static class InvalidStatisticWarnings
{
    private const int MaxNamed = 10;

    /// <summary>Covers the metrics in the response and statistics without a metric name.</summary>
    public static IEnumerable<ResponseWarning> Warnings(AggregatesQuery query, IReadOnlyList<FoldedRows> folded, FoldScope scope, IReadOnlySet<string> refused)
    {
        var shown = query.ShownMetrics.Append(FactsBuilder.NoMetric).Except(refused).ToHashSet(StringComparer.Ordinal);
        var odd = folded.SelectMany(rows => rows.Odd).Distinct()
            .Where(one => shown.Contains(one.Metric))
            .OrderBy(one => one.Group.QueueId, StringComparer.Ordinal)
            .ThenBy(one => one.Group.MediaType, StringComparer.Ordinal)
            .ThenBy(one => one.Metric, StringComparer.Ordinal)
            .ThenBy(one => one.Statistic)
            .ThenBy(one => one.Value, StringComparer.Ordinal)
            .ToList();
        foreach (var one in odd.Take(MaxNamed))
        {
            yield return new ResponseWarning("figure-left-out", $"{SourceOf(one, scope)}: {one.Metric} {one.Statistic.Word()} is {one.Value}, which is invalid. It is omitted, and its records are marked incomplete.");
        }

        if (odd.Count > MaxNamed)
        {
            yield return new ResponseWarning("figure-left-out", $"{odd.Count - MaxNamed} more statistics are invalid and omitted; their records are marked incomplete.");
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
