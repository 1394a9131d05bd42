using System.Globalization;
using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// Counts requests against the limit per minute: the leases of the last 60 s, or the count that Genesys reports, whichever is higher. Because
/// the window slides, the requests stay within Genesys' limit wherever Genesys' own window begins. Times are measured from the rate limiter's start.
/// Not thread-safe: the rate limiter serializes access.
/// </summary>
internal sealed class SlidingWindow
{
    /// <summary>One minute plus a margin for requests that overtake each other in transit.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60.5);

    // The reset header contains whole seconds, so the reset times of two replies in the same window can differ by one second.
    private static readonly TimeSpan SameWindow = TimeSpan.FromSeconds(2);

    private readonly List<TimeSpan> _granted = [];
    private readonly List<UpstreamWindow> _upstreamWindows = [];

    private string? _token;
    private int? _allowed;
    private TimeSpan _allowedUntil;
    private TimeSpan? _fullUntil;
    private bool _isDistrusted;
    private int _pending;

    /// <summary>Confirmed leases of the last 60 s.</summary>
    public int Own => _granted.Count - _pending;

    /// <summary>
    /// By how much Genesys' latest count exceeded <see cref="Own"/>. Genesys' window is never longer than this window, so other replicas or programs sent these
    /// additional requests.
    /// </summary>
    public int Uncounted { get; private set; }

    /// <summary>Counts a provisional lease; no request is sent before it is <see cref="Confirm">confirmed</see>.</summary>
    public void Add(TimeSpan now)
    {
        _granted.Add(now);
        _pending++;
    }

    public void Confirm()
    {
        _pending--;
        foreach (var window in _upstreamWindows)
        {
            window.Count++;
        }
    }

    /// <summary>Removes a provisional lease that was not used.</summary>
    public void Return(TimeSpan grantedAt)
    {
        _pending--;
        _granted.Remove(grantedAt);
    }

    /// <summary>
    /// Records the headers of a reply. Headers never lower the count, because replies can arrive out of order and other replicas can share the limit. A
    /// count is dropped when its window resets, and when the token changes, because each token has its own limit.
    /// </summary>
    public void Observe(GenesysRateHeaders headers, string token, int ceiling, TimeSpan now)
    {
        if (token != _token)
        {
            (_token, _allowed, _fullUntil, _isDistrusted) = (token, null, null, false);
            _upstreamWindows.Clear();
        }

        RemoveExpired(now);
        if (headers.Allowed is { } allowed and > 0)
        {
            (_allowed, _allowedUntil) = (allowed, now + Length);
        }

        var resetsAt = now + (headers.Reset ?? Length);
        if (headers.Count is not { } count || !IsPlausible(count >= Allowed(ceiling, now), headers.IsRejection, resetsAt, now))
        {
            return;
        }

        Uncounted = Math.Max(0, count - Own);
        var window = _upstreamWindows.Find(candidate => (candidate.ResetsAt - resetsAt).Duration() <= SameWindow);
        if (window is null)
        {
            _upstreamWindows.Add(new UpstreamWindow { Count = count, ResetsAt = resetsAt });
        }
        else
        {
            window.Count = Math.Max(window.Count, count);
        }
    }

    /// <summary>The earliest time at which another lease keeps the count within <paramref name="limit"/>.</summary>
    /// <param name="planned">The times of the leases that are expected before this lease, in ascending order.</param>
    public TimeSpan Earliest(TimeSpan now, int limit, IReadOnlyList<TimeSpan> planned)
    {
        RemoveExpired(now);
        var earliest = planned is [.., var last] ? last : now;
        if (_granted.Count + planned.Count - limit is >= 0 and var oldest)
        {
            var room = (oldest < _granted.Count ? _granted[oldest] : planned[oldest - _granted.Count]) + Length;
            earliest = room > earliest ? room : earliest;
        }

        foreach (var window in _upstreamWindows)
        {
            earliest = window.Count + _pending + planned.Count >= limit && window.ResetsAt > earliest ? window.ResetsAt : earliest;
        }

        return earliest;
    }

    public RateLimitState State(TimeSpan now, int ceiling)
    {
        RemoveExpired(now);
        var fullest = _upstreamWindows.MaxBy(window => window.Count);
        var (used, until) = fullest is not null && fullest.Count + _pending > _granted.Count
            ? (fullest.Count + _pending, fullest.ResetsAt)
            : (_granted.Count, _granted.Count > 0 ? _granted[0] + Length : now);
        return new(used, Allowed(ceiling, now), (int)Math.Ceiling((until - now).TotalSeconds));
    }

    /// <summary>The configured ceiling, or Genesys' limit if it is lower and was reported in the last minute.</summary>
    public int Allowed(int ceiling, TimeSpan now) => Math.Max(1, Math.Min(ceiling, now < _allowedUntil ? _allowed ?? ceiling : ceiling));

    /// <summary>
    /// A count that leaves no room is accepted for one window. If the first reply of the next window reports a full window again without
    /// being a 429, the count is considered wrong. From then on, full windows are ignored until a reply reports free capacity or is a 429.
    /// </summary>
    private bool IsPlausible(bool isFull, bool isRejection, TimeSpan resetsAt, TimeSpan now)
    {
        if (!isFull)
        {
            (_fullUntil, _isDistrusted) = (null, false);
            return true;
        }

        var isNextWindow = _fullUntil is { } ended && now >= ended && now < ended + Length;
        _isDistrusted = !isRejection && (_isDistrusted || isNextWindow);
        _fullUntil = _isDistrusted ? _fullUntil : resetsAt;
        return !_isDistrusted;
    }

    private void RemoveExpired(TimeSpan now)
    {
        var expiredCount = 0;
        while (expiredCount < _granted.Count && now - _granted[expiredCount] >= Length)
        {
            expiredCount++;
        }

        _granted.RemoveRange(0, expiredCount);
        _upstreamWindows.RemoveAll(window => now >= window.ResetsAt);
    }

    /// <summary>Genesys' count of one of its windows, plus the requests sent since it was reported.</summary>
    private sealed class UpstreamWindow
    {
        public int Count { get; set; }

        public required TimeSpan ResetsAt { get; init; }
    }
}

/// <summary>The <c>inin-ratelimit-*</c> headers. These headers are only hints: a reply can lack them, and no value blocks requests for long.</summary>
/// <param name="Count">Requests counted in Genesys' window.</param>
/// <param name="Allowed">Genesys' limit for its window.</param>
/// <param name="Reset">Time until the next window begins.</param>
/// <param name="IsRejection">Whether the reply was a 429. In that case, the limit was reached even if the other values disagree.</param>
internal readonly record struct GenesysRateHeaders(int? Count, int? Allowed, TimeSpan? Reset, bool IsRejection = false)
{
    /// <summary>Genesys counts by the minute, and resets of 61 s have been seen. A reset above this limit is ignored as implausible.</summary>
    private const int MaxResetSeconds = 120;

    public static GenesysRateHeaders Of(HttpResponseMessage response)
    {
        var isRejection = response.StatusCode == HttpStatusCode.TooManyRequests;
        var allowed = NumberIn(response, "inin-ratelimit-allowed") is > 0 and var limit ? limit : (int?)null;
        var count = NumberIn(response, "inin-ratelimit-count");

        // Genesys would have rejected a request above the limit, so one of the two values is wrong.
        var isInconsistent = count > allowed && !isRejection;
        return new(
            isInconsistent ? null : count,
            isInconsistent ? null : allowed,
            NumberIn(response, "inin-ratelimit-reset") is <= MaxResetSeconds and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            isRejection);
    }

    /// <summary>Returns the number in a header; null if the header is missing, is not a number, or has contradictory values.</summary>
    private static int? NumberIn(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
        && values.Distinct(StringComparer.Ordinal).ToList() is [var only]
        && int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>
/// A long cooldown that Genesys requested. Until the cooldown ends, only one probe per minute is sent. Times are measured from the rate limiter's
/// start. Not thread-safe: the rate limiter serializes access.
/// </summary>
internal sealed class GenesysCooldown
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMinutes(1);

    private TimeSpan _startedAt;
    private TimeSpan _nextProbe;
    private GenesysFailureKind _reason;

    public TimeSpan Until { get; private set; }

    public void Begin(GenesysFailureKind reason, TimeSpan length, TimeSpan now)
    {
        (_reason, _startedAt, Until) = (reason, now, now + length);
        _nextProbe = now + ProbeInterval;
    }

    /// <summary>A reply ends the cooldown, unless the lease of its attempt was granted before the cooldown began.</summary>
    public void RecordReply(TimeSpan grantedAt, TimeSpan now) => Until = now < Until && grantedAt > _startedAt ? TimeSpan.Zero : Until;

    /// <summary>Whether a request can be sent. During a cooldown, an allowed request counts as the probe of the minute.</summary>
    public bool AllowsProbe(TimeSpan now)
    {
        if (now >= Until)
        {
            return true;
        }

        if (now < _nextProbe)
        {
            return false;
        }

        _nextProbe = now + ProbeInterval;
        return true;
    }

    public GenesysException CreateFailure(TimeSpan wait, TimeSpan now) =>
        now < Until ? GenesysExceptionFactory.CooldownActive(_reason, wait) : GenesysExceptionFactory.RateLimitExhausted(wait);
}
