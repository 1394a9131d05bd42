using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Operations;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Reads the slices of a plan, all at once; the gateway keeps to what Genesys allows. What has not come at the deadline has failed.</summary>
internal sealed class SliceReading(SliceStore store, TimeProvider clock)
{
    /// <exception cref="OperationCanceledException">Only when nobody waits for the answer any more.</exception>
    public async Task<IReadOnlyDictionary<SliceKey, SliceOutcome>> ReadAsync(
        SlicePlan plan, Duration? maxAge, GenesysAsker asker, Turn turn, QuestionDeadline deadline)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        var outcomes = await Task.WhenAll(plan.Slices.Select(slice => ReadAsync(slice, maxAge, asker, turn, ended, deadline)));
        return outcomes.ToDictionary(outcome => outcome.Slice.Key);
    }

    public Task<bool> IsFreshAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) => store.IsFreshAsync(slice, maxAge, cancellationToken);

    private async Task<SliceOutcome> ReadAsync(
        Slice slice, Duration? maxAge, GenesysAsker asker, Turn turn, CancellationTokenSource ended, QuestionDeadline deadline)
    {
        try
        {
            return await store.GetAsync(slice, maxAge, asker, turn, ended.Token);
        }
        catch (ProblemException)
        {
            // The question is refused: nobody waits for its other slices.
            await ended.CancelAsync();
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsAwaited)
        {
            return new SliceOutcome(slice, null, Instant.FromDateTimeOffset(clock.GetUtcNow()), deadline.Failure, 0, new HashSet<string>());
        }
    }
}
