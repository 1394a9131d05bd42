using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>The answer's buckets as records print them, and what is true of each: is it all there, can it still change.</summary>
internal sealed class BucketStatuses
{
    private readonly ImmutableArray<BucketStatus> _buckets;
    private readonly bool _mayLackQueues;

    /// <param name="mayLackQueues">The answer is about every queue there is, and parts of it were asked for by ids: a queue that was never seen is missing.</param>
    /// <param name="keepsQueuesApart">Each record is of one queue: those that are there can be final all the same.</param>
    /// <param name="mayChange">However old the data is: a metric is missing that Genesys may give at any time.</param>
    public BucketStatuses(
        SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes, DateTimeZone zone, Duration settle, bool mayLackQueues = false,
        bool keepsQueuesApart = true, bool mayChange = false)
    {
        _mayLackQueues = mayLackQueues;
        var edges = plan.Edges;
        var (complete, final) = (new bool[edges.Length - 1], new bool[edges.Length - 1]);
        Array.Fill(complete, true);
        Array.Fill(final, !mayChange);
        foreach (var use in plan.Uses)
        {
            var outcome = outcomes[use.Slice.Key];
            var first = Math.Max(0, FactsMerger.BucketAt(edges, use.From));
            for (var bucket = first; bucket < complete.Length && edges[bucket] < use.To; bucket++)
            {
                complete[bucket] &= !outcome.HasGaps;
                final[bucket] &= !outcome.HasGaps && outcome.FetchedAt >= edges[bucket + 1] + settle && (keepsQueuesApart || !mayLackQueues);
            }
        }

        _buckets = [.. Enumerable.Range(0, complete.Length).Select(bucket => new BucketStatus(
            InstantFormat.Print(edges[bucket]), InstantFormat.Print(edges[bucket + 1]),
            InstantFormat.PrintLocal(edges[bucket].InZone(zone).LocalDateTime), complete[bucket], final[bucket]))];
    }

    public int Count => _buckets.Length;

    /// <summary>Nothing of the answer can still change, a row that is not there yet included.</summary>
    public bool AreFinal => !_mayLackQueues && _buckets.All(bucket => bucket.IsFinal);

    public BucketStatus this[int bucket] => _buckets[bucket];
}

internal sealed record BucketStatus(string From, string To, string LocalFrom, bool IsComplete, bool IsFinal);
