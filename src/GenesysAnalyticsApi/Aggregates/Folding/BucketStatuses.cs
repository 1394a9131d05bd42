using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>The buckets of a response as records print them, with their completeness and finality.</summary>
internal sealed class BucketStatuses
{
    private readonly ImmutableArray<BucketStatus> _buckets;
    private readonly bool _mayLackQueues;

    /// <param name="mayLackQueues">The query covers all queues but parts of it were fetched by id, so unknown queues are missing.</param>
    /// <param name="keepsQueuesApart">Each record belongs to one queue, so existing records can be final although other queues may be missing.</param>
    /// <param name="mayChange">A metric is missing that Genesys may support at any time, so no bucket is final.</param>
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

    /// <summary>True if no part of the response can change, including rows that do not exist yet.</summary>
    public bool AreFinal => !_mayLackQueues && _buckets.All(bucket => bucket.IsFinal);

    public BucketStatus this[int bucket] => _buckets[bucket];
}

internal sealed record BucketStatus(string From, string To, string LocalFrom, bool IsComplete, bool IsFinal);
