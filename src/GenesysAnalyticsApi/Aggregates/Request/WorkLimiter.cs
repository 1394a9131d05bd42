using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// Questions whose answer is not ready, of all callers. To plan, fold and write one takes a processor and memory for all its rows, so
/// there are as many turns as processors; to wait for Genesys Cloud takes little of either, but for long. Hence two limits, of which
/// neither stands in the other's way, and both of which callers share fairly (<see cref="FairSemaphore"/>):
/// <code>
///   queue      at most Limits:MaxQueued, for half a second each; then 503. When it is full, the caller who fills most of it makes room
///   a turn     one a processor: plan, look what is kept; all there: fold, write, and the turn is over
///   aside      something has to be fetched: the turn goes to the next. At most Limits:MaxFetching have Genesys asked. One more is refused with
///              503 where its caller has its share of them already, and waits for the next place, until its deadline, where it has not.
///              To wait for what another question has asked for costs nothing and is not counted
///   a turn     again, without a limit: what was waited for is answered
/// </code>
/// Answers that are ready take no turn: sending bytes costs less than deciding about them.
/// </summary>
internal sealed class WorkLimiter(IOptions<LimitsOptions> limits, WorkTelemetry metrics, TimeProvider clock)
{
    /// <summary>A question that waited for longer would not be answered within a second.</summary>
    internal static readonly TimeSpan MaxQueueTime = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly FairSemaphore _turns = new(Environment.ProcessorCount);
    private readonly FairSemaphore _fetching = new(limits.Value.MaxFetching);

    public int Queued => _turns.Waiting;

    public int Fetching => _fetching.Held;

    /// <param name="caller">Its identity: callers share the turns fairly.</param>
    /// <exception cref="ProblemException">503: too many wait, or have waited for too long.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The turn owns its place and gives it back.")]
    public async ValueTask<WorkSlot> EnterAsync(string caller, CancellationToken cancellationToken)
    {
        var turn = new WorkSlot(this, Queue(caller), cancellationToken);
        try
        {
            await WaitAsync(turn.Begun, cancellationToken);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <returns>Null with the refusal: Genesys is asked for too many already, and the caller has its share of them.</returns>
    internal SemaphorePermit? BeginFetching(string caller, out ProblemException? refusal)
    {
        var place = _fetching.Enter(caller, MayAwaitFetching);
        refusal = place is null ? Refusal("fetching", "Too many questions have Genesys Cloud asked.") : null;
        return place;
    }

    internal SemaphorePermit EnterAgain(string caller) => _turns.EnterAgain(caller);

    internal ProblemException NotFetched() => Refusal("fetching", "Too many questions have Genesys Cloud asked, and this one has waited in vain for one of them to end.");

    private bool MayQueue(SemaphoreUsage standing) => standing.AllWaiting < limits.Value.MaxQueued;

    /// <summary>Until it has, with those that wait, an equal part of the places, rounded up.</summary>
    private bool MayAwaitFetching(SemaphoreUsage standing) =>
        (standing.Held + standing.Waiting) * standing.Callers < limits.Value.MaxFetching && standing.AllWaiting < limits.Value.MaxQueued;

    private SemaphorePermit Queue(string caller) =>
        _turns.Enter(caller, MayQueue)
        ?? (_turns.PushOut(caller, TooManyQueued) ? _turns.Enter(caller, MayQueue) : null)
        ?? throw TooManyQueued();

    private async Task WaitAsync(Task begun, CancellationToken cancellationToken)
    {
        if (begun.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            using var patience = new CancellationTokenSource(MaxQueueTime, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            await begun.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusal("patience", "The question has waited for its turn for too long.");
        }
    }

    private ProblemException TooManyQueued() => Refusal("queue", "Too many questions wait for their turn.");

    private ProblemException Refusal(string reason, string detail)
    {
        metrics.Refused(reason);
        return new(Problems.Overloaded(detail, RetryAfter));
    }
}

/// <summary>What is counted about questions that had to be turned away.</summary>
internal sealed class WorkTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _refusals = meter.Counter("work.refusals", "{question}", "Questions that were refused because the service had too much to do.", "reason", "queue", "patience", "fetching", "rows");

    /// <param name="reason">Which limit it was: <c>queue</c>, <c>patience</c>, <c>fetching</c> or <c>rows</c>.</param>
    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
