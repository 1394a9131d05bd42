using System.Collections.Concurrent;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Normally runs one fetch per slice in this process (single flight) and, with a lock in Redis, among all replicas; the other replicas wait for the slice
/// or the failure. A query that needs newer data than the running fetch can deliver starts a second fetch. If both fetches started too early for a query,
/// the query waits for a third fetch, which starts when one of the two has ended. At most two fetches of a slice run in one process at the same time.
/// </summary>
internal sealed partial class SliceFetchCoordinator(
    SliceFetcher fetcher, SliceCache cache, SliceFailureCache failures, ISliceReplication replication, SettledDataMonitor monitor, KnownQueues known, IOptions<GenesysOptions> options,
    TimeProvider clock, ILogger<SliceFetchCoordinator> logger) : IHostedService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The number of queries in the last fifth of a slice's freshness that trigger a background fetch.</summary>
    private const int PopularityThreshold = 2;

    private const int MaxNearExpiryKeys = 10_000;

    /// <summary>The maximum number of unknown queue ids in a cached slice. Callers can name any number of ids that do not exist.</summary>
    private const int MaxUnknownIds = 10_000;

    private readonly InFlightFetches _inFlight = new();
    private readonly ConcurrentDictionary<SliceKey, int> _nearExpiryHits = new();
    private volatile bool _isStopping;
    private int _waiting;

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    private Duration Settle => Duration.FromHours(options.Value.SettleHours);

    public int Count => _inFlight.All.Count;

    /// <summary>The number of queries that are waiting for a fetch.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether a fetch in this process is new enough for the query.</summary>
    public bool CanJoin(SliceDemand demand) => _inFlight.CanJoin(demand);

    /// <summary>Joins or starts a fetch that is new enough. Only the query that started the fetch gets the number of Genesys requests.</summary>
    /// <param name="cached">The slice in the cache, which does not satisfy the query; null if there is none.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled, or the service is stopping.</exception>
    public async Task<FetchResult> JoinAsync(SliceDemand demand, CachedSlice? cached, RequestOrigin origin, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await WaitAsync(demand, cached, origin, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Records a query in the last fifth of the slice's freshness. The second such query triggers a background fetch.</summary>
    public void RecordNearExpiryHit(Slice slice)
    {
        var hits = _nearExpiryHits.AddOrUpdate(slice.Key, 1, (_, count) => count + 1);
        if (hits == PopularityThreshold && !_isStopping)
        {
            _ = RefreshAsync(slice);
        }
        else if (hits == 1 && _nearExpiryHits.Count > MaxNearExpiryKeys)
        {
            // Most of the counted slices were needed only once. A popular slice is counted again soon.
            _nearExpiryHits.Clear();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Cancels all fetches and waits for them to end. No caller needs the fetches any longer, and a lock left in Redis would delay other replicas.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        var fetches = _inFlight.All;
        foreach (var fetch in fetches)
        {
            fetch.Cancel();
        }

        await Task.WhenAll(fetches.Select(Task (fetch) => fetch.Completion)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<FetchResult> WaitAsync(SliceDemand demand, CachedSlice? cached, RequestOrigin origin, CancellationToken cancellationToken)
    {
        using var waiting = SliceTracing.StartWait(demand.Slice);
        while (true)
        {
            var (fetch, isOwn, running) = _inFlight.JoinOrStart(demand, () => new SharedFetch(Now, own => FetchOnceAsync(demand, cached, origin, own)));
            if (fetch is null)
            {
                await Task.WhenAny(running).WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                fetch.PromoteFor(origin);
                var result = await fetch.Completion.WaitAsync(cancellationToken);
                waiting.LinkTo(fetch.Trace);
                waiting.SetOutcome(result.Failure is { } failure ? failure.Kind.ToWireName() : "landed");
                if (!isOwn && result.Slice is { } joined && !demand.IsSatisfiedBy(joined))
                {
                    // The fetch returned an older slice of another replica that satisfies only the query that started the fetch, or it covered other queues.
                    continue;
                }

                return isOwn ? result : result with { Calls = 0 };
            }
            finally
            {
                fetch.Leave();
            }
        }
    }

    /// <summary>Fetches a slice in the background, for later queries.</summary>
    private async Task RefreshAsync(Slice slice)
    {
        try
        {
            var demand = new SliceDemand(slice, Now, null, Settle);
            await JoinAsync(demand, await cache.FindAsync(slice.Key, CancellationToken.None), RequestOrigin.Service, CancellationToken.None);
        }
        catch (OperationCanceledException) when (_isStopping)
        {
            // StopAsync canceled the fetch.
        }
        catch (Exception e)
        {
            // Nothing else observes this exception. The next query that needs the slice starts another fetch.
            Log.RefreshFailed(logger, slice.Key.Group, slice.Key.From, slice.Key.To, e);
        }
    }

    private async Task<FetchResult> FetchOnceAsync(SliceDemand demand, CachedSlice? cached, RequestOrigin origin, SharedFetch fetch)
    {
        using var trace = fetch.Trace = SliceTracing.StartFetch(demand.Slice);
        try
        {
            var result = await FindNewerAsync(demand, cached) ?? await FetchWithLockAsync(demand, cached, origin with { Awaited = fetch.Awaited }, fetch.Abandoned);
            trace.SetOutcome(result.Failure is { } failure ? failure.Kind.ToWireName() : result.Calls > 0 ? "fetched" : "found");
            return result;
        }
        finally
        {
            fetch.End();
            _nearExpiryHits.TryRemove(demand.Slice.Key, out _);
            _inFlight.Remove(demand.Slice.Key, fetch);
        }
    }

    /// <summary>Looks in the cache again, because another fetch might have completed between the query's lookup and the start of this fetch.</summary>
    private async Task<FetchResult?> FindNewerAsync(SliceDemand demand, CachedSlice? cached)
    {
        var found = await cache.FindAsync(demand.Slice.Key, CancellationToken.None);
        return demand.IsImprovement(found, cached) ? new FetchResult(found, null, 0)
            : failures.Find(demand.Slice.Key, found?.FetchedAt, Now) is { } failure ? new FetchResult(null, failure, 0)
            : null;
    }

    private async Task<FetchResult> FetchWithLockAsync(SliceDemand demand, CachedSlice? cached, RequestOrigin origin, CancellationToken abandoned)
    {
        var startTimestamp = clock.GetTimestamp();
        IAsyncDisposable? heldLock;
        while ((heldLock = await TryTakeAsync(demand, origin, abandoned)) is null && clock.GetElapsedTime(startTimestamp) < options.Value.TotalTimeout)
        {
            await Task.Delay(PollInterval, clock, abandoned);
            if (await FindResultOfReplicaAsync(demand, cached, abandoned) is { } result)
            {
                return result;
            }
        }

        // If no lock became free within the timeout, the slice is fetched without a lock.
        await using var ownLock = heldLock;
        return await FindResultOfReplicaAsync(demand, cached, abandoned) ?? await FetchAsync(demand, cached, origin, abandoned);
    }

    private async Task<IAsyncDisposable?> TryTakeAsync(SliceDemand demand, RequestOrigin origin, CancellationToken abandoned) =>
        await replication.TryTakeAsync(demand.Slice.Key.Text, origin.HasPriority, abandoned)
        ?? await replication.TryTakeSecondAsync(demand.Slice.Key.Text, origin.HasPriority, demand.Accepts, abandoned);

    private async Task<FetchResult?> FindResultOfReplicaAsync(SliceDemand demand, CachedSlice? cached, CancellationToken abandoned)
    {
        // The slice is looked up first, because a shared failure can be older than the slice.
        var shared = await cache.FindSharedAsync(demand.Slice.Key, demand.Slice.NeededQueues, abandoned);
        return demand.IsImprovement(shared, cached) ? new FetchResult(shared, null, 0)
            : await replication.FailureOfAsync(demand.Slice.Key.Text, abandoned) is { } failure ? new FetchResult(null, failure, 0)
            : null;
    }

    private async Task<FetchResult> FetchAsync(SliceDemand demand, CachedSlice? cached, RequestOrigin origin, CancellationToken abandoned)
    {
        var slice = demand.Slice;
        var current = await cache.FindAsync(slice.Key, abandoned);
        var missing = current is not null && demand.IsNewEnough(current) ? demand.Missing(current) : QueueSet.None;
        var queuesToAdd = missing.Ids.Length is > 0 and <= QueueSharding.MaxIds ? missing : null;
        var outcome = await fetcher.FetchAsync(slice, queuesToAdd, origin, abandoned);
        if (outcome.Failure is { } failure)
        {
            // The failure is neither remembered nor shared if a fetch that started later has already succeeded.
            if (!(cache.FindInMemory(slice.Key)?.FetchedAt >= outcome.FetchedAt))
            {
                failures.Remember(slice.Key, failure, Now);
                await replication.MarkFailedAsync(slice.Key.Text, failure, SliceFailureCache.LifetimeOf(failure).ToTimeSpan());
            }

            return new FetchResult(null, failure, outcome.Calls);
        }

        failures.Forget(slice.Key);
        await replication.ForgetFailureAsync(slice.Key.Text);
        var fetched = new CachedSlice(outcome.Facts!, outcome.FetchedAt, [.. outcome.RejectedMetrics]) { RequestedQueues = outcome.RequestedQueues };
        if (queuesToAdd is not null)
        {
            fetched = current!.With(fetched);
        }
        else if (cached is not null)
        {
            monitor.ReportChange(slice, cached, fetched);
        }

        known.RecordQueuesOf(fetched.Facts);
        if (fetched.RequestedQueues.Ids.Length <= known.Queues.Ids.Length + MaxUnknownIds)
        {
            var (life, isExact) = slice.Grain is null ? (SliceFreshness.ExactSliceRetention, true) : (SliceFreshness.StaleRetention, false);
            await cache.StoreAsync(slice.Key, fetched, life.ToTimeSpan(), memoryOnly: isExact, isOfJob: origin.IsForJob);
        }

        return new FetchResult(fetched, null, outcome.Calls);
    }

    private static partial class Log
    {
        [LoggerMessage(4005, LogLevel.Error, "Background refresh of the {Group} slice from {From} to {To} failed")]
        public static partial void RefreshFailed(ILogger logger, string group, Instant from, Instant to, Exception exception);
    }
}
