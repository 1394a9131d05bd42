using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>How long a question may wait, for the queues and for its figures together: <c>Aggregates:Timeout</c>, from its beginning.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationToken _left;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _either;

    /// <param name="left">Whoever asked has gone.</param>
    public RequestDeadline(TimeSpan limit, TimeProvider clock, CancellationToken left)
    {
        _limit = limit;
        _left = left;
        _over = new CancellationTokenSource(limit, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(left, _over.Token);
    }

    /// <summary>Ends all waiting: the time is over, or nobody waits any more.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Somebody still waits: what was cancelled, was so because the time is over.</summary>
    public bool IsAwaited => !_left.IsCancellationRequested;

    public GenesysFailure Failure => new(
        GenesysFailureKind.Timeout, $"Genesys did not answer within {_limit.TotalSeconds:0.###} s (Aggregates:Timeout).");

    public void Dispose()
    {
        _either.Dispose();
        _over.Dispose();
    }
}
