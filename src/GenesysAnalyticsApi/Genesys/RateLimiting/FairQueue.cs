namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Callers in turn, and each caller's own in the order of their coming: who has a hundred waiting holds nobody up for longer than one.
/// Not thread-safe: the budget locks.
/// </summary>
internal sealed class FairQueue
{
    /// <summary>One list for each caller who has somebody waiting; whose turn it is comes first.</summary>
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

    /// <summary>Undoes a <see cref="Take"/> that has come to nothing: it is still that caller's turn.</summary>
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

    /// <summary>Goes through all in the order in which they would be served, and drops those who are refused.</summary>
    public void RejectWhere(Func<PendingRequest, bool> refuse)
    {
        var turns = new Queue<Queue<PendingRequest>>(_callers.Select(caller => new Queue<PendingRequest>(caller)));
        while (turns.TryDequeue(out var caller))
        {
            // Who is refused takes no turn: it is still that of the same caller.
            while (caller.TryDequeue(out var next) && refuse(next))
            {
                Remove(next);
            }

            if (caller.Count > 0)
            {
                turns.Enqueue(caller);
            }
        }
    }

    private List<PendingRequest>? Of(PendingRequest waiting) => _callers.Find(caller => caller[0].Asker.Caller == waiting.Asker.Caller);
}

/// <summary>
/// Who waits for a permit, and who is next: those for whom somebody waits before background work, callers in turn. The order is decided
/// here and in <see cref="FairQueue"/> and nowhere else. Not thread-safe: the budget locks.
/// </summary>
internal sealed class PriorityQueues
{
    private readonly FairQueue _interactive = new();
    private readonly FairQueue _background = new();
    private long _came;

    public int Count => _interactive.Count + _background.Count;

    // Background work has the smaller share: where the interactive one cannot go, it cannot either, so nobody is passed over.
    public PendingRequest? Next => _interactive.Next ?? _background.Next;

    public void Add(PendingRequest waiting)
    {
        waiting.Number = ++_came;
        PriorityOf(waiting).Add(waiting);
    }

    public PendingRequest Take() => PriorityOf(Next!).Take();

    public void Requeue(PendingRequest waiting) => PriorityOf(waiting).Requeue(waiting);

    public void Remove(PendingRequest waiting) => PriorityOf(waiting).Remove(waiting);

    /// <inheritdoc cref="FairQueue.RejectWhere"/>
    public void RejectWhere(Func<PendingRequest, bool> refuse)
    {
        _interactive.RejectWhere(refuse);
        _background.RejectWhere(refuse);
    }

    private FairQueue PriorityOf(PendingRequest waiting) => waiting.Asker.IsBackground ? _background : _interactive;
}
