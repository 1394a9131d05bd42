using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Operations;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Reads the slices of a plan, all at once; the gateway keeps to what Genesys allows. One deadline for all of them.</summary>
internal sealed class SliceReading(SliceStore store, IOptions<AggregatesOptions> options, TimeProvider clock)
{
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<IReadOnlyDictionary<SliceKey, SliceOutcome>> ReadAsync(
        SlicePlan plan, Duration? maxAge, GenesysAsker asker, Turn turn, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var outcomes = await Task.WhenAll(plan.Slices.Select(slice => ReadAsync(slice, maxAge, asker, turn, both, cancellationToken)));
        return outcomes.ToDictionary(outcome => outcome.Slice.Key);
    }

    public Task<bool> IsFreshAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) => store.IsFreshAsync(slice, maxAge, cancellationToken);

    private async Task<SliceOutcome> ReadAsync(
        Slice slice, Duration? maxAge, GenesysAsker asker, Turn turn, CancellationTokenSource ended, CancellationToken cancellationToken)
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
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = new GenesysFailure(
                GenesysFailureKind.Timeout, $"Genesys did not answer within {options.Value.Timeout.TotalSeconds:0.###} s (Aggregates:Timeout).");
            return new SliceOutcome(slice, null, Instant.FromDateTimeOffset(clock.GetUtcNow()), failure, 0, new HashSet<string>());
        }
    }
}
