using System.Collections.Concurrent;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Computes how long a slice is fresh, from the age of its end at the time of the fetch, because Genesys changes recent data more often.
/// </summary>
internal static class SliceFreshness
{
    /// <summary>How long a slice is stored after the fetch, to be returned as stale if Genesys is unavailable.</summary>
    public static readonly Duration StaleRetention = Duration.FromDays(7);

    /// <summary>How long an exact slice, or a slice computed from another slice, is stored. Few later queries need such a slice.</summary>
    public static readonly Duration ExactSliceRetention = Duration.FromMinutes(5);

    /// <summary>The maximum freshness of a slice with invalid statistics, even if its data has settled.</summary>
    private static readonly Duration InvalidStatisticsRetry = Duration.FromMinutes(30);

    private static readonly Duration OneDay = Duration.FromHours(24);

    /// <summary>How long a slice with this end is fresh after a fetch at this instant.</summary>
    public static Duration Of(Instant end, Instant fetchedAt, Duration settle) => (fetchedAt - end) switch
    {
        var age when age < Duration.Zero => Duration.FromSeconds(30),
        var age when age < OneDay && age < settle => Duration.FromMinutes(5),
        var age when age < settle => Duration.FromMinutes(30),
        _ => OneDay,
    };

    /// <summary>
    /// When a cached slice must be fetched again. Two kinds of slices are due early even if their data has settled: a slice with invalid
    /// statistics, and a slice that lacks a metric that Genesys might accept at the next retry.
    /// </summary>
    public static Instant RefreshDueAt(Slice slice, CachedSlice cached, Duration settle)
    {
        var due = RefreshDueAt(slice, cached.FetchedAt, settle);
        due = cached.Facts.HasInvalid ? Instant.Min(due, cached.FetchedAt + InvalidStatisticsRetry) : due;
        return cached.RejectedMetrics.All(GenesysMetrics.OftenRejected.Contains) ? due : Instant.Min(due, cached.FetchedAt + UnsupportedMetrics.RetryInterval);
    }

    /// <summary>
    /// When a slice must be fetched again: at the end of its freshness, or earlier when the slice closes or settles, because a different freshness applies
    /// afterward. An exact slice is due after <see cref="ExactSliceRetention"/> at the latest.
    /// </summary>
    public static Instant RefreshDueAt(Slice slice, Instant fetchedAt, Duration settle)
    {
        var end = slice.Key.To;
        var due = fetchedAt + Of(end, fetchedAt, settle);
        due = slice.Grain is null ? Instant.Min(due, fetchedAt + ExactSliceRetention) : due;
        due = fetchedAt < end ? Instant.Min(due, end) : due;
        return fetchedAt < end + settle ? Instant.Min(due, end + settle) : due;
    }
}

/// <summary>What one query requires of a slice: its maximum age and the queues that it must cover.</summary>
/// <param name="RequestedAt">When the query requested the slice.</param>
/// <param name="MaxAge">The maximum age that the caller accepts. This limit can only shorten the freshness.</param>
internal readonly record struct SliceDemand(Slice Slice, Instant RequestedAt, Duration? MaxAge, Duration Settle)
{
    /// <summary>
    /// Whether a fetch that started at this instant is new enough. The fetched data can be as old as that instant.
    /// </summary>
    public bool Accepts(Instant startedAt) => startedAt >= RequestedAt || RequestedAt < LimitByMaxAge(SliceFreshness.RefreshDueAt(Slice, startedAt, Settle), startedAt);

    /// <summary>Whether a slice is new enough, regardless of its queues.</summary>
    public bool IsNewEnough(CachedSlice found) => found.FetchedAt >= RequestedAt || RequestedAt < DueAt(found);

    /// <summary>The queues of the query for which the slice was not requested.</summary>
    public QueueSet Missing(CachedSlice found) => Slice.NeededQueues.Without(found.RequestedQueues);

    public bool IsSatisfiedBy(CachedSlice found) => IsNewEnough(found) && Missing(found).Ids.IsEmpty;

    /// <summary>Whether a slice satisfies the query and is newer, or covers more queues, than the slice that the query found in the cache.</summary>
    public bool IsImprovement(CachedSlice? found, CachedSlice? cached) =>
        found is not null && IsSatisfiedBy(found) && (cached is null || found.FetchedAt > cached.FetchedAt || !Missing(cached).Ids.IsEmpty);

    /// <summary>When the slice becomes too old for this query.</summary>
    public Instant DueAt(CachedSlice cached) => LimitByMaxAge(SliceFreshness.RefreshDueAt(Slice, cached, Settle), cached.FetchedAt);

    private Instant LimitByMaxAge(Instant due, Instant fetchedAt) => MaxAge is { } maxAge ? Instant.Min(due, fetchedAt + maxAge) : due;
}

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
