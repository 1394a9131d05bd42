using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The deadline of a query: <c>Aggregates:Timeout</c> from its start, for queue resolution and data together.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationToken _left;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _either;

    /// <param name="left">Cancelled when the caller disconnects.</param>
    public RequestDeadline(TimeSpan limit, TimeProvider clock, CancellationToken left)
    {
        _limit = limit;
        _left = left;
        _over = new CancellationTokenSource(limit, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(left, _over.Token);
    }

    /// <summary>Cancelled at the deadline or when the caller disconnects.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>The caller is still connected, so a cancellation was caused by the deadline.</summary>
    public bool IsAwaited => !_left.IsCancellationRequested;

    public GenesysFailure Failure => new(
        GenesysFailureKind.Timeout, $"Genesys did not respond within {_limit.TotalSeconds:0.###} s (Aggregates:Timeout).");

    public void Dispose()
    {
        _either.Dispose();
        _over.Dispose();
    }
}
