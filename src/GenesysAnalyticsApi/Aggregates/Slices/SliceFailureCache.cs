using System.Collections.Concurrent;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Failures are shared for a moment, never kept: a question that comes right after a failure gets it too, instead of being the next to wait
/// for Genesys in vain.
/// </summary>
internal sealed class SliceFailureCache
{
    private static readonly Duration ShortestLifetime = Duration.FromSeconds(2);

    /// <summary>Genesys can ask for hours; the gateway lets one probe a minute through, and a slice must not be more patient.</summary>
    private static readonly Duration LongestLifetime = Duration.FromMinutes(1);

    private readonly ConcurrentDictionary<SliceKey, (GenesysFailure Failure, Instant At, Instant Until)> _failed = new();

    public static Duration LifetimeOf(GenesysFailure failure)
    {
        // What fits at no size is not mended by time alone, as an outage is.
        var longest = failure.Kind == GenesysFailureKind.TooLarge ? Duration.FromTimeSpan(TooLargeRequestCache.Lifetime) : LongestLifetime;

        // Refused credentials are remembered where the login is, and forgotten there as soon as the settings change.
        return failure is { Kind: not GenesysFailureKind.Unauthorized, RetryAfter: { } wait } ? Duration.Max(ShortestLifetime, Duration.Min(longest, Duration.FromTimeSpan(wait))) : ShortestLifetime;
    }

    /// <param name="fetchedAt">When the slice was last fetched, here or by another replica: a failure before then is over.</param>
    public GenesysFailure? Find(SliceKey key, Instant? fetchedAt, Instant now) =>
        _failed.TryGetValue(key, out var known) && IsRemembered(known.At, known.Until, now) && !(fetchedAt >= known.At) ? known.Failure : null;

    public void Remember(SliceKey key, GenesysFailure failure, Instant now)
    {
        foreach (var (old, _) in _failed.Where(known => !IsRemembered(known.Value.At, known.Value.Until, now)))
        {
            _failed.TryRemove(old, out _);
        }

        _failed[key] = (failure, now, now + LifetimeOf(failure));
    }

    public void Forget(SliceKey key) => _failed.TryRemove(key, out _);

    // A clock that was set back would prolong what was remembered by as much.
    private static bool IsRemembered(Instant at, Instant until, Instant now) => at <= now && now < until;
}
