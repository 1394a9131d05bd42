using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Warnings about properties of the figures that are not visible in the records.</summary>
internal static class FigureWarnings
{
    public static IReadOnlyList<ResponseWarning> Of(
        AggregatesQuery query, FigureNotes notes, IReadOnlyList<BucketStatus> unpaired, FoldScope scope, IReadOnlySet<string> rejected) =>
        [
            .. Unknown(notes.QueueIds, scope),
            .. WithoutFigures(query, notes.Filtered, scope),
            .. Names(notes.Unnamed, scope),
            .. DimensionNames(query, scope),
            .. Callbacks(notes.ExcludedCallbacks),
            .. Rejected(query, rejected),
            .. Unsplit(query),
            .. NotAdditive(notes.Unavailable),
            .. Unpaired(unpaired),
            .. InvalidStatisticWarnings.Warnings(query, notes.Omitted, scope, rejected),
        ];

    private static IEnumerable<ResponseWarning> Unknown(IReadOnlySet<string> queueIds, FoldScope scope)
    {
        // This check is repeated, because the directory might have been read for the first time during the fetch.
        var unknown = scope.Directory is null ? [] : scope.Selection.UnknownIds.Where(id => scope.QueueOf(id) is null && !queueIds.Contains(id)).ToList();
        foreach (var id in unknown.Take(ResponseWarning.MaxNamed))
        {
            yield return new ResponseWarning("unknown-queue", $"The queue {id} is not in the directory and has no data in the interval.");
        }

        if (unknown.Count > ResponseWarning.MaxNamed)
        {
            yield return new ResponseWarning("unknown-queue", $"Further queues that are not in the directory and have no data in the interval: {unknown.Count - ResponseWarning.MaxNamed}.");
        }
    }

    private static IEnumerable<ResponseWarning> Names(IReadOnlyList<string> unnamed, FoldScope scope)
    {
        if (scope.Directory is null)
        {
            yield return new ResponseWarning("queue-directory-unavailable", "The queue directory has not been read yet, so records have no queue names.");
            yield break;
        }

        if (unnamed is not [])
        {
            yield return new ResponseWarning("queue-name-unknown", $"Genesys does not list these queues, and the service has never read their names: {ResponseWarning.Named(unnamed)}.");
        }
    }

    /// <summary>Warns about filter values without figures, because a misspelled value looks like a value without interactions.</summary>
    private static IEnumerable<ResponseWarning> WithoutFigures(AggregatesQuery query, IReadOnlyList<IReadOnlySet<string>> filtered, FoldScope scope)
    {
        foreach (var (filter, found) in scope.Filters.Zip(filtered))
        {
            var missing = filter.Values.Where(value => !found.Contains(value)).Except(query.HiddenUserIds).Order(StringComparer.Ordinal).Select(value => InputExcerpt.Of(value)).ToList();
            if (missing is not [] || found.Count == 0)
            {
                var missingText = missing is [] ? "one of the selected agents" : $"{Dimension.All.Single(dimension => dimension.Flag == filter.Dimension).Name} {ResponseWarning.Named(missing)}";
                var hint = filter.Dimension == Dimensions.WrapUpCode ? " wrapUpCode takes ids, not names: see GET /wrapup-codes." : "";
                yield return new ResponseWarning("no-figures", $"There are no figures for {missingText} in the interval and within the other filters.{hint}");
            }
        }
    }

    private static IEnumerable<ResponseWarning> DimensionNames(AggregatesQuery query, FoldScope scope)
    {
        if (query.GroupBy.HasFlag(Grouping.User) && scope.Names.Users is null)
        {
            yield return new ResponseWarning(
                "user-directory-unavailable", $"The users could not be read from Genesys, so records have no user names. The OAuth client of this service needs {GenesysPermissions.Users}.");
        }

        if (query.GroupBy.HasFlag(Grouping.WrapUpCode) && scope.Names.WrapUpCodes is null)
        {
            yield return new ResponseWarning(
                "wrapup-directory-unavailable", $"The wrap-up codes could not be read from Genesys, so records have no wrap-up code names. The OAuth client of this service needs {GenesysPermissions.WrapUpCodes}.");
        }
    }

    private static IEnumerable<ResponseWarning> Callbacks(long excluded)
    {
        if (excluded > 0)
        {
            yield return new ResponseWarning(
                "callbacks-without-answers",
                $"Genesys reports neither answers nor abandons for some callbacks: {excluded} offered callbacks are excluded from answerRate and abandonRate of rolled-up rows.");
        }
    }

    private static IEnumerable<ResponseWarning> Unpaired(IReadOnlyList<BucketStatus> buckets)
    {
        if (buckets is not [])
        {
            yield return new ResponseWarning(
                "compare-unpaired",
                $"The compared interval has buckets without a counterpart, which no record shows. The totals include them. They start at {ResponseWarning.Named([.. buckets.Select(bucket => bucket.From)])}.");
        }
    }

    private static IEnumerable<ResponseWarning> Rejected(AggregatesQuery query, IReadOnlySet<string> rejected)
    {
        var missing = rejected.Intersect(query.ShownMetrics).Except(query.UnattributedMetrics).Order(StringComparer.Ordinal).ToList();
        if (missing is not [])
        {
            yield return new ResponseWarning("metric-refused", $"Genesys rejects {string.Join(", ", missing)} for this organization, so figures computed from {(missing.Count == 1 ? "it" : "them")} are null. The service tries again every hour.");
        }
    }

    private static IEnumerable<ResponseWarning> Unsplit(AggregatesQuery query)
    {
        var unattributed = query.UnattributedMetrics.ToLookup(metric => GenesysMetrics.IsAttributed(metric, query.Dimensions));
        if (string.Join(", ", unattributed[false]) is { Length: > 0 } ofQueues)
        {
            yield return new ResponseWarning(
                "metric-not-split",
                $"Genesys records {ofQueues} for the queue, not for the sessions of agents, so figures based on them are null. To get them, do not group or filter by agent or wrap-up code.");
        }

        if (string.Join(", ", unattributed[true]) is { Length: > 0 } others)
        {
            yield return new ResponseWarning("metric-not-split", $"{others} cannot be split by a dimension of groupBy, so the values are null. GET /catalog lists the dimensions of each metric.");
        }
    }

    private static IEnumerable<ResponseWarning> NotAdditive(IReadOnlyList<string> unavailable)
    {
        if (unavailable is not [])
        {
            yield return new ResponseWarning("metric-not-additive", $"{string.Join(", ", unavailable)} cannot be summed, so the values are null where parts were merged. Use a granularity or grouping that needs no merging.");
        }
    }
}

/// <summary>Warnings about invalid statistics that were omitted. A warning names the queue, the metric and the value from Genesys.</summary>
internal static class InvalidStatisticWarnings
{
    /// <summary>Covers the metrics in the response, and statistics without a metric name.</summary>
    public static IEnumerable<ResponseWarning> Warnings(AggregatesQuery query, IReadOnlyList<OmittedStatistic> omitted, FoldScope scope, IReadOnlySet<string> rejected)
    {
        var shown = query.ShownMetrics.Append(FactsBuilder.NoMetric).Except(rejected).ToHashSet(StringComparer.Ordinal);
        var invalid = omitted
            .Where(statistic => shown.Contains(statistic.Metric))
            .OrderBy(statistic => statistic.Group.QueueId, StringComparer.Ordinal)
            .ThenBy(statistic => statistic.Group.MediaType, StringComparer.Ordinal)
            .ThenBy(statistic => statistic.Metric, StringComparer.Ordinal)
            .ThenBy(statistic => statistic.Statistic)
            .ThenBy(statistic => statistic.Value, StringComparer.Ordinal)
            .ToList();
        foreach (var statistic in invalid.Take(ResponseWarning.MaxNamed))
        {
            yield return new ResponseWarning("figure-left-out", $"{SourceOf(statistic, scope)}: {statistic.Metric} {statistic.Statistic.Word()} is {statistic.Value}, which is invalid. It is omitted, and its records are marked incomplete.");
        }

        if (invalid.Count > ResponseWarning.MaxNamed)
        {
            yield return new ResponseWarning("figure-left-out", $"Further invalid statistics that are omitted: {invalid.Count - ResponseWarning.MaxNamed}. Their records are marked incomplete.");
        }
    }

    private static string SourceOf(OmittedStatistic invalid, FoldScope scope)
    {
        var queue = invalid.Group.QueueId is not { } id ? "Several queues"
            : scope.QueueOf(id)?.Name is { } name ? $"Queue {InputExcerpt.Of(name)} ({InputExcerpt.Of(id)})"
            : $"Queue {InputExcerpt.Of(id)}";
        return invalid.Group.MediaType is { } mediaType ? $"{queue}, {InputExcerpt.Of(mediaType)}" : queue;
    }
}

/// <summary>Notes about the figures of a response, for its warnings. The notes of segments are merged, so no segment has to stay in memory.</summary>
/// <param name="QueueIds">All queues with data, before the roll-up.</param>
/// <param name="Unnamed">The ids of queues without a name, in the order of their first record.</param>
/// <param name="ExcludedCallbacks">Offered callbacks that are not in the rates of rolled-up rows.</param>
/// <param name="Unavailable">Metrics and percentiles that could not be merged.</param>
/// <param name="Omitted">Invalid statistics.</param>
/// <param name="HaveAllStatistics">True if no statistic was omitted from any record.</param>
/// <param name="AreFinal">True if no figure can change and no row can be added.</param>
internal sealed record FigureNotes(
    IReadOnlySet<string> QueueIds, IReadOnlyList<string> Unnamed, long ExcludedCallbacks, IReadOnlyList<string> Unavailable,
    IReadOnlyList<OmittedStatistic> Omitted, bool HaveAllStatistics, bool AreFinal)
{
    /// <summary>The values with figures in each dimension that the query filters by.</summary>
    public IReadOnlyList<IReadOnlySet<string>> Filtered { get; private init; } = [];

    public static FigureNotes Of(QueryRecords built) => new(
        built.Folded.SelectMany(rows => rows.QueueIds).ToHashSet(StringComparer.OrdinalIgnoreCase),
        [.. built.Records.Labels.Where(labels => labels.QueueName is null).Select(labels => labels.QueueId).OfType<string>().Distinct(StringComparer.Ordinal)],
        // The folds are not added up: the totals exclude at least the callbacks that the records exclude.
        built.Folded.Max(rows => rows.Coverage.Excluded),
        NotAdditive(built),
        [.. built.Folded.SelectMany(rows => rows.Omitted).Distinct()],
        built.Records.HaveAllStatistics,
        built.AreFinal)
    {
        Filtered = built.Folded[0].Filtered,
    };

    /// <summary>Merges these notes with the notes of a later segment.</summary>
    public FigureNotes Merge(FigureNotes later) => new(
        QueueIds.Union(later.QueueIds, StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase),
        [.. Unnamed.Union(later.Unnamed, StringComparer.Ordinal)],
        StatisticAccumulator.Plus(ExcludedCallbacks, later.ExcludedCallbacks),
        [.. Unavailable.Union(later.Unavailable, StringComparer.Ordinal)],
        [.. Omitted.Union(later.Omitted)],
        HaveAllStatistics && later.HaveAllStatistics,
        AreFinal && later.AreFinal)
    {
        Filtered = [.. Filtered.Zip(later.Filtered, (values, laterValues) => values.Union(laterValues, StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase))],
    };

    private static IReadOnlyList<string> NotAdditive(QueryRecords built)
    {
        RecordList[] lists = built.Totals is { } totals ? [built.Records, totals] : [built.Records];
        return
        [
            .. built.Records.Requested
                .Where((requested, i) => !requested.IsRejected && lists.Any(list => IsUnknown(list, i)))
                .Select(requested => requested.Metric),
            .. built.Records.Requested
                .Where(requested => built.Folded.Any(folded => LacksPercentile(folded.Columns.GetValueOrDefault(requested.Metric))))
                .Select(requested => $"a percentile of {requested.Metric}"),
        ];
    }

    /// <summary>Whether any record lacks the requested metric at this index.</summary>
    private static bool IsUnknown(RecordList records, int metric) => Enumerable.Range(0, records.Count).Any(index =>
        records[index].Figures.Raw(records.Requested[metric]) is null
        || (records.HasPrevious && records.PreviousOf(index) is { } previous && previous.Figures.Raw(records.RequestedPrevious[metric]) is null));

    private static bool LacksPercentile(StatisticAccumulator? column) => Array.Exists(column?.P95 ?? [], double.IsNaN) || Array.Exists(column?.P99 ?? [], double.IsNaN);
}
