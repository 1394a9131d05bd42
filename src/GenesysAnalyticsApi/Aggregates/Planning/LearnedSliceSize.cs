using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Determines the number of buckets in one Genesys request: <c>Genesys:SliceRows</c> divided by the rows per bucket in earlier replies. After Genesys
/// has rejected a request as too large, the size that then succeeded is the maximum until a larger size is tried. Before the first reply, the service
/// requests a whole slice at once, regardless of the number of queues; Genesys rejects the request if it is too large.
/// </summary>
internal sealed class LearnedSliceSize(IOptions<GenesysOptions> options, TimeProvider clock)
{
    /// <summary>
    /// The interval after which twice the learned size is tried, so that a temporary Genesys fault or a busy day does not cost extra requests
    /// forever. A failed trial costs one additional Genesys request.
    /// </summary>
    internal static readonly TimeSpan TrialInterval = TimeSpan.FromMinutes(2);

    private static readonly FrozenSet<Duration> Steps = Enum.GetValues<FetchGranularity>().Select(grain => grain.Length).ToFrozenSet();

    private readonly ConcurrentDictionary<SizeKey, (int Buckets, DateTimeOffset Since)> _learnedSizes = new();
    private readonly ConcurrentDictionary<SizeKey, double> _rowsPerBucket = new();

    /// <summary>The maximum number of rows per bucket in replies for all queues with this split; 0 before the first reply.</summary>
    public double MaxRowsPerBucket(Dimensions split) =>
        _rowsPerBucket.Where(entry => entry.Key.Shards == 1 && entry.Key.Split == split).Select(entry => entry.Value).DefaultIfEmpty().Max();

    /// <summary>Splits the edges of a slice into as few ranges as its estimated rows allow.</summary>
    public IReadOnlyList<ImmutableArray<Instant>> Split(Slice slice) => Split(slice, slice.Key.Edges);

    /// <summary>Splits a part of the edges of a slice.</summary>
    public IReadOnlyList<ImmutableArray<Instant>> Split(Slice slice, ImmutableArray<Instant> edges)
    {
        var parts = Parts(slice.Key, edges.Length - 1);
        return [.. Enumerable.Range(0, parts).Select(part => RangeOf(edges, part, parts))];
    }

    public int RequestsFor(Slice slice) => Parts(slice.Key, slice.Key.BucketCount);

    /// <summary>Records the rows per bucket of a reply, for the size of later requests.</summary>
    public void RecordRowsPerBucket(Slice slice, AggregateFacts facts)
    {
        if (!Steps.Contains(slice.Key.Step))
        {
            // The slice is one exact bucket. Other slices rarely have the same length, so recording each length would take unlimited memory.
            return;
        }

        // The maximum is kept. Otherwise a quiet night would cause requests that are too large during the day.
        var rows = facts.Columns.Select(column => column.Cells.Length).DefaultIfEmpty().Max() / (double)Math.Max(1, facts.BucketCount);
        _rowsPerBucket.AddOrUpdate(KeyOf(slice.Key), rows, (_, entry) => Math.Max(entry, rows));
    }

    /// <summary>
    /// The rows per bucket of all queues, from replies with this bucket length. Without such a reply, a lower bound from replies with shorter buckets or
    /// without the split; 0 if there are none.
    /// </summary>
    public double RowsPerBucket(Duration step, Dimensions split) => RowsPerBucket(new SizeKey(step, Shards: 1, split));

    /// <summary>
    /// Records that a request was too large and that half of it succeeded. Not called if the half failed too, because the size might then not be the cause.
    /// </summary>
    public void RecordSplit(Slice slice, int buckets)
    {
        var (half, now) = (Math.Max(1, buckets / 2), clock.GetUtcNow());
        _learnedSizes.AddOrUpdate(KeyOf(slice.Key), (half, now), (_, learned) => (Math.Min(CurrentTrial(learned, now), half), now));
    }

    private int Parts(SliceKey slice, int buckets)
    {
        var rows = RowsPerBucket(KeyOf(slice));
        var limit = rows > 0 ? (int)Math.Clamp(options.Value.SliceRows / rows, 1, buckets) : buckets;
        limit = _learnedSizes.TryGetValue(KeyOf(slice), out var learned) ? Math.Min(limit, CurrentTrial(learned, clock.GetUtcNow())) : limit;
        return (buckets + limit - 1) / limit;
    }

    private double RowsPerBucket(SizeKey kind) =>
        _rowsPerBucket.TryGetValue(kind, out var rows) ? rows
        : _rowsPerBucket.Where(entry => entry.Key with { Step = kind.Step } == kind && entry.Key.Step < kind.Step).Select(entry => entry.Value).DefaultIfEmpty().Max() is var shorter and > 0 ? shorter
        : kind.Shards > 1 ? RowsPerBucket(kind with { Shards = 1 }) / kind.Shards
        // A split only adds rows, so the rows without the split are a lower bound.
        : kind.Split != Dimensions.None ? RowsPerBucket(kind with { Split = Dimensions.None })
        : 0;

    private static SizeKey KeyOf(SliceKey slice) => new(slice.Step, QueueSharding.ShardsOf(slice.Scope), slice.Dimensions);

    // Concurrent callers can read the clock out of order. The result is never less than a size that succeeded.
    private static int CurrentTrial((int Buckets, DateTimeOffset Since) learned, DateTimeOffset now) =>
        (int)Math.Min(int.MaxValue, learned.Buckets * Math.Pow(2, Math.Max(0, Math.Floor((now - learned.Since) / TrialInterval))));

    private static ImmutableArray<Instant> RangeOf(ImmutableArray<Instant> edges, int part, int parts)
    {
        var buckets = edges.Length - 1;
        return edges[(buckets * part / parts)..((buckets * (part + 1) / parts) + 1)];
    }

    /// <summary>Groups replies with comparable rows per bucket: a shard has only a part of the rows, and a split increases their number.</summary>
    private readonly record struct SizeKey(Duration Step, int Shards, Dimensions Split);
}
