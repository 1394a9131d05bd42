using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Genesys;

/// <param name="Used">Requests in force now.</param>
/// <param name="Allowed">How many there may be.</param>
/// <param name="ResetSeconds">Until the oldest of them stops counting; 0 when none counts.</param>
internal readonly record struct BudgetState(int Used, int Allowed, int ResetSeconds);

/// <summary>
/// Requests a minute and at once. Every attempt takes a permit here; who has to wait waits in <see cref="BudgetQueue"/>, and only if
/// the wait fits. What counts against the minute is in <see cref="BudgetWindow"/>.
/// </summary>
internal sealed class GenesysBudget : IDisposable
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly IOptions<GenesysOptions> _options;
    private readonly BudgetWindow _window = new();
    private readonly BudgetQueue _queue = new();
    private readonly ITimer _timer;
    private readonly long _started;

    private int _running;
    private TimeSpan _closedAt;
    private TimeSpan _closedUntil;
    private TimeSpan _nextProbe;
    private GenesysFailureKind _closedBy;

    public GenesysBudget(TimeProvider clock, IOptions<GenesysOptions> options)
    {
        _clock = clock;
        _options = options;
        _started = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public BudgetState State
    {
        get
        {
            lock (_gate)
            {
                return _window.State(Now, Ceiling);
            }
        }
    }

    private TimeSpan Now => _clock.GetElapsedTime(_started);

    private int Ceiling => _options.Value.RequestsPerMinute;

    /// <summary>
    /// Hands out the permit for one attempt, to be disposed after it. Waits while that fits into <paramref name="patience"/>, else
    /// throws RateLimited (or Unavailable, where that was the reason for a pause) with the time to wait.
    /// </summary>
    public Task<BudgetPermit> AcquireAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = Now;
            if (_queue.Count == 0 && MayGoNow(now))
            {
                return Task.FromResult(Grant(now));
            }

            var wait = EarliestGrant(now, _queue.Count) - now;
            if (wait > patience)
            {
                throw Refusal(now, wait);
            }

            var waiting = _queue.Enqueue(now + patience, WhenCancelled, cancellationToken);
            Serve(now);
            return waiting;
        }
    }

    /// <summary>Takes note of what Genesys says it has counted for a token.</summary>
    public void Observe(GenesysRateHeaders headers, string token)
    {
        lock (_gate)
        {
            var now = Now;
            _window.Observe(headers, token, now);
            RefuseHopeless(now);
            Serve(now);
        }
    }

    /// <summary>Genesys asked to be left alone for long: nobody asks until then, but for one probe a minute.</summary>
    public void Close(GenesysFailureKind kind, TimeSpan pause)
    {
        lock (_gate)
        {
            var now = Now;
            _closedBy = kind;
            _closedUntil = now + pause;
            _closedAt = now;
            _nextProbe = now + BetweenProbes;
            RefuseHopeless(now);
            Serve(now);
        }
    }

    /// <summary>Genesys has answered an attempt. One that was on its way before the pause was asked for proves nothing.</summary>
    public void Reopen(BudgetPermit answered)
    {
        lock (_gate)
        {
            var now = Now;
            if (now < _closedUntil && answered.GrantedAt > _closedAt)
            {
                _closedUntil = TimeSpan.Zero;
                Serve(now);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    internal void Release()
    {
        lock (_gate)
        {
            _running--;
            Serve(Now);
        }
    }

    private bool MayGoNow(TimeSpan now)
    {
        if (_running >= _options.Value.MaxConcurrentRequests || _window.Earliest(now, Ceiling, 0) > now)
        {
            return false;
        }

        if (now >= _closedUntil)
        {
            return true;
        }

        if (now < _nextProbe)
        {
            return false;
        }

        _nextProbe = now + BetweenProbes;
        return true;
    }

    private BudgetPermit Grant(TimeSpan now)
    {
        _window.Add(now);
        _running++;
        return new BudgetPermit(this, now);
    }

    // How long the running attempts take nobody knows; that they are full delays, but does not refuse.
    private TimeSpan EarliestGrant(TimeSpan now, int ahead)
    {
        var earliest = _window.Earliest(now, Ceiling, ahead);
        return earliest > _closedUntil ? earliest : _closedUntil;
    }

    private GenesysException Refusal(TimeSpan now, TimeSpan wait) =>
        now < _closedUntil ? GenesysFailures.Closed(_closedBy, wait) : GenesysFailures.BudgetUsedUp(wait);

    /// <summary>Serves who may go, and sets the timer for the next.</summary>
    private void Serve(TimeSpan now)
    {
        while (_queue.Count > 0 && MayGoNow(now))
        {
            _queue.Dequeue(() => Grant(now));
        }

        // A timer counts whole milliseconds; one that is early by a fraction would run again and again.
        var next = _queue.Count > 0 && _running < _options.Value.MaxConcurrentRequests
            ? TimeSpan.FromMilliseconds(Math.Ceiling((EarliestGrant(now, 0) - now).TotalMilliseconds))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(next, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The outlook has become worse: sends away whose wait no longer fits.</summary>
    private void RefuseHopeless(TimeSpan now) =>
        _queue.RefuseWhere(
            (ahead, giveUpAt) => EarliestGrant(now, ahead) > giveUpAt,
            ahead => Refusal(now, EarliestGrant(now, ahead) - now));

    private void OnTimer()
    {
        lock (_gate)
        {
            Serve(Now);
        }
    }

    private void WhenCancelled(Action leave)
    {
        lock (_gate)
        {
            leave();
            Serve(Now);
        }
    }
}

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
