using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Aggregates.Admission;

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
