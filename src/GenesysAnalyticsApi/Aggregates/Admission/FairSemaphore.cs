namespace GenesysAnalyticsApi.Aggregates.Admission;

/// <summary>
/// Limits the number of permits that all callers hold together. A single caller can hold every permit. While callers wait, the next permit goes to the
/// caller that holds the fewest permits; among such callers, to the caller served longest ago. The requests of one caller are served in order of arrival. A
/// caller that holds all permits therefore delays another caller by only one release, no matter how many of its requests are waiting.
/// </summary>
internal sealed class FairSemaphore(int limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CallerState> _callers = new(StringComparer.Ordinal);
    private readonly int _limit = limit;
    private int _free = limit;
    private int _waiting;
    private int _reentries;
    private long _served;

    public int Held
    {
        get
        {
            lock (_gate)
            {
                return _limit - _free;
            }
        }
    }

    /// <summary>The number of requests waiting for their first permit.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting - _reentries;
            }
        }
    }

    /// <summary>Returns a permit, or a place in the queue. Null if no permit is free and the caller may not wait.</summary>
    /// <param name="mayWait">Decides from the current usage whether the caller may wait.</param>
    public SemaphorePermit? Enter(string caller, Func<SemaphoreUsage, bool> mayWait)
    {
        lock (_gate)
        {
            return _free > 0 || mayWait(UsageOf(caller)) ? Add(new SemaphorePermit(this, caller, isReentry: false)) : null;
        }
    }

    /// <summary>Enters a request that held a permit before. The request waits regardless of the queue length and is never evicted.</summary>
    public SemaphorePermit EnterAgain(string caller)
    {
        lock (_gate)
        {
            return Add(new SemaphorePermit(this, caller, isReentry: true));
        }
    }

    /// <summary>
    /// Evicts the newest evictable request of the caller with the most such requests, if that caller has more of them than the new caller would have after
    /// joining the queue.
    /// </summary>
    public bool TryEvict(string newcomer, Func<Exception> refusal)
    {
        lock (_gate)
        {
            var busiest = _callers.Values.MaxBy(state => state.Evictable);
            if (busiest is null || busiest.Evictable <= (_callers.GetValueOrDefault(newcomer)?.Evictable ?? 0) + 1)
            {
                return false;
            }

            var last = busiest.Waiting.Last(permit => !permit.IsReentry);
            busiest.Waiting.Remove(last);
            _waiting--;
            last.Refuse(refusal());
            return true;
        }
    }

    internal void Leave(SemaphorePermit permit)
    {
        lock (_gate)
        {
            if (!_callers.TryGetValue(permit.Caller, out var state))
            {
                return;
            }

            if (permit.IsGranted)
            {
                state.Held--;
                _free++;
            }
            else if (state.Waiting.Remove(permit))
            {
                _waiting--;
                _reentries -= permit.IsReentry ? 1 : 0;
            }

            RemoveIfIdle(permit.Caller, state);
            Serve();
        }
    }

    private SemaphoreUsage UsageOf(string caller)
    {
        var state = _callers.GetValueOrDefault(caller);
        return new(state?.Held ?? 0, state?.Evictable ?? 0, _waiting - _reentries, state is null ? _callers.Count + 1 : _callers.Count);
    }

    private SemaphorePermit Add(SemaphorePermit permit)
    {
        if (!_callers.TryGetValue(permit.Caller, out var state))
        {
            // A new caller counts as just served, so that it does not overtake callers that are already waiting.
            _callers.Add(permit.Caller, state = new CallerState { ServedAt = ++_served });
        }

        if (_free > 0)
        {
            // A permit is free only if no request is waiting, because released permits are granted immediately.
            Grant(permit, state);
            return permit;
        }

        state.Waiting.AddLast(permit);
        _waiting++;
        _reentries += permit.IsReentry ? 1 : 0;
        return permit;
    }

    private void Serve()
    {
        while (_free > 0 && _waiting > 0)
        {
            var state = _callers.Values.Where(state => state.Waiting.Count > 0).MinBy(state => (state.Held, state.ServedAt))!;
            var next = state.Waiting.First!.Value;
            state.Waiting.RemoveFirst();
            _waiting--;
            _reentries -= next.IsReentry ? 1 : 0;
            Grant(next, state);
        }
    }

    private void Grant(SemaphorePermit permit, CallerState state)
    {
        (state.Held, state.ServedAt) = (state.Held + 1, ++_served);
        _free--;
        permit.Grant();
    }

    private void RemoveIfIdle(string caller, CallerState state)
    {
        if (state.Held == 0 && state.Waiting.Count == 0)
        {
            _callers.Remove(caller);
        }
    }

    private sealed class CallerState
    {
        public int Held { get; set; }

        public long ServedAt { get; set; }

        public LinkedList<SemaphorePermit> Waiting { get; } = [];

        /// <summary>Number of waiting requests that can be evicted.</summary>
        public int Evictable => Waiting.Count(permit => !permit.IsReentry);
    }
}

/// <summary>The current use of a semaphore, by one caller and by all callers.</summary>
/// <param name="Held">Permits that the caller holds.</param>
/// <param name="Waiting">Waiting requests of the caller that can be evicted.</param>
/// <param name="AllWaiting">Waiting requests of all callers that can be evicted.</param>
/// <param name="Callers">Callers that hold a permit or wait for a permit, including the caller itself.</param>
internal readonly record struct SemaphoreUsage(int Held, int Waiting, int AllWaiting, int Callers);

/// <summary>A permit, or a pending wait for a permit. <see cref="Dispose"/> releases the permit or ends the wait.</summary>
/// <param name="isReentry">True if the request held a permit before. Such a request is never evicted.</param>
internal sealed class SemaphorePermit(FairSemaphore semaphore, string caller, bool isReentry) : IDisposable
{
    // Continuations must not run while the semaphore's lock is held.
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _released;

    public string Caller => caller;

    public bool IsReentry => isReentry;

    /// <summary>Completes when the permit is granted; faults when the request is evicted.</summary>
    public Task Granted => _granted.Task;

    public bool IsGranted => _granted.Task.IsCompletedSuccessfully;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            semaphore.Leave(this);
        }
    }

    internal void Grant() => _granted.TrySetResult();

    internal void Refuse(Exception refusal)
    {
        _granted.TrySetException(refusal);

        // If the request has already been canceled, nothing else observes the exception.
        _ = _granted.Task.Exception;
    }
}
