using System.Collections.Concurrent;
using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Failures are shared for a moment, never kept: whoever comes right after a failure gets it too, instead of being the next to wait
/// for Genesys in vain.
/// </summary>
internal sealed class FailedSlices
{
    private static readonly Duration Shortest = Duration.FromSeconds(2);

    /// <summary>Genesys can ask for hours; the gateway lets one probe a minute through, and a slice must not be more patient.</summary>
    private static readonly Duration Longest = Duration.FromMinutes(1);

    private readonly ConcurrentDictionary<SliceKey, (GenesysFailure Failure, Instant Until)> _failed = new();

    public static Duration RememberedFor(GenesysFailure failure)
    {
        // What fits at no size is not mended by time alone, as an outage is.
        var longest = failure.Kind == GenesysFailureKind.TooLarge ? Duration.FromTimeSpan(TooLargeQuestions.Kept) : Longest;

        // Refused credentials are remembered where the login is, and forgotten there as soon as the settings change.
        return failure is { Kind: not GenesysFailureKind.Unauthorized, RetryAfter: { } wait } ? Duration.Max(Shortest, Duration.Min(longest, Duration.FromTimeSpan(wait))) : Shortest;
    }

    public GenesysFailure? Find(SliceKey key, Instant now) => _failed.TryGetValue(key, out var known) && now < known.Until ? known.Failure : null;

    public void Remember(SliceKey key, GenesysFailure failure, Instant now)
    {
        foreach (var (old, _) in _failed.Where(known => now >= known.Value.Until))
        {
            _failed.TryRemove(old, out _);
        }

        _failed[key] = (failure, now + RememberedFor(failure));
    }

    public void Forget(SliceKey key) => _failed.TryRemove(key, out _);
}
