namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// Limits the concurrent holders of all callers together. A single caller may hold every permit. While callers wait, the next permit goes to the
/// caller that holds the fewest, then to the one served longest ago, and within a caller in order of arrival. A caller that holds all permits
/// therefore delays another one by a single release, no matter how many of its own requests wait.
/// </summary>
internal sealed class FairSemaphore(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Share> _callers = new(StringComparer.Ordinal);
    private readonly int _most = most;
    private int _free = most;
    private int _waiting;
    private int _firm;
    private long _served;

    public int Held
    {
        get
        {
            lock (_gate)
            {
                return _most - _free;
            }
        }
    }

    /// <summary>Number of callers' requests that wait for their first permit.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting - _firm;
            }
        }
    }

    /// <summary>Returns a permit, or a place in the queue. Null if no permit is free and the caller may not wait.</summary>
    /// <param name="mayWait">Decides from the current usage whether the caller may wait.</param>
    public SemaphorePermit? Enter(string caller, Func<SemaphoreUsage, bool> mayWait)
    {
        lock (_gate)
        {
            return _free > 0 || mayWait(StandingOf(caller)) ? Add(new SemaphorePermit(this, caller, isFirm: false)) : null;
        }
    }

    /// <summary>Enters a request that held a permit before. It waits regardless of the queue length and is never evicted.</summary>
    public SemaphorePermit EnterAgain(string caller)
    {
        lock (_gate)
        {
            return Add(new SemaphorePermit(this, caller, isFirm: true));
        }
    }

    /// <summary>Evicts the newest waiter of the caller with the most waiters, if that caller has more than the new caller would then have.</summary>
    public bool PushOut(string newcomer, Func<Exception> refusal)
    {
        lock (_gate)
        {
            var most = _callers.Values.MaxBy(share => share.MayLeave);
            if (most is null || most.MayLeave <= (_callers.GetValueOrDefault(newcomer)?.MayLeave ?? 0) + 1)
            {
                return false;
            }

            var last = most.Waiting.Last(place => !place.IsFirm);
            most.Waiting.Remove(last);
            _waiting--;
            last.Refuse(refusal());
            return true;
        }
    }

    internal void Leave(SemaphorePermit place)
    {
        lock (_gate)
        {
            if (!_callers.TryGetValue(place.Caller, out var share))
            {
                return;
            }

            if (place.IsGranted)
            {
                share.Held--;
                _free++;
            }
            else if (share.Waiting.Remove(place))
            {
                _waiting--;
                _firm -= place.IsFirm ? 1 : 0;
            }

            Forget(place.Caller, share);
            Serve();
        }
    }

    private SemaphoreUsage StandingOf(string caller)
    {
        var share = _callers.GetValueOrDefault(caller);
        return new(share?.Held ?? 0, share?.MayLeave ?? 0, _waiting - _firm, share is null ? _callers.Count + 1 : _callers.Count);
    }

    private SemaphorePermit Add(SemaphorePermit place)
    {
        if (!_callers.TryGetValue(place.Caller, out var share))
        {
            // A new caller is served after callers that were served before it.
            _callers.Add(place.Caller, share = new Share { ServedAt = ++_served });
        }

        if (_free > 0)
        {
            // A permit is free only if no request waits, because released permits are granted immediately.
            Grant(place, share);
            return place;
        }

        share.Waiting.AddLast(place);
        _waiting++;
        _firm += place.IsFirm ? 1 : 0;
        return place;
    }

    private void Serve()
    {
        while (_free > 0 && _waiting > 0)
        {
            var share = _callers.Values.Where(share => share.Waiting.Count > 0).MinBy(share => (share.Held, share.ServedAt))!;
            var next = share.Waiting.First!.Value;
            share.Waiting.RemoveFirst();
            _waiting--;
            _firm -= next.IsFirm ? 1 : 0;
            Grant(next, share);
        }
    }

    private void Grant(SemaphorePermit place, Share share)
    {
        (share.Held, share.ServedAt) = (share.Held + 1, ++_served);
        _free--;
        place.Grant();
    }

    private void Forget(string caller, Share share)
    {
        if (share.Held == 0 && share.Waiting.Count == 0)
        {
            _callers.Remove(caller);
        }
    }

    private sealed class Share
    {
        public int Held { get; set; }

        public long ServedAt { get; set; }

        public LinkedList<SemaphorePermit> Waiting { get; } = [];

        /// <summary>Number of waiters that can be evicted.</summary>
        public int MayLeave => Waiting.Count(place => !place.IsFirm);
    }
}

/// <param name="Held">Permits that the caller holds.</param>
/// <param name="Waiting">Requests of the caller that wait.</param>
/// <param name="AllWaiting">Requests of all callers that wait.</param>
/// <param name="Callers">Callers that hold a permit or wait for one, including this one.</param>
internal readonly record struct SemaphoreUsage(int Held, int Waiting, int AllWaiting, int Callers);

/// <summary>A permit, or the wait for one. Disposing it releases either.</summary>
/// <param name="isFirm">The waiter is never evicted.</param>
internal sealed class SemaphorePermit(FairSemaphore places, string caller, bool isFirm) : IDisposable
{
    // Continuations must not run while the semaphore's lock is held.
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    public string Caller => caller;

    public bool IsFirm => isFirm;

    /// <summary>Faults when the waiter is evicted.</summary>
    public Task Granted => _granted.Task;

    public bool IsGranted => _granted.Task.IsCompletedSuccessfully;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            places.Leave(this);
        }
    }

    internal void Grant() => _granted.TrySetResult();

    internal void Refuse(Exception refusal)
    {
        _granted.TrySetException(refusal);

        // The request may already have been cancelled, in which case the exception would go unobserved.
        _ = _granted.Task.Exception;
    }
}
