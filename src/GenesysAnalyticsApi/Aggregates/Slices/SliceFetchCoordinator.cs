using System.Collections.Concurrent;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// One flight per slice in this process, and, by a lock in Redis, one among all replicas: the others wait for the slice or the failure that it
/// ends with. Beside a flight that began too early for a question there may be a second one; the questions for which both began too early
/// share the next, which begins when one of them has ended. However many ask, a slice is thus fetched by two flights at most at the same time.
/// </summary>
internal sealed partial class SliceFetchCoordinator(
    SliceFetcher fetcher, SliceCache cache, SliceFailureCache failed, ISliceReplication locks, SettledDataMonitor drift, KnownQueues known, IOptions<GenesysOptions> options,
    TimeProvider clock, ILogger<SliceFetchCoordinator> logger) : IHostedService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How many questions in the last fifth of a slice's freshness make it worth being fetched ahead.</summary>
    private const int PopularityThreshold = 2;

    private const int MaxNearExpiryKeys = 10_000;

    /// <summary>Ids that a slice may have been asked for beside the known queues: callers can name any number of queues that never were.</summary>
    private const int MostNamed = 10_000;

    private readonly InFlightFetches _underWay = new();
    private readonly ConcurrentDictionary<SliceKey, int> _nearExpiryHits = new();
    private volatile bool _isStopping;
    private int _waiting;

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    private Duration Settle => Duration.FromHours(options.Value.SettleHours);

    public int Count => _underWay.All.Count;

    /// <summary>How many questions wait for a flight to land.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether a flight is under way in this process that will do.</summary>
    public bool CanJoin(SliceDemand demand) => _underWay.CanJoin(demand);

    /// <summary>The outcome of a flight that will do, which starts now if none is under way. Only the question that started it is told its calls.</summary>
    /// <param name="kept">What the asker found kept, too old for its question.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<FetchResult> JoinAsync(SliceDemand demand, CachedSlice? kept, RequestOrigin asker, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await WaitAsync(demand, kept, asker, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>A question came in the last fifth of the slice's freshness; the second one makes it worth being fetched ahead.</summary>
    public void RecordNearExpiryHit(Slice slice)
    {
        var questions = _nearExpiryHits.AddOrUpdate(slice.Key, 1, (_, before) => before + 1);
        if (questions == PopularityThreshold && !_isStopping)
        {
            _ = RefreshAsync(slice);
        }
        else if (questions == 1 && _nearExpiryHits.Count > MaxNearExpiryKeys)
        {
            // Slices that were asked for late once and never again; a popular one is counted again soon.
            _nearExpiryHits.Clear();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// All callers have been answered by now, so that what still flies is for none of them. It is given up and waited for: a lock that stayed behind
    /// in Redis would keep other replicas from the slice until it ends by itself.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        var flights = _underWay.All;
        foreach (var flight in flights)
        {
            flight.Cancel();
        }

        await Task.WhenAll(flights.Select(Task (flight) => flight.Completion)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<FetchResult> WaitAsync(SliceDemand demand, CachedSlice? kept, RequestOrigin asker, CancellationToken cancellationToken)
    {
        using var waiting = SliceTracing.Waiting(demand.Slice);
        while (true)
        {
            var (flight, isOwn, busy) = _underWay.Board(demand, () => new SharedFetch(Now, flight => FetchOnceAsync(demand, kept, asker, flight)));
            if (flight is null)
            {
                await Task.WhenAny(busy).WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                var landed = await flight.Completion.WaitAsync(cancellationToken);
                waiting.Joined(flight.Trace);
                waiting.Ended(landed.Failure is { } failure ? failure.Kind.ToWireName() : "landed");
                if (!isOwn && landed.Slice is { } joined && !demand.IsMetBy(joined))
                {
                    // Another question was content with what another replica had, or it was on its way for other queues.
                    continue;
                }

                return isOwn ? landed : landed with { Calls = 0 };
            }
            finally
            {
                flight.Leave();
            }
        }
    }

    /// <summary>No question waits for it: what becomes of it is seen by the next one.</summary>
    private async Task RefreshAsync(Slice slice)
    {
        try
        {
            var demand = new SliceDemand(slice, Now, null, Settle);
            await JoinAsync(demand, await cache.FindAsync(slice.Key, CancellationToken.None), RequestOrigin.Service, CancellationToken.None);
        }
        catch (OperationCanceledException) when (_isStopping)
        {
            // Given up above.
        }
        catch (Exception e)
        {
            // A defect here would else end unobserved; the slice is simply fetched by the next question that needs it.
            Log.RefreshFailed(logger, slice.Key.Group, slice.Key.From, slice.Key.To, e);
        }
    }

    private async Task<FetchResult> FetchOnceAsync(SliceDemand demand, CachedSlice? kept, RequestOrigin asker, SharedFetch flight)
    {
        using var trace = flight.Trace = SliceTracing.Flight(demand.Slice);
        try
        {
            var landed = await FindNewerAsync(demand, kept) ?? await FetchLocallyAsync(demand, kept, asker, flight.Abandoned);
            trace.Ended(landed.Failure is { } failure ? failure.Kind.ToWireName() : landed.Calls > 0 ? "fetched" : "found");
            return landed;
        }
        finally
        {
            flight.End();
            _nearExpiryHits.TryRemove(demand.Slice.Key, out _);
            _underWay.Remove(demand.Slice.Key, flight);
        }
    }

    /// <summary>A flight may have landed between the asker's look and this one's start.</summary>
    private async Task<FetchResult?> FindNewerAsync(SliceDemand demand, CachedSlice? kept)
    {
        var found = await cache.FindAsync(demand.Slice.Key, CancellationToken.None);
        return demand.IsNews(found, kept) ? new FetchResult(found, null, 0)
            : failed.Find(demand.Slice.Key, found?.FetchedAt, Now) is { } failure ? new FetchResult(null, failure, 0)
            : null;
    }

    private async Task<FetchResult> FetchLocallyAsync(SliceDemand demand, CachedSlice? kept, RequestOrigin asker, CancellationToken abandoned)
    {
        var started = clock.GetTimestamp();
        var held = await TryTakeAsync(demand, abandoned);
        while (held is null && clock.GetElapsedTime(started) < options.Value.TotalTimeout)
        {
            await Task.Delay(PollInterval, clock, abandoned);
            if (await WaitForReplicaAsync(demand, kept, abandoned) is { } landed)
            {
                return landed;
            }

            held = await TryTakeAsync(demand, abandoned);
        }

        await using var releasing = held;
        return await WaitForReplicaAsync(demand, kept, abandoned) ?? await FetchAsync(demand, kept, asker, abandoned);
    }

    private async Task<IAsyncDisposable?> TryTakeAsync(SliceDemand demand, CancellationToken abandoned) =>
        await locks.TryTakeAsync(demand.Slice.Key.Text, abandoned)
        ?? await locks.TryTakeBesideAsync(demand.Slice.Key.Text, begunAt => demand.Takes(begunAt), abandoned);

    private async Task<FetchResult?> WaitForReplicaAsync(SliceDemand demand, CachedSlice? kept, CancellationToken abandoned)
    {
        // The slice first: a failure may be older, and stay behind for longer.
        var shared = await cache.FindSharedAsync(demand.Slice.Key, demand.Slice.Needed, abandoned);
        return demand.IsNews(shared, kept) ? new FetchResult(shared, null, 0)
            : await locks.FailureOfAsync(demand.Slice.Key.Text, abandoned) is { } failure ? new FetchResult(null, failure, 0)
            : null;
    }

    private async Task<FetchResult> FetchAsync(SliceDemand demand, CachedSlice? kept, RequestOrigin asker, CancellationToken abandoned)
    {
        var slice = demand.Slice;
        var there = await cache.FindAsync(slice.Key, abandoned);
        var lacking = there is not null && demand.IsYoungEnough(there) ? demand.Lacking(there) : QueueSet.None;
        var only = lacking.Ids.Length is > 0 and <= QueueSharding.MostIds ? lacking : null;
        var outcome = await fetcher.FetchAsync(slice, only, asker, abandoned);
        if (outcome.Failure is { } failure)
        {
            // Not where a flight that began later has brought it meanwhile.
            if (!(cache.FindInMemory(slice.Key)?.FetchedAt >= outcome.FetchedAt))
            {
                failed.Remember(slice.Key, failure, Now);
                await locks.MarkFailedAsync(slice.Key.Text, failure, SliceFailureCache.LifetimeOf(failure).ToTimeSpan());
            }

            return new FetchResult(null, failure, outcome.Calls);
        }

        failed.Forget(slice.Key);
        await locks.ForgetFailureAsync(slice.Key.Text);
        var fetched = new CachedSlice(outcome.Facts!, outcome.FetchedAt, [.. outcome.Refused]) { Asked = outcome.Asked };
        if (only is null)
        {
            drift.ReportChange(slice, kept, fetched);
        }
        else
        {
            fetched = there!.With(fetched);
        }

        known.RecordQueuesOf(fetched.Facts);
        if (fetched.Asked.Ids.Length <= known.Ids.Ids.Length + MostNamed)
        {
            var isExact = slice.Grain is null;
            await cache.StoreAsync(slice.Key, fetched, (isExact ? SliceFreshness.ExactSliceRetention : SliceFreshness.StaleRetention).ToTimeSpan(), memoryOnly: isExact);
        }

        return new FetchResult(fetched, null, outcome.Calls);
    }

    private static partial class Log
    {
        [LoggerMessage(4005, LogLevel.Error, "A slice of {Group} metrics, {From} to {To}, could not be refreshed ahead")]
        public static partial void RefreshFailed(ILogger logger, string group, Instant from, Instant to, Exception exception);
    }
}
