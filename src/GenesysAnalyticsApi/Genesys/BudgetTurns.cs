namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Callers in turn, and each caller's own in the order of their coming: who has a hundred waiting holds nobody up for longer than one.
/// Not thread-safe: the budget locks.
/// </summary>
internal sealed class BudgetTurns
{
    /// <summary>One list for each caller who has somebody waiting; whose turn it is comes first.</summary>
    private readonly List<List<BudgetWaiting>> _callers = [];

    public int Count => _callers.Sum(caller => caller.Count);

    public BudgetWaiting? Next => _callers is [[var next, ..], ..] ? next : null;

    public void Add(BudgetWaiting waiting)
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

    public BudgetWaiting Take()
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
    public void PutBack(BudgetWaiting waiting)
    {
        var own = Of(waiting) ?? [];
        _callers.Remove(own);
        _callers.Insert(0, own);
        own.Insert(own.TakeWhile(other => other.Number < waiting.Number).Count(), waiting);
    }

    public void Remove(BudgetWaiting waiting)
    {
        if (Of(waiting) is { } own && own.Remove(waiting) && own.Count == 0)
        {
            _callers.Remove(own);
        }
    }

    /// <summary>Goes through all in the order in which they would be served, and drops those who are refused.</summary>
    public void RefuseWhere(Func<BudgetWaiting, bool> refuse)
    {
        var turns = new Queue<Queue<BudgetWaiting>>(_callers.Select(caller => new Queue<BudgetWaiting>(caller)));
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

    private List<BudgetWaiting>? Of(BudgetWaiting waiting) => _callers.Find(caller => caller[0].Asker.Caller == waiting.Asker.Caller);
}
