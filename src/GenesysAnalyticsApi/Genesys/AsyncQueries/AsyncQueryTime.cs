using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// The time limit of one asynchronous query. A limit for the whole query applies from the submission until the last page has been read. A limit per page
/// applies until Genesys has computed the query, and then starts again for each page. In this case, the time that the consumer spends between two pages does
/// not count.
/// </summary>
internal sealed class AsyncQueryTime : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly bool _isPerPage;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _linked;
    private readonly long _started;
    private bool _isPageStarted;

    public AsyncQueryTime(TimeSpan limit, bool isPerPage, TimeProvider clock, CancellationToken caller)
    {
        (_limit, _isPerPage, _clock, _caller) = (limit, isPerPage, clock, caller);
        _deadline = new CancellationTokenSource(limit, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(caller, _deadline.Token);
        _started = clock.GetTimestamp();
    }

    /// <summary>Canceled when the limit expires, or when the caller stops waiting.</summary>
    public CancellationToken Token => _linked.Token;

    public TimeSpan Elapsed => _clock.GetElapsedTime(_started);

    /// <summary>Whether the caller has stopped waiting, which is not a failure.</summary>
    public bool IsCallerGone => _caller.IsCancellationRequested;

    /// <summary>The failure to report if the limit has expired.</summary>
    public GenesysException Failure => _isPerPage && _isPageStarted ? AsyncQueryFailures.PageTimedOut(_limit) : AsyncQueryFailures.TimedOut(_limit);

    public void StartPage()
    {
        _isPageStarted = true;
        Restart(_limit);
    }

    public void EndPage() => Restart(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _linked.Dispose();
        _deadline.Dispose();
    }

    private void Restart(TimeSpan limit)
    {
        if (_isPerPage)
        {
            _deadline.CancelAfter(limit);
        }
    }
}
