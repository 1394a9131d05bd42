using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Reads the slices of a plan, at most <c>Genesys:MaxConcurrentRequests</c> at a time. Later fetches can then use what the first fetches revealed, such as a
/// rejected metric or a suitable size. A slice that is not available by the deadline counts as failed.
/// </summary>
internal sealed class SliceReader(SliceStore store, QueueSharding sharding, KnownQueues known, IOptions<GenesysOptions> options, TimeProvider clock)
{
    /// <summary>Returns one result per slice, and the plan extended to the queues that became known during the read.</summary>
    /// <param name="listing">The first queue listing if it is still being read; otherwise a completed task.</param>
    /// <exception cref="OperationCanceledException">The caller disconnected.</exception>
    /// <exception cref="ProblemException">503: too many queries wait for Genesys.</exception>
    public async Task<(SlicePlan Plan, IReadOnlyDictionary<SliceKey, SliceResult> Results)> ReadAsync(
        SlicePlan plan, ResolvedQueues selection, Task listing, SliceReadContext context, RequestDeadline deadline)
    {
        var results = (await ReadAsync(plan.Slices, context, deadline)).ToDictionary(result => result.Slice.Key);
        await listing;

        // Queues can become known during the read: the first listing might have arrived, or a slice might contain data of a queue that is not listed. All
        // figures of a query must cover the same queues. Slices that were requested by ids do not cover the new queues, so these slices are read again.
        foreach (var result in results.Values.Where(result => result.Facts is not null))
        {
            known.RecordQueuesOf(result.Facts!);
        }

        if (!results.Values.Any(result => result.HasListedQueuesOnly))
        {
            return (plan, results);
        }

        var covering = sharding.WithNewlyKnownQueues(plan, selection);
        foreach (var result in await ReadAsync([.. covering.Slices.Where(slice => IsLate(slice, results))], context, deadline))
        {
            results[result.Slice.Key] = result;
        }

        return (covering, results);
    }

    /// <summary>Whether the slice has not been read yet, or must be read again because it needs queues that became known after it was planned.</summary>
    public static bool IsLate(Slice slice, IReadOnlyDictionary<SliceKey, SliceResult> results) =>
        !results.TryGetValue(slice.Key, out var result) || (result.HasListedQueuesOnly && !slice.NeededQueues.Without(result.RequestedQueues).Without(result.Slice.NeededQueues).Ids.IsEmpty);

    private async Task<SliceResult[]> ReadAsync(IReadOnlyCollection<Slice> slices, SliceReadContext context, RequestDeadline deadline)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        using var concurrency = new SemaphoreSlim(options.Value.MaxConcurrentRequests);
        return await Task.WhenAll(slices.Select(ReadAsync));

        async Task<SliceResult> ReadAsync(Slice slice)
        {
            try
            {
                await concurrency.WaitAsync(cancellation.Token);
                try
                {
                    return await store.GetAsync(slice, context, cancellation.Token);
                }
                finally
                {
                    concurrency.Release();
                }
            }
            catch (ProblemException)
            {
                // The query is rejected, so its other slices are no longer needed.
                await cancellation.CancelAsync();
                throw;
            }
            catch (OperationCanceledException) when (deadline.IsCallerConnected)
            {
                return new SliceResult(slice, null, Instant.FromDateTimeOffset(clock.GetUtcNow()), deadline.Failure, 0, new HashSet<string>());
            }
        }
    }
}

/// <summary>A query whose slices are planned and within the limits, but not read yet.</summary>
/// <param name="PendingQueueNames">Reads the queues that the caller can see; the result is null if they cannot be read.</param>
internal sealed record PlannedQuery(
    AggregatesQuery Query, ResolvedQueues Selection, SlicePlan Plan, Task<QueueDirectorySnapshot?> PendingQueueNames, SliceReadContext Context)
{
    /// <summary>The work slot. Only a query for which a caller waits has a slot.</summary>
    public WorkSlot Slot => Context.Slot ?? throw new InvalidOperationException("A job holds no slot.");

    /// <summary>Reads the names of agents and wrap-up codes.</summary>
    public required Task<DimensionNames> PendingDimensionNames { get; init; }

    /// <summary>The estimated rows of one bucket.</summary>
    public required double RowsPerBucket { get; init; }

    /// <summary>Whether the response is expected to be so large that it is read in segments.</summary>
    public required bool IsSegmented { get; init; }
}
