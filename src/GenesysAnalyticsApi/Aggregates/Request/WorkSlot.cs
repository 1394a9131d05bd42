using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The work slot of one query. The query either works or has released the slot while it waits for data.</summary>
/// <param name="place">The permit for one processor.</param>
/// <param name="gone">Cancelled when the caller disconnects.</param>
internal sealed class WorkSlot(WorkLimiter turns, SemaphorePermit place, CancellationToken gone) : IDisposable
{
    private readonly Lock _gate = new();
    private SemaphorePermit _place = place;
    private SemaphorePermit? _fetching;
    private ProblemException? _refusal;
    private bool _isAside;
    private bool _isOver;

    /// <summary>Completes when the query gets its slot for the first time. Faults if the query is evicted from the queue.</summary>
    public Task Begun { get; } = place.Granted;

    /// <summary>
    /// Releases the slot before waiting for a fetch that another query started. Several parts of a query may wait; the first call releases the slot
    /// for all of them.
    /// </summary>
    public void Release()
    {
        lock (_gate)
        {
            GiveTurn();
        }
    }

    /// <summary>Releases the slot before a fetch. Completes when the query may fetch; all of its parts share one fetching permit.</summary>
    /// <param name="late">The query is rejected when this token is cancelled.</param>
    /// <exception cref="ProblemException">503: too many queries fetch from Genesys.</exception>
    /// <exception cref="OperationCanceledException">The caller disconnected.</exception>
    public Task StepAsideToFetchAsync(CancellationToken late)
    {
        lock (_gate)
        {
            // The refusal applies to all parts of the query, which keeps its slot.
            _fetching ??= _refusal is null ? turns.BeginFetching(_place.Caller, out _refusal) : null;
            if (_fetching is null)
            {
                throw _refusal!;
            }

            GiveTurn();
            return _fetching.IsGranted ? Task.CompletedTask : WaitAsync(_fetching, late);
        }
    }

    /// <summary>Reacquires the slot after waiting, if it was released. This wait has no limit: a query that has its data is always completed.</summary>
    public async Task ReacquireAsync(CancellationToken cancellationToken)
    {
        EndFetching();
        if (_isAside)
        {
            _place = turns.EnterAgain(_place.Caller);
            _isAside = false;
            await _place.Granted.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            EndFetching();
            _place.Dispose();
        }
    }

    private async Task WaitAsync(SemaphorePermit fetching, CancellationToken late)
    {
        try
        {
            await fetching.Granted.WaitAsync(late);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            lock (_gate)
            {
                throw _refusal ??= turns.NotFetched();
            }
        }
    }

    private void GiveTurn()
    {
        _place.Dispose();
        _isAside = true;
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
