namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Who waits for a permit, and who is next: those for whom somebody waits before background work, callers in turn. The order is decided
/// here and in <see cref="BudgetTurns"/> and nowhere else. Not thread-safe: the budget locks.
/// </summary>
internal sealed class BudgetQueue
{
    private readonly BudgetTurns _interactive = new();
    private readonly BudgetTurns _background = new();
    private long _came;

    public int Count => _interactive.Count + _background.Count;

    // Background work has the smaller share: where the interactive one cannot go, it cannot either, so nobody is passed over.
    public BudgetWaiting? Next => _interactive.Next ?? _background.Next;

    public void Add(BudgetWaiting waiting)
    {
        waiting.Number = ++_came;
        TurnsOf(waiting).Add(waiting);
    }

    public BudgetWaiting Take() => TurnsOf(Next!).Take();

    public void PutBack(BudgetWaiting waiting) => TurnsOf(waiting).PutBack(waiting);

    public void Remove(BudgetWaiting waiting) => TurnsOf(waiting).Remove(waiting);

    /// <inheritdoc cref="BudgetTurns.RefuseWhere"/>
    public void RefuseWhere(Func<BudgetWaiting, bool> refuse)
    {
        _interactive.RefuseWhere(refuse);
        _background.RefuseWhere(refuse);
    }

    private BudgetTurns TurnsOf(BudgetWaiting waiting) => waiting.Asker.IsBackground ? _background : _interactive;
}
