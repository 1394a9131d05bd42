namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// So many places for all callers together. One caller alone may have them all; where several wait, the next place goes to the one that holds the
/// fewest, among equals to the one that was served longest ago, and to each caller's own in the order of their coming. So a caller who has
/// taken all of them makes another one wait for a single place to become free, however many of its own wait.
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

    /// <summary>How many wait for their first place.</summary>
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

    /// <summary>A place, or a place in the queue. Null where none is free and the caller may not wait.</summary>
    /// <param name="mayWait">Decides by how much there is already.</param>
    public SemaphorePermit? Enter(string caller, Func<SemaphoreUsage, bool> mayWait)
    {
        lock (_gate)
        {
            return _free > 0 || mayWait(StandingOf(caller)) ? Add(new SemaphorePermit(this, caller, isFirm: false)) : null;
        }
    }

    /// <summary>A place for a question that had one before: it waits, however many do, and stays until it is served.</summary>
    public SemaphorePermit EnterAgain(string caller)
    {
        lock (_gate)
        {
            return Add(new SemaphorePermit(this, caller, isFirm: true));
        }
    }

    /// <summary>Refuses the last one that waits, of the caller with most of them, if that is more than the newcomer's caller would then have.</summary>
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
            // A newcomer comes after those who have been served no more than it.
            _callers.Add(place.Caller, share = new Share { ServedAt = ++_served });
        }

        if (_free > 0)
        {
            // None waits: what becomes free is given on at once.
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

        /// <summary>Those that wait and can be sent away.</summary>
        public int MayLeave => Waiting.Count(place => !place.IsFirm);
    }
}

/// <param name="Held">Places that the caller has.</param>
/// <param name="Waiting">How many of the caller wait for one.</param>
/// <param name="AllWaiting">How many of all callers do.</param>
/// <param name="Callers">Callers that have a place or wait for one, this one included.</param>
internal readonly record struct SemaphoreUsage(int Held, int Waiting, int AllWaiting, int Callers);

/// <summary>One place, or the wait for it. Its disposal gives up either.</summary>
/// <param name="isFirm">It is never sent away from the queue.</param>
internal sealed class SemaphorePermit(FairSemaphore places, string caller, bool isFirm) : IDisposable
{
    // Continuations must not run under the lock of the places.
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    public string Caller => caller;

    public bool IsFirm => isFirm;

    /// <summary>Fails with the refusal of a place that is sent away.</summary>
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

        // Its question may be leaving at this very moment, and look at it no more.
        _ = _granted.Task.Exception;
    }
}
