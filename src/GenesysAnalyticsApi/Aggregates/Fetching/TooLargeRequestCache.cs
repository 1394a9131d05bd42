using System.Collections.Concurrent;
using System.Security.Cryptography;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Negative cache of requests with replies that exceed the Genesys size limit. The service does not repeat such a request for a few minutes, so that a request
/// that fails at every size is not split again for each caller.
/// </summary>
internal sealed class TooLargeRequestCache(IGenesysGateway gateway, TimeProvider clock)
{
    /// <summary>The same time as for learned sizes. A temporary Genesys fault has usually ended by then; if not, a few requests fail again.</summary>
    public static readonly TimeSpan Lifetime = LearnedSliceSize.TrialInterval;

    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<string, (GenesysFailure Failure, DateTimeOffset Until)> _tooLarge = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Group, RequestVariant Variant, Duration Step), DateTimeOffset> _nothingFits = new();

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
    public void RecordNothingFits(SliceKey slice) => _nothingFits[KindOf(slice)] = clock.GetUtcNow() + Lifetime;

    /// <summary>Whether the smallest request of this kind was recently too large. It is then tested before a larger request is halved.</summary>
    public bool IsKnownTooLarge(SliceKey slice) => _nothingFits.TryGetValue(KindOf(slice), out var until) && clock.GetUtcNow() < until;

    private GenesysFailure? Find(AggregatesRequest request) =>
        !_tooLarge.IsEmpty && _tooLarge.TryGetValue(KeyOf(request), out var known) && clock.GetUtcNow() < known.Until ? known.Failure : null;

    private void Remember(AggregatesRequest request, GenesysFailure failure)
    {
        var now = clock.GetUtcNow();
        if (_tooLarge.Count >= MaxEntries)
        {
            foreach (var (expired, _) in _tooLarge.Where(known => now >= known.Value.Until))
            {
                _tooLarge.TryRemove(expired, out _);
            }

            // All entries are recent. Each removed entry costs one Genesys request, but results do not change.
            if (_tooLarge.Count >= MaxEntries)
            {
                _tooLarge.Clear();
            }
        }

        _tooLarge[KeyOf(request)] = (failure, now + Lifetime);
    }

    private static (string Group, RequestVariant Variant, Duration Step) KindOf(SliceKey slice) => (slice.Group, slice.Variant, slice.Step);

    private static string KeyOf(AggregatesRequest request) => Convert.ToHexString(SHA256.HashData(GenesysWire.BodyOf(request)));
}
