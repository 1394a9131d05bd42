using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Aggregates.Admission;

/// <summary>
/// Limits the number of concurrent queries whose responses are not cached. Planning, folding and writing need a processor and memory for all rows, so
/// there are as many slots as processors. Waiting for Genesys needs little of either but takes a long time, so it has a separate limit.
/// Callers share both limits fairly (<see cref="FairSemaphore"/>):
/// <code>
/// queue      at most Limits:MaxQueued queries, for half a second each, then 503. If the queue is full, a query of the caller with
///            the most waiting queries is rejected with 503
/// slot       one per processor: plan and read the cache; if all data is cached, fold, write and finish
/// fetching   data is missing: the slot is released. At most Limits:MaxFetching queries fetch from Genesys. A further query is
///            rejected with 503 if its caller already uses its share (the limit divided by the number of callers) or too many
///            queries wait; otherwise, it waits until its deadline. A query that waits only for the fetch of another query is not counted
/// slot       again: the query waits for it without a time limit, and is completed
/// </code>
/// Cached responses need no slot: sending bytes costs less than admission.
/// </summary>
internal sealed class WorkLimiter(IOptions<RequestLimitsOptions> limits, WorkTelemetry metrics, TimeProvider clock)
{
    /// <summary>A query that waited longer would not get its response within one second.</summary>
    internal static readonly TimeSpan MaxQueueTime = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly FairSemaphore _slots = new(Environment.ProcessorCount);
    private readonly FairSemaphore _fetching = new(limits.Value.MaxFetching);

    public int Queued => _slots.Waiting;

    public int Fetching => _fetching.Held;

    /// <param name="caller">The caller's identity. Callers share the slots fairly.</param>
    /// <exception cref="ProblemException">503: too many queries wait, or this query waited too long.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The slot owns its permit and releases it.")]
    public async ValueTask<WorkSlot> EnterAsync(string caller, CancellationToken cancellationToken)
    {
        var slot = new WorkSlot(this, Queue(caller), cancellationToken);
        try
        {
            await WaitAsync(slot.Begun, cancellationToken);
            return slot;
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    /// <returns>Null, with a refusal, if the limit is reached and either the caller already uses its share or too many queries wait.</returns>
    internal SemaphorePermit? BeginFetching(string caller, out ProblemException? refusal)
    {
        var permit = _fetching.Enter(caller, MayAwaitFetching);
        refusal = permit is null ? Refusal("fetching", "Too many requests are waiting for Genesys Cloud.") : null;
        return permit;
    }

    internal SemaphorePermit EnterAgain(string caller) => _slots.EnterAgain(caller);

    internal ProblemException FetchTimedOut() =>
        Refusal("fetching", "Too many requests are waiting for Genesys Cloud, so this request could not start before its deadline.");

    private bool MayQueue(SemaphoreUsage usage) => usage.AllWaiting < limits.Value.MaxQueued;

    /// <summary>
    /// A query may wait if the fetching and waiting queries of its caller are fewer than the limit divided by the number of callers, and the queue has room.
    /// </summary>
    private bool MayAwaitFetching(SemaphoreUsage usage) =>
        (usage.Held + usage.Waiting) * usage.Callers < limits.Value.MaxFetching && usage.AllWaiting < limits.Value.MaxQueued;

    private SemaphorePermit Queue(string caller) =>
        _slots.Enter(caller, MayQueue)
        ?? (_slots.TryEvict(caller, TooManyQueued) ? _slots.Enter(caller, MayQueue) : null)
        ?? throw TooManyQueued();

    private async Task WaitAsync(Task begun, CancellationToken cancellationToken)
    {
        if (begun.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(MaxQueueTime, clock);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            await begun.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusal("patience", "The request waited too long for a free slot.");
        }
    }

    private ProblemException TooManyQueued() => Refusal("queue", "Too many requests are queued.");

    private ProblemException Refusal(string reason, string detail)
    {
        metrics.Refused(reason);
        return new(ProblemFactory.Overloaded(detail, RetryAfter));
    }
}

/// <summary>Counts queries that were rejected because of load.</summary>
internal sealed class WorkTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _refusals = meter.Counter("work.refusals", "{request}", "Requests that were rejected because the service was overloaded.", "reason", "queue", "patience", "fetching", "rows");

    /// <param name="reason">The limit that was reached: <c>queue</c>, <c>patience</c>, <c>fetching</c> or <c>rows</c>.</param>
    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));
}

/// <summary>The slot of one query. The query holds the slot while it works, and releases the slot while it waits for data.</summary>
/// <param name="permit">The permit for one processor.</param>
/// <param name="disconnected">Canceled when the caller disconnects.</param>
internal sealed class WorkSlot(WorkLimiter limiter, SemaphorePermit permit, CancellationToken disconnected) : IDisposable
{
    private readonly Lock _gate = new();
    private SemaphorePermit _permit = permit;
    private SemaphorePermit? _fetching;
    private ProblemException? _refusal;
    private bool _isReleased;
    private bool _isDisposed;

    /// <summary>Completes when the query gets its slot for the first time. Faults if the query is evicted from the queue.</summary>
    public Task Begun { get; } = permit.Granted;

    /// <summary>
    /// Releases the slot before a wait that needs no fetching permit, such as a wait for a directory or for the fetch of another query. Several parts of a
    /// query can wait at the same time; the first call releases the slot for all parts.
    /// </summary>
    public void Release()
    {
        lock (_gate)
        {
            ReleasePermit();
        }
    }

    /// <summary>Releases the slot before a fetch. Completes when the query may fetch; all of its parts share one fetching permit.</summary>
    /// <param name="deadline">The query is rejected when this token is canceled.</param>
    /// <exception cref="ProblemException">503: too many queries fetch from Genesys.</exception>
    /// <exception cref="OperationCanceledException">The caller disconnected.</exception>
    public Task ReleaseToFetchAsync(CancellationToken deadline)
    {
        lock (_gate)
        {
            // A refusal applies to all parts of the query. The query then keeps its slot.
            _fetching ??= _refusal is null ? limiter.BeginFetching(_permit.Caller, out _refusal) : null;
            if (_fetching is null)
            {
                throw _refusal!;
            }

            ReleasePermit();
            return _fetching.IsGranted ? Task.CompletedTask : WaitAsync(_fetching, deadline);
        }
    }

    /// <summary>
    /// Ends fetching, and reacquires the slot if it was released. This wait has no time limit: a query that has its data is completed unless the caller
    /// disconnects.
    /// </summary>
    public async Task ReacquireAsync(CancellationToken cancellationToken)
    {
        EndFetching();
        if (_isReleased)
        {
            _permit = limiter.EnterAgain(_permit.Caller);
            _isReleased = false;
            await _permit.Granted.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            EndFetching();
            _permit.Dispose();
        }
    }

    private async Task WaitAsync(SemaphorePermit fetching, CancellationToken deadline)
    {
        try
        {
            await fetching.Granted.WaitAsync(deadline);
        }
        catch (OperationCanceledException) when (!disconnected.IsCancellationRequested)
        {
            lock (_gate)
            {
                throw _refusal ??= limiter.FetchTimedOut();
            }
        }
    }

    private void ReleasePermit()
    {
        _permit.Dispose();
        _isReleased = true;
    }

    private void EndFetching()
    {
        lock (_gate)
        {
            _fetching?.Dispose();
            _fetching = null;
        }
    }
}
