namespace GenesysAnalyticsApi.Genesys;

/// <summary>The right to one attempt. Its disposal ends the attempt; the request stays counted for its minute.</summary>
internal sealed class BudgetPermit(GenesysBudget budget, TimeSpan grantedAt) : IDisposable
{
    private int _released;

    /// <summary>On the budget's own clock.</summary>
    public TimeSpan GrantedAt => grantedAt;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            budget.Release();
        }
    }
}
