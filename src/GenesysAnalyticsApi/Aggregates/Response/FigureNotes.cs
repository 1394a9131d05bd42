using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>What the warnings of a response say about its figures. The notes of its segments add up, so that no segment stays in memory for them.</summary>
/// <param name="QueueIds">All queues with data, before the roll-up.</param>
/// <param name="Unnamed">The queues in records that have no name, in the order of their first record.</param>
/// <param name="ExcludedCallbacks">Offered callbacks that are not in the rates of rolled-up rows.</param>
/// <param name="Unavailable">Metrics and percentiles that could not be merged.</param>
/// <param name="Omitted">Invalid statistics.</param>
/// <param name="AreComplete">No record lacks an omitted statistic.</param>
/// <param name="AreFinal">No part can change.</param>
internal sealed record FigureNotes(
    IReadOnlySet<string> QueueIds, IReadOnlyList<string> Unnamed, long ExcludedCallbacks, IReadOnlyList<string> Unavailable,
    IReadOnlyList<OmittedStatistic> Omitted, bool AreComplete, bool AreFinal)
{
    public static FigureNotes Of(QueryRecords built) => new(
        built.Folded.SelectMany(rows => rows.QueueIds).ToHashSet(StringComparer.OrdinalIgnoreCase),
        [.. built.Records.Labels.Where(labels => labels.QueueName is null).Select(labels => labels.QueueId).OfType<string>().Distinct(StringComparer.Ordinal)],
        // Totals exclude at least what the records do.
        built.Folded.Max(rows => rows.Posting.Excluded),
        NotAdditive(built),
        [.. built.Folded.SelectMany(rows => rows.Odd).Distinct()],
        built.Records.AreComplete,
        built.AreFinal);

    /// <summary>The notes of both segments.</summary>
    public FigureNotes And(FigureNotes later) => new(
        QueueIds.Union(later.QueueIds, StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase),
        [.. Unnamed.Union(later.Unnamed, StringComparer.Ordinal)],
        StatisticAccumulator.Plus(ExcludedCallbacks, later.ExcludedCallbacks),
        [.. Unavailable.Union(later.Unavailable, StringComparer.Ordinal)],
        [.. Omitted.Union(later.Omitted)],
        AreComplete && later.AreComplete,
        AreFinal && later.AreFinal);

    private static IReadOnlyList<string> NotAdditive(QueryRecords built)
    {
        RecordList[] lists = built.Totals is { } totals ? [built.Records, totals] : [built.Records];
        return
        [
            .. built.Records.Requested
                .Where((requested, i) => !requested.IsRefused && lists.Any(list => IsUnknown(list, i)))
                .Select(requested => requested.Metric),
            .. built.Records.Requested
                .Where(requested => built.Folded.Any(folded => LacksPercentile(folded.Columns.GetValueOrDefault(requested.Metric))))
                .Select(requested => $"a percentile of {requested.Metric}"),
        ];
    }

    /// <summary>Whether some record lacks the requested metric with this number.</summary>
    private static bool IsUnknown(RecordList records, int metric) => Enumerable.Range(0, records.Count).Any(index =>
        records[index].Figures.Raw(records.Requested[metric]) is null
        || (records.HasPrevious && records.PreviousOf(index) is { } previous && previous.Figures.Raw(records.RequestedPrevious[metric]) is null));

    private static bool LacksPercentile(StatisticAccumulator? column) => Array.Exists(column?.P95 ?? [], double.IsNaN) || Array.Exists(column?.P99 ?? [], double.IsNaN);
}
