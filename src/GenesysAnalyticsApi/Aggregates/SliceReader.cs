using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Reads the slices of a plan. Concurrency is limited to the number of concurrent Genesys requests: what the first slices learn, such as a
/// rejected metric or a suitable size, saves the others a call. A slice that is not available by the deadline counts as failed.
/// </summary>
internal sealed class SliceReader(SliceStore store, IOptions<GenesysOptions> options, TimeProvider clock)
{
    /// <exception cref="OperationCanceledException">The caller disconnected.</exception>
    public async Task<IReadOnlyDictionary<SliceKey, SliceResult>> ReadAsync(
        SlicePlan plan, Duration? maxAge, RequestOrigin asker, WorkSlot turn, RequestDeadline deadline)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        using var places = new SemaphoreSlim(options.Value.MaxConcurrentRequests);
        var outcomes = await Task.WhenAll(plan.Slices.Select(slice => ReadAsync(slice, maxAge, asker, turn, places, ended, deadline)));
        return outcomes.ToDictionary(outcome => outcome.Slice.Key);
    }

    private async Task<SliceResult> ReadAsync(
        Slice slice, Duration? maxAge, RequestOrigin asker, WorkSlot turn, SemaphoreSlim places, CancellationTokenSource ended, RequestDeadline deadline)
    {
        try
        {
            await places.WaitAsync(ended.Token);
            try
            {
                return await store.GetAsync(slice, maxAge, asker, turn, ended.Token);
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
