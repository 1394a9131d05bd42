using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Operations;

/// <summary>
/// Questions whose answer is not ready, of all callers. To plan, fold and write one takes a processor and memory for all its rows, so
/// there are as many turns as processors; to wait for Genesys Cloud takes little of either, but for long. Hence two limits, of which
/// neither stands in the other's way:
/// <code>
///   queue      at most Limits:MaxQueued, for half a second each; then 503
///   a turn     one a processor: plan, look what is kept; all there: fold, write, and the turn is over
///   aside      something has to be fetched: the turn goes to the next. At most Limits:MaxFetching have Genesys asked, else 503 before it
///              is; who waits for what somebody else is fetching costs nothing and is not counted
///   a turn     again, without a limit: what was waited for is answered
/// </code>
/// Answers that are ready take no turn: sending bytes costs less than deciding about them.
/// </summary>
internal sealed class WorkTurns(IOptions<LimitsOptions> limits, WorkMetrics metrics, TimeProvider clock) : IDisposable
{
    /// <summary>Whoever waited for longer would not be answered within a second.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns = new(Environment.ProcessorCount);
    private int _queued;
    private int _fetching;

    public int Queued => Volatile.Read(ref _queued);

    public int Fetching => Volatile.Read(ref _fetching);

    /// <exception cref="ProblemException">503: too many wait, or have waited for too long.</exception>
    public async ValueTask<Turn> BeginAsync(CancellationToken cancellationToken)
    {
        if (!await _turns.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            await QueueAsync(cancellationToken);
        }

        return new Turn(this);
    }

    public void Dispose() => _turns.Dispose();

    /// <exception cref="ProblemException">503: Genesys is asked for too many already.</exception>
    internal void BeginFetching()
    {
        if (Interlocked.Increment(ref _fetching) > limits.Value.MaxFetching)
        {
            EndFetching();
            throw Refusal("fetching", "Too many questions have Genesys Cloud asked.");
        }
    }

    internal void EndFetching() => Interlocked.Decrement(ref _fetching);

    internal Task TakeTurnAsync(CancellationToken cancellationToken) => _turns.WaitAsync(cancellationToken);

    internal void GiveTurn() => _turns.Release();

    private async Task QueueAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _queued) > limits.Value.MaxQueued)
            {
                throw Refusal("queue", "Too many questions wait for their turn.");
            }

            using var patience = new CancellationTokenSource(Patience, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            await _turns.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusal("patience", "The question has waited for its turn for too long.");
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
        }
    }

    private ProblemException Refusal(string reason, string detail)
    {
        metrics.Refused(reason);
        return new(Problems.Overloaded(detail, UntilNextTry));
    }
}
