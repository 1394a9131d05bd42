using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Orders the pending requests: interactive before background, round-robin by caller within each priority, and the requests of each caller in
/// order of arrival. A caller with a hundred pending requests therefore delays other callers no longer than a caller with one pending request does. Only this
/// class decides the order. Not thread-safe: the rate limiter serializes access.
/// </summary>
internal sealed class PendingRequests
{
    /// <summary>
    /// One list for each caller and priority with pending requests: interactive lists first, and within each priority, the caller to serve next first.
    /// </summary>
    private readonly List<List<PendingRequest>> _callers = [];
    private long _lastNumber;

    public int Count => _callers.Sum(caller => caller.Count);

    // The limit for background work is lower, so no background request could be sent while an interactive request is waiting.
    public PendingRequest? Next => _callers is [[var next, ..], ..] ? next : null;

    private int Interactive => _callers.Count(caller => !caller[0].IsBackground);

    public void Add(PendingRequest request)
    {
        request.Number = ++_lastNumber;
        if (Of(request) is { } own)
        {
            own.Add(request);
        }
        else
        {
            AddLast([request]);
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

    /// <summary>Undoes a <see cref="Take"/> if the lease was not granted. The same caller is served next.</summary>
    public void Requeue(PendingRequest request)
    {
        var own = Of(request) ?? [];
        _callers.Remove(own);
        _callers.Insert(request.IsBackground ? Interactive : 0, own);
        Insert(request, own);
    }

    /// <summary>Gives a background request the priority of a query, because a query is now waiting for the reply.</summary>
    public void Promote(PendingRequest request)
    {
        var isPending = Of(request)?.Contains(request) == true;
        Remove(request);
        request.IsBackground = false;
        if (isPending && Of(request) is { } own)
        {
            Insert(request, own);
        }
        else if (isPending)
        {
            AddLast([request]);
        }
    }

    public void Remove(PendingRequest request)
    {
        if (Of(request) is { } own && own.Remove(request) && own.Count == 0)
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

    private static void Insert(PendingRequest request, List<PendingRequest> own) =>
        own.Insert(own.TakeWhile(other => other.Number < request.Number).Count(), request);

    private void AddLast(List<PendingRequest> caller) => _callers.Insert(caller[0].IsBackground ? _callers.Count : Interactive, caller);

    private List<PendingRequest>? Of(PendingRequest request) => _callers.Find(caller =>
        caller[0].Origin.Caller == request.Origin.Caller && caller[0].IsBackground == request.IsBackground);
}

/// <summary>A request that is waiting for a lease.</summary>
/// <param name="deadline">The end of the wait, measured from the rate limiter's start.</param>
internal sealed class PendingRequest(RequestOrigin origin, TimeSpan deadline)
{
    // Continuations must not run under the rate limiter's lock.
    private readonly TaskCompletionSource<RateLimitLease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestOrigin Origin => origin;

    public TimeSpan Deadline => deadline;

    /// <summary>True if no query is waiting for the reply. Changed only by <see cref="PendingRequests.Promote"/>.</summary>
    public bool IsBackground { get; set; } = !origin.HasPriority;

    /// <summary>The number of the request in order of arrival. A request that is queued again keeps its number.</summary>
    public long Number { get; set; }

    public Task<RateLimitLease> Task => _lease.Task;

    public bool TryGrant(Func<RateLimitLease> create) => _lease.TrySetResult(create());

    public void Reject(Exception reason) => _lease.TrySetException(reason);

    /// <summary>Ends the wait when the token is canceled, and runs <paramref name="removeFromQueue"/>.</summary>
    public void LeaveOn(Action removeFromQueue, CancellationToken cancellationToken) => WhilePending(
        token =>
        {
            _lease.TrySetCanceled(token);
            removeFromQueue();
        },
        cancellationToken);

    /// <summary>If this is a background request, runs <paramref name="promote"/> when a query starts to wait for the reply.</summary>
    public void PromoteOn(Action promote)
    {
        if (IsBackground)
        {
            WhilePending(_ => promote(), origin.Awaited);
        }
    }

    private void WhilePending(Action<CancellationToken> react, CancellationToken cancellationToken)
    {
        if (Task.IsCompleted)
        {
            return;
        }

        var registration = cancellationToken.UnsafeRegister((_, token) => react(token), null);

        // A token can outlive many waits, so the registration must end with the wait. Unlike Dispose, Unregister does not wait for running callbacks.
        _ = Task.ContinueWith(
            (_, state) => ((CancellationTokenRegistration)state!).Unregister(),
            registration,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}

/// <summary>The permission for one attempt. Disposing the lease ends the attempt, but the request stays in the count for a minute.</summary>
internal sealed class RateLimitLease(GenesysRateLimiter rateLimiter, TimeSpan grantedAt) : IDisposable
{
    private int _released;

    /// <summary>When the lease was granted, measured from the rate limiter's start.</summary>
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
/// <param name="ResetSeconds">Seconds until the oldest request leaves the window, or until Genesys' own window ends; 0 if no request is counted.</param>
internal readonly record struct RateLimitState(int Used, int Allowed, int ResetSeconds)
{
    /// <summary>How long additional background requests wait for the rate limit, if no other requests are sent in the meantime.</summary>
    /// <param name="calls">The number of additional background requests.</param>
    public TimeSpan WaitFor(int calls)
    {
        var share = BackgroundShare.Of(Allowed);
        var beyond = calls - Math.Max(0, share - Used);
        return beyond <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(ResetSeconds) + ((beyond - 1) / share * TimeSpan.FromMinutes(1));
    }
}
