using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Limits requests per minute and concurrent requests. Every attempt acquires a lease:
/// <code>
///   order      PendingRequests: interactive before background, round-robin by caller. A request that would miss its deadline is rejected at once
///   own count  SlidingWindow: the leases of the last minute, or the count that Genesys reports, whichever is higher
///   replicas   ISharedRateLimit: the leases of all replicas. If it rejects a lease, the lease is returned and the request is queued again
/// </code>
/// </summary>
internal sealed class GenesysRateLimiter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly IOptions<GenesysOptions> _options;
    private readonly ISharedRateLimit _shared;
    private readonly IRateLimitCeiling? _ceilings;
    private readonly SlidingWindow _window = new();
    private readonly ReplicaUsage _replicas = new();
    private readonly GenesysCooldown _cooldown = new();
    private readonly PendingRequests _queue = new();
    private readonly ITimer _timer;
    private readonly long _started;

    private int _running;

    /// <param name="ceilings">The limits that Genesys reports; null if only the setting applies.</param>
    public GenesysRateLimiter(TimeProvider clock, IOptions<GenesysOptions> options, ISharedRateLimit shared, IRateLimitCeiling? ceilings = null)
    {
        _ceilings = ceilings;
        _clock = clock;
        _options = options;
        _shared = shared;
        _started = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Change(_ => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public RateLimitState State => Poll(now => _replicas.With(_window.State(now, RequestsPerMinute), _window.Own, now));

    /// <summary>
    /// Requests in Genesys' latest count that neither this replica nor other replicas sent: other programs with the same OAuth client sent them.
    /// </summary>
    public int ExternalUsage => Poll(now => Math.Max(0, _window.Uncounted - _replicas.Others(now)));

    /// <summary>The number of requests waiting for a lease.</summary>
    public int Waiting => Poll(_ => _queue.Count);

    /// <summary>The remaining time of the cooldown that Genesys requested; zero if there is none.</summary>
    public TimeSpan Pause => Poll(now => _cooldown.Until > now ? _cooldown.Until - now : TimeSpan.Zero);

    private int RequestsPerMinute => _ceilings?.RequestsPerMinute(_options.Value.RequestsPerMinute) ?? _options.Value.RequestsPerMinute;

    private TimeSpan Now => _clock.GetElapsedTime(_started);

    /// <summary>
    /// Acquires the lease for one attempt. The caller disposes the lease after the attempt. If the wait would exceed <paramref name="maxWait"/>, the task fails
    /// with the time to wait and the kind RateLimited, or Unavailable if Genesys requested a cooldown because it was unavailable.
    /// </summary>
    public Task<RateLimitLease> AcquireAsync(RequestOrigin origin, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new PendingRequest(origin, Now + maxWait);
        Change(_ => _queue.Add(request));
        request.LeaveOn(() => Change(_ => _queue.Remove(request)), cancellationToken);
        request.PromoteOn(() => Change(_ => _queue.Promote(request)));
        return request.Task;
    }

    /// <summary>Records the count that Genesys reports for a token.</summary>
    public void Observe(GenesysRateHeaders headers, string token) => Change(now => _window.Observe(headers, token, RequestsPerMinute, now));

    /// <summary>Starts a long cooldown that Genesys requested. Until the cooldown ends, only one probe per minute is sent.</summary>
    public void BeginCooldown(GenesysFailureKind kind, TimeSpan pause) => Change(now => _cooldown.Begin(kind, pause, now));

    /// <summary>Records that Genesys replied. The reply can end a cooldown.</summary>
    public void RecordReply(RateLimitLease lease) => Change(now => _cooldown.RecordReply(lease.GrantedAt, now));

    public void Dispose() => _timer.Dispose();

    internal void Release() => Change(_ => _running--);

    private T Poll<T>(Func<TimeSpan, T> read)
    {
        lock (_gate)
        {
            return read(Now);
        }
    }

    /// <summary>The only entry point for changes. After each change, leases are granted, and requests that would miss their deadlines are rejected.</summary>
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

        foreach (var grant in granted)
        {
            _ = ConfirmAsync(grant);
        }
    }

    private List<Granted> Serve(TimeSpan now)
    {
        List<Granted> granted = [];
        while (_queue.Next is { } next && CanGrant(next, now))
        {
            _window.Add(now);
            _running++;
            granted.Add(new(_queue.Take(), now, LimitOf(next.IsBackground, now)));
        }

        return granted;
    }

    // The cooldown comes last, because AllowsProbe counts the probe as sent.
    private bool CanGrant(PendingRequest next, TimeSpan now) =>
        HasConnectionFor(next)
        && _replicas.RoomAt(next.IsBackground) <= now
        && _window.Earliest(now, LimitOf(next.IsBackground, now), []) <= now
        && _cooldown.AllowsProbe(now);

    /// <summary>
    /// Background work leaves a quarter of the connections, rounded up, to queries, but can always use at least one. If there are several connections, slow
    /// background requests therefore never occupy all of them.
    /// </summary>
    private bool HasConnectionFor(PendingRequest next)
    {
        var connections = _options.Value.MaxConcurrentRequests;
        return _running < (next.IsBackground ? Math.Max(1, connections - ((connections + 3) / 4)) : connections);
    }

    /// <summary>Background work leaves a tenth of the limit, rounded up, to interactive requests, but is always allowed at least one request.</summary>
    private int LimitOf(bool isBackground, TimeSpan now)
    {
        var allowed = _window.Allowed(RequestsPerMinute, now);
        return isBackground ? BackgroundShare.Of(allowed) : allowed;
    }

    /// <summary>
    /// Rejects requests that would miss their deadlines, including earlier requests that a new request has delayed. The estimate of the waits simulates
    /// serving the queue, without new arrivals and with requests that take no time. The estimate is exact to the millisecond for a single replica
    /// with short attempts. Long attempts, higher-priority arrivals and other replicas can lengthen the waits. Requests that would miss their
    /// deadlines because of longer waits are rejected at the next change.
    /// </summary>
    private void RejectUnmeetableDeadlines(TimeSpan now)
    {
        List<TimeSpan> planned = [];
        _queue.RejectWhere(request =>
        {
            var earliest = EarliestGrant(request.IsBackground, now, planned);
            if (earliest > request.Deadline)
            {
                request.Reject(_cooldown.CreateFailure(earliest - now, now));
                return true;
            }

            planned.Add(earliest);
            return false;
        });
    }

    private TimeSpan EarliestGrant(bool isBackground, TimeSpan now, IReadOnlyList<TimeSpan> planned) =>
        new[] { _window.Earliest(now, LimitOf(isBackground, now), planned), _replicas.RoomAt(isBackground), _cooldown.Until }.Max();

    private void SetTimer(TimeSpan now)
    {
        // Timers have millisecond resolution. If the time were rounded down, the timer would fire repeatedly before a lease is available.
        var next = _queue.Next is { } first && HasConnectionFor(first)
            ? TimeSpan.FromMilliseconds(Math.Ceiling((EarliestGrant(first.IsBackground, now, []) - now).TotalMilliseconds))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(next, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Confirms a lease with the shared count of all replicas, outside the lock.</summary>
    private async Task ConfirmAsync(Granted granted)
    {
        try
        {
            // The call is not cancelable, because a request that Redis has counted cannot be taken back. Settle handles requests that were canceled meanwhile.
            var shared = await _shared.TryTakeAsync(granted.Limit, CancellationToken.None);
            Change(now => Settle(granted, shared, now));
        }
        catch (Exception exception)
        {
            // TryTakeAsync must not throw. If it throws nevertheless, the waiting caller must not wait forever.
            Change(_ => ReturnUnused(granted));
            granted.To.Reject(exception);
        }
    }

    private void Settle(Granted granted, SharedGrant shared, TimeSpan now)
    {
        if (shared.IsGranted && granted.To.TryGrant(() => new RateLimitLease(this, granted.At)))
        {
            _window.Confirm();
        }
        else
        {
            ReturnUnused(granted);
        }

        _replicas.Observe(shared, granted.To.IsBackground, _window.Own, now);
        if (!granted.To.Task.IsCompleted)
        {
            _queue.Requeue(granted.To);
        }
    }

    private void ReturnUnused(Granted grant)
    {
        _window.Return(grant.At);
        _running--;
    }

    /// <summary>A lease that the shared count has not confirmed yet.</summary>
    private readonly record struct Granted(PendingRequest To, TimeSpan At, int Limit);
}

/// <summary>The maximum requests per minute that Genesys allows one token of the organization, if Genesys reports this limit.</summary>
internal interface IRateLimitCeiling
{
    /// <summary>The allowed requests per minute: the setting or the ceiling, whichever is lower.</summary>
    int RequestsPerMinute(int setting);
}
