using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Reads the slices of a plan. Concurrency is limited to the number of concurrent Genesys requests, so that later slices profit from what the first ones
/// learn, such as a rejected metric or a suitable size. A slice that is not available by the deadline has failed.
/// </summary>
internal sealed class SliceReader(SliceStore store, QueueSharding sharding, KnownQueues known, IOptions<GenesysOptions> options, TimeProvider clock)
{
    /// <summary>Returns one result per slice, and the plan with the slices of queues that became known during the read.</summary>
    /// <param name="listing">The first queue listing if it is still being read; otherwise a completed task.</param>
    /// <exception cref="OperationCanceledException">The caller disconnected.</exception>
    public async Task<(SlicePlan Plan, IReadOnlyDictionary<SliceKey, SliceResult> Results)> ReadAsync(
        SlicePlan plan, ResolvedQueues selection, Task listing, SliceReadContext context, RequestDeadline deadline)
    {
        var results = (await ReadAsync(plan.Slices, context, deadline)).ToDictionary(result => result.Slice.Key);
        await listing;

        // The first listing may have arrived during the read, or one slice may have data of a queue that is not listed. Slices that were requested by ids
        // before do not cover such a queue, and all figures must come from the same slices.
        foreach (var result in results.Values.Where(result => result.Facts is not null))
        {
            known.RecordQueuesOf(result.Facts!);
        }

        if (!results.Values.Any(result => result.IsByQueues))
        {
            return (plan, results);
        }

        var covering = sharding.CoverAgain(plan, selection);
        foreach (var result in await ReadAsync([.. covering.Slices.Where(slice => IsLate(slice, results))], context, deadline))
        {
            results[result.Slice.Key] = result;
        }

        return (covering, results);
    }

    /// <summary>Whether the slice needs queues that became known after it was planned.</summary>
    public static bool IsLate(Slice slice, IReadOnlyDictionary<SliceKey, SliceResult> results) =>
        !results.TryGetValue(slice.Key, out var result) || (result.IsByQueues && !slice.Needed.Without(result.Asked).Without(result.Slice.Needed).Ids.IsEmpty);

    private async Task<SliceResult[]> ReadAsync(IReadOnlyCollection<Slice> slices, SliceReadContext context, RequestDeadline deadline)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        using var places = new SemaphoreSlim(options.Value.MaxConcurrentRequests);
        return await Task.WhenAll(slices.Select(ReadAsync));

        async Task<SliceResult> ReadAsync(Slice slice)
        {
            try
            {
                await places.WaitAsync(ended.Token);
                try
                {
                    return await store.GetAsync(slice, context, ended.Token);
                }
                finally
                {
                    places.Release();
                }
            }
            catch (ProblemException)
            {
                // The query is rejected, so its other slices are no longer needed.
                await ended.CancelAsync();
                throw;
            }
            catch (OperationCanceledException) when (deadline.IsAwaited)
            {
                return new SliceResult(slice, null, Instant.FromDateTimeOffset(clock.GetUtcNow()), deadline.Failure, 0, new HashSet<string>());
            }
        }
    }
}
