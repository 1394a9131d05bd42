namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Serves callers round-robin and the requests of each caller in order of arrival, so that a caller with a hundred pending requests delays
/// others no longer than a caller with one. Not thread-safe: the rate limiter locks.
/// </summary>
internal sealed class FairQueue
{
    /// <summary>One list for each caller with pending requests; the caller to serve next comes first.</summary>
    private readonly List<List<PendingRequest>> _callers = [];

    public int Count => _callers.Sum(caller => caller.Count);

    public PendingRequest? Next => _callers is [[var next, ..], ..] ? next : null;

    public void Add(PendingRequest waiting)
    {
        if (Of(waiting) is { } own)
        {
            own.Add(waiting);
        }
        else
        {
            _callers.Add([waiting]);
        }
    }

    public PendingRequest Take()
    {
        var caller = _callers[0];
        var next = caller[0];
        caller.RemoveAt(0);
        _callers.RemoveAt(0);
        if (caller.Count > 0)
        {
            _callers.Add(caller);
        }

        return next;
    }

    /// <summary>Undoes a <see cref="Take"/> whose lease was not granted: the same caller is served next.</summary>
    public void Requeue(PendingRequest waiting)
    {
        var own = Of(waiting) ?? [];
        _callers.Remove(own);
        _callers.Insert(0, own);
        own.Insert(own.TakeWhile(other => other.Number < waiting.Number).Count(), waiting);
    }

    public void Remove(PendingRequest waiting)
    {
        if (Of(waiting) is { } own && own.Remove(waiting) && own.Count == 0)
        {
            _callers.Remove(own);
        }
    }

    /// <summary>Visits all requests in the order in which they would be served, and removes those that the predicate rejects.</summary>
    public void RejectWhere(Func<PendingRequest, bool> reject)
    {
        var order = new Queue<Queue<PendingRequest>>(_callers.Select(caller => new Queue<PendingRequest>(caller)));
        while (order.TryDequeue(out var caller))
        {
            // A rejected request does not count as served, so the same caller continues.
            while (caller.TryDequeue(out var next) && reject(next))
            {
                Remove(next);
            }

            if (caller.Count > 0)
            {
                order.Enqueue(caller);
            }
        }
    }

    private List<PendingRequest>? Of(PendingRequest waiting) => _callers.Find(caller => caller[0].Origin.Caller == waiting.Origin.Caller);
}

/// <summary>
/// Orders the pending requests: interactive before background, and round-robin by caller within each. Only this class and
/// <see cref="FairQueue"/> decide the order. Not thread-safe: the rate limiter locks.
/// </summary>
internal sealed class PriorityQueues
{
    private readonly FairQueue _interactive = new();
    private readonly FairQueue _background = new();
    private long _lastNumber;

    public int Count => _interactive.Count + _background.Count;

    // The limit for background work is lower, so no background request could go while an interactive one waits.
    public PendingRequest? Next => _interactive.Next ?? _background.Next;

    public void Add(PendingRequest waiting)
    {
        waiting.Number = ++_lastNumber;
        PriorityOf(waiting).Add(waiting);
    }

    public PendingRequest Take() => PriorityOf(Next!).Take();

    public void Requeue(PendingRequest waiting) => PriorityOf(waiting).Requeue(waiting);

    public void Remove(PendingRequest waiting) => PriorityOf(waiting).Remove(waiting);

    /// <inheritdoc cref="FairQueue.RejectWhere"/>
    public void RejectWhere(Func<PendingRequest, bool> reject)
    {
        _interactive.RejectWhere(reject);
        _background.RejectWhere(reject);
    }

    private FairQueue PriorityOf(PendingRequest waiting) => waiting.Origin.IsBackground ? _background : _interactive;
}
