using System.Collections.Concurrent;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Remembers failures for a short time (negative cache). A query that arrives right after a failure gets the same failure at once instead of waiting for
/// Genesys.
/// </summary>
internal sealed class SliceFailureCache
{
    private static readonly Duration MinLifetime = Duration.FromSeconds(2);

    /// <summary>
    /// The maximum time for which a failure other than "too large" is remembered. Genesys can request a cooldown of hours, but the rate limiter then allows one
    /// probe per minute, and a slice must not wait longer than that.
    /// </summary>
    private static readonly Duration MaxLifetime = Duration.FromMinutes(1);

    /// <summary>The maximum time for which "too large" is remembered: longer than other failures, because waiting does not make a reply smaller.</summary>
    private static readonly Duration MaxTooLargeLifetime = Duration.FromTimeSpan(TooLargeRequestCache.Lifetime);

    private readonly ConcurrentDictionary<SliceKey, (GenesysFailure Failure, Instant At, Instant Until)> _failed = new();

    /// <summary>The maximum time for which any failure is remembered.</summary>
    public static Duration LongestLifetime => Duration.Max(MaxLifetime, MaxTooLargeLifetime);

    public static Duration LifetimeOf(GenesysFailure failure)
    {
        var maxLifetime = failure.Kind == GenesysFailureKind.TooLarge ? MaxTooLargeLifetime : MaxLifetime;

        // The login itself remembers rejected credentials and forgets them when the settings change.
        return failure is { Kind: not GenesysFailureKind.Unauthorized, RetryAfter: { } wait } ? Duration.Max(MinLifetime, Duration.Min(maxLifetime, Duration.FromTimeSpan(wait))) : MinLifetime;
    }

    /// <param name="fetchedAt">When a replica fetched the cached slice; null if none is cached. An earlier failure no longer applies.</param>
    public GenesysFailure? Find(SliceKey key, Instant? fetchedAt, Instant now) =>
        _failed.TryGetValue(key, out var known) && IsRemembered(known.At, known.Until, now) && !(fetchedAt >= known.At) ? known.Failure : null;

    public void Remember(SliceKey key, GenesysFailure failure, Instant now)
    {
        foreach (var (expired, _) in _failed.Where(known => !IsRemembered(known.Value.At, known.Value.Until, now)))
        {
            _failed.TryRemove(expired, out _);
        }

        _failed[key] = (failure, now, now + LifetimeOf(failure));
    }

    public void Forget(SliceKey key) => _failed.TryRemove(key, out _);

    // Without the first condition, setting the clock back would extend the lifetime.
    private static bool IsRemembered(Instant at, Instant until, Instant now) => at <= now && now < until;
}
