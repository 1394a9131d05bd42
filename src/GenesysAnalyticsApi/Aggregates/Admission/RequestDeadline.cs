using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Admission;

/// <summary>
/// The deadline of a query, or of a later segment of its response: <c>Aggregates:Timeout</c> after the start. The deadline covers the resolution of queues and
/// the reading of data.
/// </summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationToken _disconnected;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _linked;

    /// <param name="disconnected">Canceled when the caller disconnects.</param>
    public RequestDeadline(TimeSpan limit, TimeProvider clock, CancellationToken disconnected)
    {
        _limit = limit;
        _disconnected = disconnected;
        _timeout = new CancellationTokenSource(limit, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(disconnected, _timeout.Token);
    }

    /// <summary>Canceled at the deadline or when the caller disconnects.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the caller is still connected. A cancellation then means that the deadline has passed.</summary>
    public bool IsCallerConnected => !_disconnected.IsCancellationRequested;

    public GenesysFailure Failure => new(
        GenesysFailureKind.Timeout, $"Genesys did not respond within {_limit.TotalSeconds:0.###} s (Aggregates:Timeout).");

    public void Dispose()
    {
        _linked.Dispose();
        _timeout.Dispose();
    }
}
