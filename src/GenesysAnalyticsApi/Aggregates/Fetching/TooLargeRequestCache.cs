using System.Collections.Concurrent;
using System.Security.Cryptography;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Negative cache of requests whose reply exceeds the Genesys size limit. They are not repeated for a few minutes, so that a request that fits at no
/// size does not cost every caller the same requests again.
/// </summary>
internal sealed class TooLargeRequestCache(IGenesysGateway gateway, TimeProvider clock)
{
    /// <summary>As long as learned sizes are valid. After that, a temporary Genesys fault has passed or costs a few requests again.</summary>
    public static readonly TimeSpan Kept = AdaptiveSliceSize.TrialInterval;

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, (GenesysFailure Failure, DateTimeOffset Until)> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Group, string? Direction, Duration Step), DateTimeOffset> _unfit = new();

    /// <exception cref="GenesysException">A remembered refusal, without a Genesys request, or the failure of the request.</exception>
    public async Task<AggregatesReply> AskAsync(AggregatesRequest question, CancellationToken cancellationToken)
    {
        if (Find(question) is { } known)
        {
            throw new GenesysException(known);
        }

        try
        {
            return await gateway.QueryAggregatesAsync(question, cancellationToken);
        }
        catch (GenesysException e) when (e.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false })
        {
            Remember(question, e.Failure);
            throw;
        }
    }

    /// <summary>Records that the smallest request of this kind was too large.</summary>
    public void NothingFits(SliceKey slice) => _unfit[KindOf(slice)] = clock.GetUtcNow() + Kept;

    /// <summary>Returns true if the smallest request of this kind should be tested before others are halved.</summary>
    public bool MayFitAtNoSize(SliceKey slice) => _unfit.TryGetValue(KindOf(slice), out var until) && clock.GetUtcNow() < until;

    private GenesysFailure? Find(AggregatesRequest question) =>
        !_refused.IsEmpty && _refused.TryGetValue(KeyOf(question), out var known) && clock.GetUtcNow() < known.Until ? known.Failure : null;

    private void Remember(AggregatesRequest question, GenesysFailure failure)
    {
        var now = clock.GetUtcNow();
        if (_refused.Count >= Most)
        {
            foreach (var (old, _) in _refused.Where(known => now >= known.Value.Until))
            {
                _refused.TryRemove(old, out _);
            }

            // All entries are recent. Clearing them costs one request each and no correctness.
            if (_refused.Count >= Most)
            {
                _refused.Clear();
            }
        }

        _refused[KeyOf(question)] = (failure, now + Kept);
    }

    private static (string Group, string? Direction, Duration Step) KindOf(SliceKey slice) => (slice.Group, slice.Direction, slice.Step);

    private static string KeyOf(AggregatesRequest question) => Convert.ToHexString(SHA256.HashData(GenesysWire.BodyOf(question)));
}
