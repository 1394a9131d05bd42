using System.Collections.Concurrent;
using System.Security.Cryptography;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Negative cache of requests whose reply exceeds the Genesys size limit. The service does not repeat them for a few minutes, so that a request that
/// fails at every size is not split again for each caller.
/// </summary>
internal sealed class TooLargeRequestCache(IGenesysGateway gateway, TimeProvider clock)
{
    /// <summary>The same time as for learned sizes. By then a temporary Genesys fault has passed; if not, it costs a few requests again.</summary>
    public static readonly TimeSpan Lifetime = LearnedSliceSize.TrialInterval;

    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<string, (GenesysFailure Failure, DateTimeOffset Until)> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Group, RequestVariant Variant, Duration Step), DateTimeOffset> _unfit = new();

    /// <exception cref="GenesysException">A remembered rejection, without a Genesys request, or the failure of the request.</exception>
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

    /// <summary>Records that the smallest request of this kind was too large.</summary>
    public void RecordNothingFits(SliceKey slice) => _unfit[KindOf(slice)] = clock.GetUtcNow() + Lifetime;

    /// <summary>Returns true if the smallest request of this kind should be tested before others are halved.</summary>
    public bool IsKnownUnfit(SliceKey slice) => _unfit.TryGetValue(KindOf(slice), out var until) && clock.GetUtcNow() < until;

    private GenesysFailure? Find(AggregatesRequest request) =>
        !_refused.IsEmpty && _refused.TryGetValue(KeyOf(request), out var known) && clock.GetUtcNow() < known.Until ? known.Failure : null;

    private void Remember(AggregatesRequest request, GenesysFailure failure)
    {
        var now = clock.GetUtcNow();
        if (_refused.Count >= MaxEntries)
        {
            foreach (var (old, _) in _refused.Where(known => now >= known.Value.Until))
            {
                _refused.TryRemove(old, out _);
            }

            // All entries are recent. Clearing them costs one request each, but does not change results.
            if (_refused.Count >= MaxEntries)
            {
                _refused.Clear();
            }
        }

        _refused[KeyOf(request)] = (failure, now + Lifetime);
    }

    private static (string Group, RequestVariant Variant, Duration Step) KindOf(SliceKey slice) => (slice.Group, slice.Variant, slice.Step);

    private static string KeyOf(AggregatesRequest request) => Convert.ToHexString(SHA256.HashData(GenesysWire.BodyOf(request)));
}
