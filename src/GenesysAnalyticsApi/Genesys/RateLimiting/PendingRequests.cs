namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Orders the pending requests: interactive before background, round-robin by caller within each, and the requests of each caller in order of
/// arrival, so that a caller with a hundred pending requests delays others no longer than a caller with one. Only this class decides the order.
/// Not thread-safe: the rate limiter locks.
/// </summary>
internal sealed class PendingRequests
{
    /// <summary>One list for each caller with pending requests, interactive ones first; within a priority, the caller to serve next comes first.</summary>
    private readonly List<List<PendingRequest>> _callers = [];
    private long _lastNumber;

    public int Count => _callers.Sum(caller => caller.Count);

    // The limit for background work is lower, so no background request could go while an interactive one waits.
    public PendingRequest? Next => _callers is [[var next, ..], ..] ? next : null;

    private int Interactive => _callers.Count(caller => !caller[0].Origin.IsBackground);

    public void Add(PendingRequest waiting)
    {
        waiting.Number = ++_lastNumber;
        if (Of(waiting) is { } own)
        {
            own.Add(waiting);
        }
        else
        {
            AddLast([waiting]);
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
            AddLast(caller);
        }

        return next;
    }

    /// <summary>Undoes a <see cref="Take"/> whose lease was not granted: the same caller is served next.</summary>
    public void Requeue(PendingRequest waiting)
    {
        var own = Of(waiting) ?? [];
        _callers.Remove(own);
        _callers.Insert(waiting.Origin.IsBackground ? Interactive : 0, own);
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
        foreach (var priority in _callers.GroupBy(caller => caller[0].Origin.IsBackground, caller => new Queue<PendingRequest>(caller)))
        {
            var order = new Queue<Queue<PendingRequest>>(priority);
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
    }

    private void AddLast(List<PendingRequest> caller) => _callers.Insert(caller[0].Origin.IsBackground ? _callers.Count : Interactive, caller);

    private List<PendingRequest>? Of(PendingRequest waiting) => _callers.Find(caller =>
        caller[0].Origin.Caller == waiting.Origin.Caller && caller[0].Origin.IsBackground == waiting.Origin.IsBackground);
}
