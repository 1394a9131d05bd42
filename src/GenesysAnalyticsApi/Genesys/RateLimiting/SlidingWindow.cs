namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// What counts against the minute: our own permits of the last 60 s, sliding, so that no phase of Genesys' window can be overrun,
/// or what Genesys says it has counted, where that is more. Times are spans since the budget's start. Not thread-safe: the budget locks.
/// </summary>
internal sealed class SlidingWindow
{
    /// <summary>A minute, and a little for requests that overtake each other on the way.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60.5);

    // The reset header counts whole seconds; two answers of one window can disagree by one.
    private static readonly TimeSpan SameWindow = TimeSpan.FromSeconds(2);

    private readonly List<TimeSpan> _granted = [];
    private readonly List<Counted> _counted = [];

    private string? _token;
    private int? _allowed;
    private TimeSpan _allowedUntil;
    private TimeSpan? _fullUntil;
    private bool _isDoubted;
    private int _pending;

    /// <summary>Our own permits of the last 60 s that were confirmed.</summary>
    public int Own => _granted.Count - _pending;

    /// <summary>By how much Genesys' last count was above our own. Its minute is never longer than ours, so that it should not be.</summary>
    public int Uncounted { get; private set; }

    /// <summary>Counts a permit, on trial: nothing leaves for Genesys before it is <see cref="Confirm">confirmed</see>.</summary>
    public void Add(TimeSpan now)
    {
        _granted.Add(now);
        _pending++;
    }

    public void Confirm()
    {
        _pending--;
        foreach (var window in _counted)
        {
            window.Count++;
        }
    }

    /// <summary>The permit was not used.</summary>
    public void Return(TimeSpan grantedAt)
    {
        _pending--;
        _granted.Remove(grantedAt);
    }

    /// <summary>To see how it goes on, on paper.</summary>
    public SlidingWindow Copy()
    {
        var copy = new SlidingWindow { _token = _token, _allowed = _allowed, _allowedUntil = _allowedUntil, _pending = _pending };
        copy._granted.AddRange(_granted);
        copy._counted.AddRange(_counted.Select(window => window with { }));
        return copy;
    }

    /// <summary>
    /// Headers never lower the count: answers overtake each other, and other replicas may share the limit. A count is forgotten when
    /// its window resets, and with its token, because each token has a limit of its own.
    /// </summary>
    public void Observe(GenesysRateHeaders headers, string token, int ceiling, TimeSpan now)
    {
        if (token != _token)
        {
            (_token, _allowed, _fullUntil, _isDoubted) = (token, null, null, false);
            _counted.Clear();
        }

        Forget(now);
        if (headers.Allowed is { } allowed and > 0)
        {
            (_allowed, _allowedUntil) = (allowed, now + Length);
        }

        var resetsAt = now + (headers.Reset ?? Length);
        if (headers.Count is not { } count || !IsBelieved(count >= Allowed(ceiling, now), headers.IsRefusal, resetsAt, now))
        {
            return;
        }

        Uncounted = Math.Max(0, count - Own);
        var window = _counted.Find(one => (one.ResetsAt - resetsAt).Duration() <= SameWindow);
        if (window is null)
        {
            _counted.Add(new Counted { Count = count, ResetsAt = resetsAt });
        }
        else
        {
            window.Count = Math.Max(window.Count, count);
        }
    }

    /// <summary>When the next permit can be given, so that there are never more than <paramref name="limit"/>.</summary>
    public TimeSpan Earliest(TimeSpan now, int limit)
    {
        Forget(now);
        var tooMany = _granted.Count + 1 - limit;
        var earliest = tooMany > 0 ? _granted[tooMany - 1] + Length : now;
        foreach (var window in _counted)
        {
            earliest = window.Count + _pending >= limit && window.ResetsAt > earliest ? window.ResetsAt : earliest;
        }

        return earliest;
    }

    public RateLimitState State(TimeSpan now, int ceiling)
    {
        Forget(now);
        var most = _counted.MaxBy(window => window.Count);
        var (used, until) = most is not null && most.Count + _pending > _granted.Count
            ? (most.Count + _pending, most.ResetsAt)
            : (_granted.Count, _granted.Count > 0 ? _granted[0] + Length : now);
        return new(used, Allowed(ceiling, now), (int)Math.Ceiling((until - now).TotalSeconds));
    }

    /// <summary>Our ceiling, or Genesys' limit where that is lower and was told in the last minute.</summary>
    public int Allowed(int ceiling, TimeSpan now) => Math.Max(1, Math.Min(ceiling, now < _allowedUntil ? _allowed ?? ceiling : ceiling));

    /// <summary>
    /// A count that leaves no room is believed for one window. Where the first answer of the next window says the same again, although it
    /// was no refusal, the count is wrong: full windows are ignored until a count with room, or a 429, has come.
    /// </summary>
    private bool IsBelieved(bool isFull, bool isRefusal, TimeSpan resetsAt, TimeSpan now)
    {
        if (!isFull)
        {
            (_fullUntil, _isDoubted) = (null, false);
            return true;
        }

        var isNextWindow = _fullUntil is { } ended && now >= ended && now < ended + Length;
        _isDoubted = !isRefusal && (_isDoubted || isNextWindow);
        _fullUntil = _isDoubted ? _fullUntil : resetsAt;
        return !_isDoubted;
    }

    private void Forget(TimeSpan now)
    {
        var old = 0;
        while (old < _granted.Count && now - _granted[old] >= Length)
        {
            old++;
        }

        _granted.RemoveRange(0, old);
        _counted.RemoveAll(window => now >= window.ResetsAt);
    }

    /// <summary>Genesys' count of one of its windows, and what we have sent since it was told.</summary>
    private sealed record Counted
    {
        public int Count { get; set; }

        public required TimeSpan ResetsAt { get; init; }
    }
}
