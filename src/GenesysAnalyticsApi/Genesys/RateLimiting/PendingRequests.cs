using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Orders the pending requests: interactive before background, round-robin by caller within each priority, and the requests of each caller in
/// order of arrival, so that a caller with a hundred pending requests delays others no longer than a caller with one. Only this class decides
/// the order. Not thread-safe: the rate limiter serializes access.
/// </summary>
internal sealed class PendingRequests
{
    /// <summary>One list for each caller and priority with pending requests: interactive lists first, and in each priority, the caller to serve next.</summary>
    private readonly List<List<PendingRequest>> _callers = [];
    private long _lastNumber;

    public int Count => _callers.Sum(caller => caller.Count);

    // The limit for background work is lower, so no background request could be sent while an interactive one waits.
    public PendingRequest? Next => _callers is [[var next, ..], ..] ? next : null;

    private int Interactive => _callers.Count(caller => !caller[0].IsBackground);

    public void Add(PendingRequest waiting)
    {
        waiting.Number = ++_lastNumber;
        if (Of(waiting) is { } own)
        {
            own.Add(waiting);
        }
        else
        {
            AddLast([waiting]);
        }
    }

    public PendingRequest Take()
    {
        var caller = _callers[0];
        var next = caller[0];
        caller.RemoveAt(0);
        _callers.RemoveAt(0);
        if (caller.Count > 0)
        {
            AddLast(caller);
        }

        return next;
    }

    /// <summary>Undoes a <see cref="Take"/> whose lease was not granted: the same caller is served next.</summary>
    public void Requeue(PendingRequest waiting)
    {
        var own = Of(waiting) ?? [];
        _callers.Remove(own);
        _callers.Insert(waiting.IsBackground ? Interactive : 0, own);
        Insert(waiting, own);
    }

    /// <summary>Gives a background request the priority of a query that now waits for its reply.</summary>
    public void Promote(PendingRequest waiting)
    {
        var isPending = Of(waiting)?.Contains(waiting) == true;
        Remove(waiting);
        waiting.IsBackground = false;
        if (isPending && Of(waiting) is { } own)
        {
            Insert(waiting, own);
        }
        else if (isPending)
        {
            AddLast([waiting]);
        }
    }

    public void Remove(PendingRequest waiting)
    {
        if (Of(waiting) is { } own && own.Remove(waiting) && own.Count == 0)
        {
            _callers.Remove(own);
        }
    }

    /// <summary>Visits all requests in the order in which they would be served, and removes those that the predicate rejects.</summary>
    public void RejectWhere(Func<PendingRequest, bool> reject)
    {
        foreach (var priority in _callers.GroupBy(caller => caller[0].IsBackground, caller => new Queue<PendingRequest>(caller)))
        {
            var order = new Queue<Queue<PendingRequest>>(priority);
            while (order.TryDequeue(out var caller))
            {
                // A rejected request was not served, so it is still this caller's turn.
                while (caller.TryDequeue(out var next) && reject(next))
                {
                    Remove(next);
                }

                if (caller.Count > 0)
                {
                    order.Enqueue(caller);
                }
            }
        }
    }

    private static void Insert(PendingRequest waiting, List<PendingRequest> own) => own.Insert(own.TakeWhile(other => other.Number < waiting.Number).Count(), waiting);

    private void AddLast(List<PendingRequest> caller) => _callers.Insert(caller[0].IsBackground ? _callers.Count : Interactive, caller);

    private List<PendingRequest>? Of(PendingRequest waiting) => _callers.Find(caller =>
        caller[0].Origin.Caller == waiting.Origin.Caller && caller[0].IsBackground == waiting.IsBackground);
}

/// <summary>A request that waits for a lease.</summary>
/// <param name="deadline">Measured from the rate limiter's start.</param>
internal sealed class PendingRequest(RequestOrigin origin, TimeSpan deadline)
{
    // Continuations must not run under the rate limiter's lock.
    private readonly TaskCompletionSource<RateLimitLease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestOrigin Origin => origin;

    public TimeSpan Deadline => deadline;

    /// <summary>True if no query waits for the reply. Changed only by <see cref="PendingRequests.Promote"/>.</summary>
    public bool IsBackground { get; set; } = !origin.HasPriority;

    /// <summary>Number in order of arrival; a request that is queued again keeps its position.</summary>
    public long Number { get; set; }

    public Task<RateLimitLease> Task => _lease.Task;

    public bool TryGrant(Func<RateLimitLease> create) => _lease.TrySetResult(create());

    public void Reject(Exception reason) => _lease.TrySetException(reason);

    /// <summary>Ends the wait when the token is canceled; <paramref name="leave"/> removes the request from its queue.</summary>
    public void LeaveOn(Action leave, CancellationToken cancelled) => WhilePending(
        token =>
        {
            _lease.TrySetCanceled(token);
            leave();
        },
        cancelled);

    /// <summary>Runs <paramref name="promote"/> when a query starts to wait for the reply of a background request.</summary>
    public void PromoteOn(Action promote)
    {
        if (IsBackground)
        {
            WhilePending(_ => promote(), origin.Awaited);
        }
    }

    private void WhilePending(Action<CancellationToken> react, CancellationToken cancelled)
    {
        if (Task.IsCompleted)
        {
            return;
        }

        var registration = cancelled.UnsafeRegister((_, token) => react(token), null);

        // A token can outlive many waits, so the registration must end. Unregister does not wait for running callbacks, as Dispose would.
        _ = Task.ContinueWith(
            (_, state) => ((CancellationTokenRegistration)state!).Unregister(),
            registration,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}

/// <summary>Permission for one attempt. Disposing it ends the attempt; the request stays in the count for a minute.</summary>
internal sealed class RateLimitLease(GenesysRateLimiter rateLimiter, TimeSpan grantedAt) : IDisposable
{
    private int _released;

    /// <summary>Measured from the rate limiter's start.</summary>
    public TimeSpan GrantedAt => grantedAt;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            rateLimiter.Release();
        }
    }
}

/// <summary>The current usage of the rate limit.</summary>
/// <param name="Used">Requests counted in the current window.</param>
/// <param name="Allowed">Allowed requests per window.</param>
/// <param name="ResetSeconds">Seconds until the oldest request leaves the window; 0 if there is none.</param>
internal readonly record struct RateLimitState(int Used, int Allowed, int ResetSeconds)
{
    /// <summary>Background work leaves a tenth of the limit, rounded up, to queries, but is always allowed at least one request.</summary>
    public static int BackgroundShareOf(int allowed) => Math.Max(1, allowed - ((allowed + 9) / 10));

    /// <summary>How long background requests wait for the rate limit, if all other requests continue at the current rate.</summary>
    /// <param name="calls">The number of requests.</param>
    public TimeSpan WaitFor(int calls)
    {
        var share = BackgroundShareOf(Allowed);
        var beyond = calls - Math.Max(0, share - Used);
        return beyond <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(ResetSeconds) + ((beyond - 1) / share * TimeSpan.FromMinutes(1));
    }
}
