using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// How many buckets one question may have: <c>Genesys:SliceRows</c> over the rows that a bucket had in the answers so far, and no more
/// than were an answer where twice as many were too large. Only answers teach: before the first one, a slice is one question, however
/// many queues are listed, and Genesys says what is too large.
/// </summary>
internal sealed class AdaptiveSliceSize(IOptions<GenesysOptions> options, TimeProvider clock)
{
    /// <summary>
    /// After so long twice as much is tried again, and so on: a fault of Genesys, or a busy day, is not to cost many calls for ever. Where it is
    /// too large still, that costs one call more.
    /// </summary>
    internal static readonly TimeSpan TrialInterval = TimeSpan.FromMinutes(2);

    private static readonly FrozenSet<Duration> Steps = Enum.GetValues<FetchGranularity>().Select(grain => grain.Length).ToFrozenSet();

    // By the length of a bucket and by how many shards there are: a shard has a part of the rows.
    private readonly ConcurrentDictionary<(Duration Step, int Shards), (int Buckets, DateTimeOffset Since)> _fits = new();
    private readonly ConcurrentDictionary<(Duration Step, int Shards), double> _rows = new();

    /// <summary>The most rows that a bucket of all queues had in an answer.</summary>
    public double MostRowsOfABucket => _rows.Where(seen => seen.Key.Shards == 1).Select(seen => seen.Value).DefaultIfEmpty().Max();

    /// <summary>The slice's edges in as few stretches as its estimated rows allow.</summary>
    public IReadOnlyList<ImmutableArray<Instant>> Split(Slice slice) => Split(slice, slice.Key.Edges);

    /// <summary>The same of a part of its edges.</summary>
    public IReadOnlyList<ImmutableArray<Instant>> Split(Slice slice, ImmutableArray<Instant> edges)
    {
        var parts = Parts(slice.Key, edges.Length - 1);
        return [.. Enumerable.Range(0, parts).Select(part => Stretch(edges, part, parts))];
    }

    public int RequestsFor(Slice slice) => Parts(slice.Key, slice.Key.Buckets);

    public void RecordSeriesCount(Slice slice, AggregateFacts facts)
    {
        if (!Steps.Contains(slice.Key.Step))
        {
            // A length that hardly any other slice has: it tells nothing of others, and there are endless ones.
            return;
        }

        // The most that was ever seen, so that a quiet night does not plan a question that is too large for the day.
        var rows = facts.Columns.Select(column => column.Cells.Length).DefaultIfEmpty().Max() / (double)Math.Max(1, facts.BucketCount);
        _rows.AddOrUpdate(Kind(slice.Key), rows, (_, seen) => Math.Max(seen, rows));
    }

    /// <summary>
    /// The rows that a bucket of all queues has, as far as answers told: of this length, else the most of shorter ones, which a longer one
    /// has too. 0 where nothing is known.
    /// </summary>
    public double RowsOfABucket(Duration step) => RowsOfABucket(step, shards: 1);

    /// <summary>What was too large was an answer in halves. Where the halves are none either, the size has nothing to do with it.</summary>
    public void RecordSplit(Slice slice, int buckets)
    {
        var (half, now) = (Math.Max(1, buckets / 2), clock.GetUtcNow());
        _fits.AddOrUpdate(Kind(slice.Key), (half, now), (_, fits) => (Math.Min(CurrentTrial(fits, now), half), now));
    }

    private int Parts(SliceKey slice, int buckets)
    {
        var rows = RowsOfABucket(slice.Step, QueueSharding.ShardsOf(slice.Scope));
        var most = rows > 0 ? (int)Math.Clamp(options.Value.SliceRows / rows, 1, buckets) : buckets;
        most = _fits.TryGetValue(Kind(slice), out var fits) ? Math.Min(most, CurrentTrial(fits, clock.GetUtcNow())) : most;
        return (buckets + most - 1) / most;
    }

    private double RowsOfABucket(Duration step, int shards) =>
        _rows.TryGetValue((step, shards), out var rows) ? rows
        : _rows.Where(seen => seen.Key.Shards == shards && seen.Key.Step < step).Select(seen => seen.Value).DefaultIfEmpty().Max() is var shorter and > 0 ? shorter
        : shards > 1 ? RowsOfABucket(step, 1) / shards
        : 0;

    private static (Duration Step, int Shards) Kind(SliceKey slice) => (slice.Step, QueueSharding.ShardsOf(slice.Scope));

    // Two who learn at the same moment may have read the clock in the other order: never less than what has fitted.
    private static int CurrentTrial((int Buckets, DateTimeOffset Since) fits, DateTimeOffset now) =>
        (int)Math.Min(int.MaxValue, fits.Buckets * Math.Pow(2, Math.Max(0, Math.Floor((now - fits.Since) / TrialInterval))));

    private static ImmutableArray<Instant> Stretch(ImmutableArray<Instant> edges, int part, int parts)
    {
        var buckets = edges.Length - 1;
        return edges[(buckets * part / parts)..((buckets * (part + 1) / parts) + 1)];
    }
}
