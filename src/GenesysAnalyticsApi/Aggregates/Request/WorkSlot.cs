using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>One question's turn: it works, or it has stepped aside and waits for what is fetched.</summary>
/// <param name="place">The processor that it works on.</param>
/// <param name="gone">Cancelled when the caller has gone.</param>
internal sealed class WorkSlot(WorkLimiter turns, SemaphorePermit place, CancellationToken gone) : IDisposable
{
    private readonly Lock _gate = new();
    private SemaphorePermit _place = place;
    private SemaphorePermit? _fetching;
    private ProblemException? _refusal;
    private bool _isAside;
    private bool _isOver;

    /// <summary>Ends when the question has its turn for the first time; fails where it is sent away before.</summary>
    public Task Begun { get; } = place.Granted;

    /// <summary>Before waiting for what another question has asked for. Several parts of one question may wait; the first steps aside for all.</summary>
    public void Release()
    {
        lock (_gate)
        {
            GiveTurn();
        }
    }

    /// <summary>Before Genesys is asked. Ends when the question may ask; its parts share one place among the questions that do.</summary>
    /// <param name="late">When that passes the question is refused.</param>
    /// <exception cref="ProblemException">503: Genesys is asked for too many questions.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public Task StepAsideToFetchAsync(CancellationToken late)
    {
        lock (_gate)
        {
            // A question is refused once, for all its parts, and keeps its turn then.
            _fetching ??= _refusal is null ? turns.BeginFetching(_place.Caller, out _refusal) : null;
            if (_fetching is null)
            {
                throw _refusal!;
            }

            GiveTurn();
            return _fetching.IsGranted ? Task.CompletedTask : WaitAsync(_fetching, late);
        }
    }

    /// <summary>After waiting, if there was any. Takes as long as it takes: a question that has waited is answered.</summary>
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
