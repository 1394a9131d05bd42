using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Returns slices to all callers. If a cached slice is fresh and covers the queues of the query, the store returns it. Otherwise, the query waits for a
/// fetch: it joins a running fetch that started late enough, and shares its result or failure, or it starts a fetch. For a short time after a failed fetch,
/// the store returns the remembered failure instead of waiting for another fetch. With a failure, the store returns the cached slice, labeled as stale, if
/// there is one.
/// </summary>
internal sealed partial class SliceStore(
    SliceCache cache, SplitRollup rollup, SliceFetchCoordinator fetches, SliceFailureCache failures, KnownQueues known, UnsupportedMetrics unsupported, IOptions<GenesysOptions> options, TimeProvider clock)
{
    private Duration Settle => Duration.FromHours(options.Value.SettleHours);

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled, or the service is stopping.</exception>
    /// <exception cref="ProblemException">503: too many queries are already waiting for Genesys.</exception>
    public async Task<SliceResult> GetAsync(Slice slice, SliceReadContext context, CancellationToken cancellationToken)
    {
        var demand = new SliceDemand(slice, context.StartedAt, context.MaxAge, Settle);
        var cached = await FindCachedAsync(demand, cancellationToken);
        if (cached is not null && demand.RequestedAt - cached.FetchedAt > SliceFreshness.StaleRetention)
        {
            cached = null;
        }

        // A cached slice that lacks queues of the query is not returned here. The fetch below completes it.
        if (cached is not null && demand.RequestedAt < DueAt(demand, cached) && demand.Missing(cached).Ids.IsEmpty)
        {
            RefreshAhead(slice, cached.FetchedAt, demand.RequestedAt);
            return ToResult(demand, cached, null, 0) with { IsCached = true };
        }

        if (failures.Find(slice.Key, cached?.FetchedAt, Now) is { } remembered)
        {
            return ToResult(demand, cached, remembered, 0);
        }

        await LeaveSlotAsync(context.Slot, isFetching: !fetches.CanJoin(demand), cancellationToken);
        var (fetched, failure, calls) = await fetches.JoinAsync(demand, cached, context.Origin, cancellationToken);
        return ToResult(demand, fetched ?? cached, failure, calls);
    }

    /// <summary>
    /// Returns the cached slice, the time at which it is due, and the queues that it lacks; null if no slice is cached. Sends no Genesys request.
    /// </summary>
    public Task<(CachedSlice Cached, Instant DueAt, QueueSet Missing)?> FindAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) =>
        FindAsync(new SliceDemand(slice, Now, maxAge, Settle), cancellationToken);

    private async Task<(CachedSlice Cached, Instant DueAt, QueueSet Missing)?> FindAsync(SliceDemand demand, CancellationToken cancellationToken) =>
        await FindCachedAsync(demand, cancellationToken) is { } cached
            ? (cached, DueAt(demand, cached), demand.Missing(cached))
            : null;

    /// <summary>
    /// Stores a slice of a job on disk in addition to memory, because the result of the job needs the slice later. Does nothing if the fetch failed or if
    /// replicas share Redis.
    /// </summary>
    public void KeepForJob(SliceResult result)
    {
        if (!result.IsFailed)
        {
            cache.Spill(result.Slice.Key, new CachedSlice(result.Facts!, result.FetchedAt, [.. result.RejectedMetrics]) { RequestedQueues = result.RequestedQueues });
        }
    }

    /// <summary>
    /// Counts a query in the last fifth of the slice's freshness, so that a popular slice is fetched in the background before it is due. The fetch has a
    /// lower priority than waiting queries.
    /// </summary>
    public void RefreshAhead(Slice slice, Instant fetchedAt, Instant now)
    {
        var due = SliceFreshness.RefreshDueAt(slice, fetchedAt, Settle);
        if (due - now < (due - fetchedAt) / 5)
        {
            fetches.RecordNearExpiryHit(slice);
        }
    }

    /// <summary>Whether the fetch time of a slice is in the future, because the clock was set back. The age of the slice is then unknown.</summary>
    public bool IsInFuture(Instant fetchedAt) => fetchedAt > Now;

    /// <param name="startedAt">When the query started to read; null for the current time.</param>
    public async Task<bool> IsFreshAsync(Slice slice, Instant? startedAt, Duration? maxAge, CancellationToken cancellationToken)
    {
        var demand = new SliceDemand(slice, startedAt ?? Now, maxAge, Settle);
        return await FindAsync(demand, cancellationToken) is { } found && demand.RequestedAt < found.DueAt && found.Missing.Ids.IsEmpty;
    }

    private static Task LeaveSlotAsync(WorkSlot? slot, bool isFetching, CancellationToken cancellationToken)
    {
        if (slot is null)
        {
            return Task.CompletedTask;
        }

        if (isFetching)
        {
            return slot.ReleaseToFetchAsync(cancellationToken);
        }

        slot.Release();
        return Task.CompletedTask;
    }

    private async ValueTask<CachedSlice?> FindCachedAsync(SliceDemand demand, CancellationToken cancellationToken)
    {
        var cached = await cache.FindAsync(demand.Slice.Key, cancellationToken);
        // The store searches for a split slice only if there has ever been one.
        if (cache.Splits != 0 && (cached is null || demand.RequestedAt >= DueAt(demand, cached) || !demand.Missing(cached).Ids.IsEmpty) && rollup.Find(demand.Slice, cached) is { } computed)
        {
            // The slice is stored so that it is computed only once.
            await cache.StoreAsync(demand.Slice.Key, computed, SliceFreshness.ExactSliceRetention.ToTimeSpan(), memoryOnly: true);
            cached = computed;
        }

        if (cached is not null)
        {
            known.RecordQueuesOf(cached.Facts);
        }

        return cached;
    }

    private Instant DueAt(SliceDemand demand, CachedSlice cached) => unsupported.IsOutdated(demand.Slice, cached) ? cached.FetchedAt : demand.DueAt(cached);

    /// <summary>
    /// A slice requested by queue ids can lack a queue of the next listing, so a response computed from the slice is cached no longer than a listing.
    /// </summary>
    private Instant ResponseDueAt(SliceDemand demand, CachedSlice cached) => cached.RequestedQueues.IsEverything
        ? DueAt(demand, cached)
        : Instant.Min(DueAt(demand, cached), Now + Duration.FromTimeSpan(QueueDirectory.RefreshAfter));

    // After a failure, a cached slice that covers none of the query's queues contributes nothing and counts as missing.
    private SliceResult ToResult(SliceDemand demand, CachedSlice? cached, GenesysFailure? failure, int calls) =>
        cached is null || (failure is not null && demand.Slice.NeededQueues.Ids is { IsEmpty: false } needed && demand.Missing(cached).Ids.Length == needed.Length)
        ? new SliceResult(demand.Slice, null, Now, failure, calls, new HashSet<string>())
        : new SliceResult(demand.Slice, cached.Facts, cached.FetchedAt, failure, calls, cached.RejectedMetrics.ToHashSet(StringComparer.Ordinal))
        {
            DueAt = ResponseDueAt(demand, cached),
            RequestedQueues = cached.RequestedQueues,
        };
}

/// <summary>The context that all slice reads of one query share.</summary>
/// <param name="StartedAt">When the query started to read; for a job, when the job was created. Data fetched since then is new enough for the query.</param>
/// <param name="MaxAge">A slice older than this limit is fetched again. The limit can only shorten the freshness.</param>
/// <param name="Origin">The caller, the priority and the call budget of the Genesys requests.</param>
/// <param name="Slot">The slot to release before the query waits for Genesys. Null for a job, which holds no slot.</param>
internal sealed record SliceReadContext(Instant StartedAt, Duration? MaxAge, RequestOrigin Origin, WorkSlot? Slot);
