namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>The requests of the last minute, counted over all replicas that ask as the same client.</summary>
internal interface ISharedRateLimit
{
    /// <summary>Counts one request more, if that leaves it within <paramref name="limit"/>. Never throws for Redis' sake.</summary>
    Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How far this machine's clock is ahead of the clock that times the count. Null if unknown.</summary>
    TimeSpan? ClockAhead => null;
}

/// <param name="Count">Requests of all replicas, one just granted included; null when nobody counts them.</param>
/// <param name="Wait">Until enough of them are a minute old for one more; zero when granted.</param>
internal readonly record struct SharedGrant(bool IsGranted, int? Count, TimeSpan Wait)
{
    /// <summary>Nobody counts for all: each replica has its own count alone.</summary>
    public static readonly SharedGrant Alone = new(true, null, TimeSpan.Zero);
}

/// <summary>One replica, or several without Redis.</summary>
internal sealed class LocalRateLimit : ISharedRateLimit
{
    public Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(SharedGrant.Alone);
}

/// <summary>
/// What the count of all replicas has told last: how many requests were others', and until when they leave no room for ours.
/// Times are spans since the budget's start. Not thread-safe: the budget locks.
/// </summary>
internal sealed class ReplicaUsage
{
    // However little was told: without any pause it would be asked again and again.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private int _others;
    private TimeSpan _countedUntil;
    private TimeSpan _full;
    private TimeSpan _fullForBackground;

    /// <param name="own">Our part of the count.</param>
    public void Observe(SharedGrant told, bool isBackground, int own, TimeSpan now)
    {
        if (told.Count is { } count)
        {
            (_others, _countedUntil) = (Math.Max(0, count - own), now + SlidingWindow.Length);
        }

        if (told.IsGranted)
        {
            return;
        }

        // Asking again before then would be in vain, whoever asks; background work is refused earlier, and for itself alone.
        // No entry of that count lives for longer than a window.
        var wait = told.Wait < SlidingWindow.Length ? told.Wait : SlidingWindow.Length;
        var until = now + (wait > ShortestWait ? wait : ShortestWait);
        _fullForBackground = until > _fullForBackground ? until : _fullForBackground;
        _full = isBackground ? _full : until;
    }

    /// <summary>From when on there may be room.</summary>
    public TimeSpan RoomAt(bool isBackground) => isBackground && _fullForBackground > _full ? _fullForBackground : _full;

    /// <summary>The requests of the last minute that were other replicas'; 0 where that is not known.</summary>
    public int Others(TimeSpan now) => now < _countedUntil ? _others : 0;

    /// <summary>The state of this replica with what is known of the others.</summary>
    public RateLimitState With(RateLimitState ours, int own, TimeSpan now)
    {
        if (now < _full)
        {
            var opensIn = (int)Math.Ceiling((_full - now).TotalSeconds);
            return ours with { Used = Math.Max(ours.Used, ours.Allowed), ResetSeconds = Math.Max(ours.ResetSeconds, opensIn) };
        }

        return now < _countedUntil ? ours with { Used = Math.Max(ours.Used, own + Others(now)) } : ours;
    }
}
