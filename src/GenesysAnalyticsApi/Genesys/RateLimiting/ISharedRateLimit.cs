namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>Counts the requests of the last minute across all replicas that use the same OAuth client.</summary>
internal interface ISharedRateLimit
{
    /// <summary>Counts one more request if the total stays within <paramref name="limit"/>. Does not throw on Redis errors.</summary>
    Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How far this machine's clock is ahead of the clock of the shared count. Null if unknown.</summary>
    TimeSpan? ClockAhead => null;
}

/// <param name="Count">Requests of all replicas in the last minute, including the request just granted; null without a shared count.</param>
/// <param name="Wait">Time until one more request is allowed; zero if granted.</param>
internal readonly record struct SharedGrant(bool IsGranted, int? Count, TimeSpan Wait)
{
    /// <summary>Without a shared count, each replica uses only its own count.</summary>
    public static readonly SharedGrant Alone = new(true, null, TimeSpan.Zero);
}

/// <summary>Used by a single replica, or by several replicas without Redis.</summary>
internal sealed class LocalRateLimit : ISharedRateLimit
{
    public Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(SharedGrant.Alone);
}

/// <summary>
/// Remembers the latest shared count: how many requests the other replicas sent, and until when they leave no room for requests of this replica.
/// Times are measured from the rate limiter's start. Not thread-safe: the rate limiter serializes access.
/// </summary>
internal sealed class ReplicaUsage
{
    // Without a minimum, a very short wait would cause a busy loop.
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(1);

    private int _others;
    private TimeSpan _countedUntil;
    private TimeSpan _fullUntil;
    private TimeSpan _fullForBackgroundUntil;

    /// <param name="own">Requests of this replica that the shared count includes.</param>
    public void Observe(SharedGrant shared, bool isBackground, int own, TimeSpan now)
    {
        if (shared.Count is { } count)
        {
            (_others, _countedUntil) = (Math.Max(0, count - own), now + SlidingWindow.Length);
        }

        if (shared.IsGranted)
        {
            return;
        }

        // Until the wait is over, any other request would be rejected too. Background work has a lower limit, so the rejection of a background request does not
        // apply to interactive requests. The wait is at most one window, because the count includes no older requests.
        var wait = shared.Wait < SlidingWindow.Length ? shared.Wait : SlidingWindow.Length;
        var until = now + (wait > MinWait ? wait : MinWait);
        _fullForBackgroundUntil = until > _fullForBackgroundUntil ? until : _fullForBackgroundUntil;
        _fullUntil = isBackground ? _fullUntil : until;
    }

    /// <summary>The earliest time at which there could be room for another request.</summary>
    public TimeSpan RoomAt(bool isBackground) => isBackground && _fullForBackgroundUntil > _fullUntil ? _fullForBackgroundUntil : _fullUntil;

    /// <summary>Requests that other replicas sent in the last minute; 0 if unknown.</summary>
    public int Others(TimeSpan now) => now < _countedUntil ? _others : 0;

    /// <summary>Combines the state of this replica with the latest count of the other replicas.</summary>
    public RateLimitState With(RateLimitState local, int own, TimeSpan now)
    {
        if (now < _fullUntil)
        {
            var opensIn = (int)Math.Ceiling((_fullUntil - now).TotalSeconds);
            return local with { Used = Math.Max(local.Used, local.Allowed), ResetSeconds = Math.Max(local.ResetSeconds, opensIn) };
        }

        return now < _countedUntil ? local with { Used = Math.Max(local.Used, own + Others(now)) } : local;
    }
}
