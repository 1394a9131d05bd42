using GenesysAnalyticsApi.Genesys.Failures;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Requests a minute and at once. Every attempt takes a permit here:
/// <code>
///   wait       BudgetQueue: interactive before background, callers in turn; who would wait for too long is refused at once
///   own count  BudgetWindow: our permits of the last minute, or what Genesys says it has counted
///   all        ISharedBudget: the permits of all replicas; no room there, and the permit goes back, and who has waited to its place
/// </code>
/// </summary>
internal sealed class GenesysRateLimiter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly IOptions<GenesysOptions> _options;
    private readonly ISharedRateLimit _shared;
    private readonly SlidingWindow _window = new();
    private readonly ReplicaUsage _elsewhere = new();
    private readonly UpstreamCooldown _pause = new();
    private readonly PriorityQueues _queue = new();
    private readonly ITimer _timer;
    private readonly long _started;

    private int _running;

    public GenesysRateLimiter(TimeProvider clock, IOptions<GenesysOptions> options, ISharedRateLimit shared)
    {
        _clock = clock;
        _options = options;
        _shared = shared;
        _started = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Change(_ => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public RateLimitState State => Poll(now => _elsewhere.With(_window.State(now, _options.Value.RequestsPerMinute), _window.Own, now));

    /// <summary>
    /// What Genesys had counted, when it told so last, beyond our requests and those of the other replicas: whoever else uses the client.
    /// </summary>
    public int ExternalUsage => Poll(now => Math.Max(0, _window.Uncounted - _elsewhere.Others(now)));

    /// <summary>How many wait for a permit.</summary>
    public int Waiting => Poll(_ => _queue.Count);

    /// <summary>What is left of a pause that Genesys has asked for.</summary>
    public TimeSpan Pause => Poll(now => _pause.Until > now ? _pause.Until - now : TimeSpan.Zero);

    private TimeSpan Now => _clock.GetElapsedTime(_started);

    /// <summary>
    /// Hands out the permit for one attempt, to be disposed after it. Waits while that fits into <paramref name="patience"/>, else
    /// fails as RateLimited (or Unavailable, where that was the reason for a pause) with the time to wait.
    /// </summary>
    public Task<RateLimitLease> AcquireAsync(RequestOrigin asker, TimeSpan patience, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new PendingRequest(asker, Now + patience);
        Change(_ => _queue.Add(waiting));
        waiting.LeaveOn(() => Change(_ => _queue.Remove(waiting)), cancellationToken);
        return waiting.Task;
    }

    /// <summary>Takes note of what Genesys says it has counted for a token.</summary>
    public void Observe(GenesysRateHeaders headers, string token) => Change(now => _window.Observe(headers, token, _options.Value.RequestsPerMinute, now));

    /// <summary>Genesys asked to be left alone for long: nobody asks until then, but for one probe a minute.</summary>
    public void Close(GenesysFailureKind kind, TimeSpan pause) => Change(now => _pause.Begin(kind, pause, now));

    /// <summary>Genesys has answered an attempt: a pause may be over.</summary>
    public void Reopen(RateLimitLease answered) => Change(now => _pause.RecordReply(answered.GrantedAt, now));

    public void Dispose() => _timer.Dispose();

    internal void Release() => Change(_ => _running--);

    private T Poll<T>(Func<TimeSpan, T> look)
    {
        lock (_gate)
        {
            return look(Now);
        }
    }

    /// <summary>The one way in: after every change it is seen who may go, and who waits in vain.</summary>
    private void Change(Action<TimeSpan> change)
    {
        List<Granted> granted;
        lock (_gate)
        {
            var now = Now;
            change(now);
            granted = Serve(now);
            RejectUnmeetableDeadlines(now);
            SetTimer(now);
        }

        foreach (var one in granted)
        {
            _ = ConfirmAsync(one);
        }
    }

    private List<Granted> Serve(TimeSpan now)
    {
        List<Granted> granted = [];
        while (_queue.Next is { } next && CanGrant(next.Asker, now))
        {
            granted.Add(Grant(_queue.Take(), now));
        }

        return granted;
    }

    private Granted Grant(PendingRequest waiting, TimeSpan now)
    {
        _window.Add(now);
        _running++;
        return new(waiting, now, LimitOf(waiting.Asker, now));
    }

    // The pause comes last: what it lets through is taken to have gone.
    private bool CanGrant(RequestOrigin asker, TimeSpan now) =>
        _running < _options.Value.MaxConcurrentRequests
        && _elsewhere.RoomAt(asker.IsBackground) <= now
        && _window.Earliest(now, LimitOf(asker, now)) <= now
        && _pause.AllowsProbe(now);

    /// <summary>Background work leaves a tenth, rounded up, to those for whom somebody waits; but one must be left for it too.</summary>
    private int LimitOf(RequestOrigin asker, TimeSpan now)
    {
        var allowed = _window.Allowed(_options.Value.RequestsPerMinute, now);
        return asker.IsBackground ? Math.Max(1, allowed - ((allowed + 9) / 10)) : allowed;
    }

    /// <summary>
    /// Sends away whose wait does not fit, newcomers and those who are worse off for them alike. The estimate plays on from here, in the
    /// order of serving, as if nobody else came and each request took no time. So it is exact to the millisecond of the timer while this
    /// replica is alone and its attempts are short; long attempts, newcomers whose turn is earlier and other replicas make a wait longer.
    /// Whoever they leave too late is refused when it shows.
    /// </summary>
    private void RejectUnmeetableDeadlines(TimeSpan now)
    {
        if (_queue.Next is null)
        {
            return;
        }

        var (window, at) = (_window.Copy(), now);
        _queue.RejectWhere(waiting =>
        {
            var earliest = EarliestGrant(window, waiting.Asker, at, LimitOf(waiting.Asker, now));
            if (earliest > waiting.Deadline)
            {
                waiting.Reject(_pause.Refusal(earliest - now, now));
                return true;
            }

            window.Add(earliest);
            at = earliest;
            return false;
        });
    }

    private TimeSpan EarliestGrant(SlidingWindow window, RequestOrigin asker, TimeSpan now, int limit)
    {
        var room = window.Earliest(now, limit);
        return new[] { room, _elsewhere.RoomAt(asker.IsBackground), _pause.Until }.Max();
    }

    private void SetTimer(TimeSpan now)
    {
        // A timer counts whole milliseconds; one that is early by a fraction would run again and again.
        var next = _queue.Next is { } first && _running < _options.Value.MaxConcurrentRequests
            ? TimeSpan.FromMilliseconds(Math.Ceiling((EarliestGrant(_window, first.Asker, now, LimitOf(first.Asker, now)) - now).TotalMilliseconds))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(next, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The last word is that of all replicas' count; it is asked without the lock.</summary>
    private async Task ConfirmAsync(Granted granted)
    {
        try
        {
            // Who leaves meanwhile is seen to afterwards: what Redis has counted by then cannot be taken back.
            var told = await _shared.TryTakeAsync(granted.Limit, CancellationToken.None);
            Change(now => Settle(granted, told, now));
        }
        catch (Exception broken)
        {
            // It must not throw; if it does, nobody shall wait for ever.
            Change(_ => ReturnUnused(granted));
            granted.To.Reject(broken);
        }
    }

    private void Settle(Granted granted, SharedGrant told, TimeSpan now)
    {
        if (told.IsGranted && granted.To.TryGrant(() => new RateLimitLease(this, granted.At)))
        {
            _window.Confirm();
        }
        else
        {
            ReturnUnused(granted);
        }

        _elsewhere.Observe(told, granted.To.Asker.IsBackground, _window.Own, now);
        if (!granted.To.Task.IsCompleted)
        {
            _queue.Requeue(granted.To);
        }
    }

    private void ReturnUnused(Granted unused)
    {
        _window.Return(unused.At);
        _running--;
    }

    /// <summary>A permit on trial, until the count of all replicas has agreed.</summary>
    private readonly record struct Granted(PendingRequest To, TimeSpan At, int Limit);
}
