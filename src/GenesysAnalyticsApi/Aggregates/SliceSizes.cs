using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// How many buckets one question may have: <c>Genesys:SliceRows</c> over the series (queue × media type) seen so far, and no more than
/// were an answer where twice as many were too large.
/// </summary>
internal sealed class SliceSizes(QueueDirectory directory, IOptions<GenesysOptions> options, TimeProvider clock)
{
    /// <summary>Before any answer was seen: a queue has about this many media types with traffic.</summary>
    private const int MediaTypesPerQueue = 2;

    private const int SeriesBeforeAnythingIsKnown = 100;

    /// <summary>
    /// After so long twice as much is tried again, and so on: a fault of Genesys, or a busy day, is not to cost many calls for ever. Where it is
    /// too large still, that costs one call more.
    /// </summary>
    internal static readonly TimeSpan BetweenTrials = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<Duration, (int Buckets, DateTimeOffset Since)> _fits = new();
    private int _series;

    /// <summary>The most series that an answer ever had.</summary>
    public int Series => Volatile.Read(ref _series);

    /// <summary>The slice's edges in as few stretches as its estimated rows allow.</summary>
    public IReadOnlyList<ImmutableArray<Instant>> Split(Slice slice)
    {
        var edges = slice.Key.Edges;
        var most = BucketsPerQuestion(slice.Key.Step);
        var parts = (slice.Key.Buckets + most - 1) / most;
        return [.. Enumerable.Range(0, parts).Select(part => Stretch(edges, part, parts))];
    }

    public int QuestionsFor(Slice slice) => (slice.Key.Buckets + BucketsPerQuestion(slice.Key.Step) - 1) / BucketsPerQuestion(slice.Key.Step);

    public void Saw(int series)
    {
        // The most that was ever seen, so that a quiet night does not plan a question that is too large for the day.
        int seen;
        while (series > (seen = Volatile.Read(ref _series)) && Interlocked.CompareExchange(ref _series, series, seen) != seen)
        {
        }
    }

    /// <summary>What was too large was an answer in halves. Where the halves are none either, the size has nothing to do with it.</summary>
    public void FitsInHalves(Slice slice, int buckets)
    {
        var (half, now) = (Math.Max(1, buckets / 2), clock.GetUtcNow());
        _fits.AddOrUpdate(slice.Key.Step, (half, now), (_, fits) => (Math.Min(TriedNow(fits, now), half), now));
    }

    private int BucketsPerQuestion(Duration step)
    {
        var seen = Series;
        var listed = directory.Current?.Queues.Count * MediaTypesPerQueue ?? SeriesBeforeAnythingIsKnown;
        var estimate = Math.Max(1, options.Value.SliceRows / Math.Max(1, seen > 0 ? seen : listed));
        return _fits.TryGetValue(step, out var fits) ? Math.Min(estimate, TriedNow(fits, clock.GetUtcNow())) : estimate;
    }

    // Two who learn at the same moment may have read the clock in the other order: never less than what has fitted.
    private static int TriedNow((int Buckets, DateTimeOffset Since) fits, DateTimeOffset now) =>
        (int)Math.Min(int.MaxValue, fits.Buckets * Math.Pow(2, Math.Max(0, Math.Floor((now - fits.Since) / BetweenTrials))));

    private static ImmutableArray<Instant> Stretch(ImmutableArray<Instant> edges, int part, int parts)
    {
        var buckets = edges.Length - 1;
        return edges[(buckets * part / parts)..((buckets * (part + 1) / parts) + 1)];
    }
}
