using System.Globalization;
using GenesysAnalyticsApi.Operations;
using GenesysAnalyticsApi.Queues;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What was done for one request, and how many records came of it.</summary>
internal sealed class AnswerEffort(int rows, int cached, int fetched, int stale, int failed, int calls)
{
    public int Cached => cached;

    public int Fetched => fetched;

    public int Stale => stale;

    public int Failed => failed;

    /// <summary>Calls to Genesys.</summary>
    public int Calls => calls;

    /// <summary>The header's text.</summary>
    public string Slices { get; private init; } = Text(cached, fetched, stale, failed);

    /// <summary>For the log.</summary>
    public RequestFacts Facts { get; } = new(rows, cached + fetched + stale + failed, calls);

    /// <param name="view">A caller who may not see every queue reads of parts in the header, whatever number of shards they have.</param>
    public static AnswerEffort Of(int rows, IEnumerable<SliceOutcome> slices, QueueView view)
    {
        var all = slices.ToList();
        var (cached, fetched, stale, failed) = Count(all);
        var shown = view.IsAll ? (cached, fetched, stale, failed) : Count([.. all.GroupBy(slice => PartOf(slice.Slice)).Select(shards => shards.MaxBy(Effort)!)]);
        return new(rows, cached, fetched, stale, failed, all.Sum(slice => slice.Calls))
        {
            Slices = Text(shown.cached, shown.fetched, shown.stale, shown.failed),
        };
    }

    /// <summary>Of an answer that is sent again: Genesys was not asked.</summary>
    public static AnswerEffort Again(int rows, IReadOnlyCollection<Slice> slices, QueueView view) => new(rows, slices.Count, 0, 0, 0, 0)
    {
        Slices = Text(view.IsAll ? slices.Count : slices.DistinctBy(PartOf).Count(), 0, 0, 0),
    };

    private static SliceKey PartOf(Slice slice) => slice.Key with { Scope = SliceScopes.All };

    private static (int cached, int fetched, int stale, int failed) Count(List<SliceOutcome> slices) =>
    (
        slices.Count(slice => slice.IsCached),
        slices.Count(slice => !slice.IsCached && !slice.IsFailed && !slice.IsStale),
        slices.Count(slice => slice.IsStale),
        slices.Count(slice => slice.IsFailed)
    );

    // Where the shards of a part differ, the one that is furthest from an answer speaks for it.
    private static int Effort(SliceOutcome slice) => slice.IsFailed ? 3 : slice.IsStale ? 2 : slice.IsCached ? 0 : 1;

    private static string Text(int cached, int fetched, int stale, int failed) =>
        string.Create(CultureInfo.InvariantCulture, $"cached={cached}, fetched={fetched}, stale={stale}, failed={failed}");
}
