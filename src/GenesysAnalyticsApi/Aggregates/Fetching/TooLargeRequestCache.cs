using System.Collections.Concurrent;
using System.Security.Cryptography;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Negative cache: remembers requests whose replies exceeded the Genesys size limit. The service does not repeat such a request for a few minutes, so that a
/// request that fails at every size is not split again for each caller.
/// </summary>
internal sealed class TooLargeRequestCache(IGenesysGateway gateway, TimeProvider clock)
{
    /// <summary>
    /// How long a rejection is remembered: as long as <see cref="LearnedSliceSize"/> waits before it tries a larger size. By then, a temporary Genesys fault
    /// has usually ended; if not, a few requests fail again.
    /// </summary>
    public static readonly TimeSpan Lifetime = LearnedSliceSize.TrialInterval;

    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<string, (GenesysFailure Failure, DateTimeOffset Until)> _tooLarge = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Group, RequestVariant Variant, Duration Step), DateTimeOffset> _smallestTooLarge = new();

    /// <exception cref="GenesysException">The request failed, or the same request was recently too large, so it was not sent again.</exception>
    public async Task<AggregatesReply> SendAsync(AggregatesRequest request, CancellationToken cancellationToken)
    {
        if (Find(request) is { } known)
        {
            throw new GenesysException(known);
        }

        try
        {
            return await gateway.QueryAggregatesAsync(request, cancellationToken);
        }
        catch (GenesysException e) when (e.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false })
        {
            Remember(request, e.Failure);
            throw;
        }
    }

    /// <summary>Records that the smallest request with the slice's metric group, direction, split and bucket length was too large.</summary>
    public void RecordSmallestTooLarge(SliceKey slice)
    {
        var now = clock.GetUtcNow();
        MakeRoom(_smallestTooLarge, until => now >= until);
        _smallestTooLarge[KindOf(slice)] = now + Lifetime;
    }

    /// <summary>
    /// Whether the smallest request with the slice's metric group, direction, split and bucket length was recently too large. It is then tested before a larger
    /// request is halved.
    /// </summary>
    public bool IsSmallestKnownTooLarge(SliceKey slice) => _smallestTooLarge.TryGetValue(KindOf(slice), out var until) && clock.GetUtcNow() < until;

    private GenesysFailure? Find(AggregatesRequest request) =>
        !_tooLarge.IsEmpty && _tooLarge.TryGetValue(KeyOf(request), out var known) && clock.GetUtcNow() < known.Until ? known.Failure : null;

    private void Remember(AggregatesRequest request, GenesysFailure failure)
    {
        var now = clock.GetUtcNow();
        MakeRoom(_tooLarge, known => now >= known.Until);
        _tooLarge[KeyOf(request)] = (failure, now + Lifetime);
    }

    /// <summary>
    /// Removes the expired entries, or all entries if that is not enough. Callers can cause any number of different requests, so the cache needs a limit.
    /// </summary>
    private static void MakeRoom<TKey, TValue>(ConcurrentDictionary<TKey, TValue> entries, Func<TValue, bool> isExpired)
        where TKey : notnull
    {
        if (entries.Count < MaxEntries)
        {
            return;
        }

        foreach (var (expired, _) in entries.Where(entry => isExpired(entry.Value)))
        {
            entries.TryRemove(expired, out _);
        }

        // If the cache is still full, all its entries are recent. A removed entry costs one Genesys request if the request is needed again, but results do not
        // change.
        if (entries.Count >= MaxEntries)
        {
            entries.Clear();
        }
    }

    private static (string Group, RequestVariant Variant, Duration Step) KindOf(SliceKey slice) => (slice.Group, slice.Variant, slice.Step);

    private static string KeyOf(AggregatesRequest request) => Convert.ToHexString(SHA256.HashData(GenesysWire.BodyOf(request)));
}
