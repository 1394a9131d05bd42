namespace GenesysAnalyticsApi.Operations;

/// <summary>One question's turn: it works, or it has stepped aside and waits for what is fetched.</summary>
internal sealed class Turn(WorkTurns turns) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _isFetching;
    private bool _isAside;
    private bool _isOver;

    /// <summary>Before waiting. Several parts of one question may wait; the first steps aside for all.</summary>
    /// <param name="fetches">Genesys has to be asked for it; else somebody else has it asked already.</param>
    /// <exception cref="Errors.ProblemException">503: Genesys is asked for too many questions already.</exception>
    public void StepAside(bool fetches)
    {
        lock (_gate)
        {
            if (fetches && !_isFetching)
            {
                turns.BeginFetching();
                _isFetching = true;
            }

            if (!_isAside)
            {
                turns.GiveTurn();
                _isAside = true;
            }
        }
    }

    /// <summary>After waiting, if there was any. Takes as long as it takes: who has waited is answered.</summary>
    public async Task ReturnAsync(CancellationToken cancellationToken)
    {
        EndFetching();
        if (_isAside)
        {
            await turns.TakeTurnAsync(cancellationToken);
            _isAside = false;
        }
    }

    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        EndFetching();
        if (!_isAside)
        {
            turns.GiveTurn();
        }
    }

    private void EndFetching()
    {
        if (_isFetching)
        {
            turns.EndFetching();
            _isFetching = false;
        }
    }
}
