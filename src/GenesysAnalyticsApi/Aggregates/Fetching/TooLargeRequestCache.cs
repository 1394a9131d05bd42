using System.Collections.Concurrent;
using System.Security.Cryptography;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Negative cache of questions whose answer is larger than Genesys allows. For a few minutes exactly these are not asked again, so that
/// a question that fits at no size does not cost every caller the same calls again.
/// </summary>
internal sealed class TooLargeRequestCache(IGenesysGateway gateway, TimeProvider clock)
{
    /// <summary>As long as sizes are believed: then a fault of Genesys has passed, or costs a few calls once more.</summary>
    public static readonly TimeSpan Kept = AdaptiveSliceSize.TrialInterval;

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, (GenesysFailure Failure, DateTimeOffset Until)> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Group, string? Direction, Duration Step), DateTimeOffset> _unfit = new();

    /// <exception cref="GenesysException">A refusal that is remembered, without a call, or what comes of asking.</exception>
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

    /// <summary>The smallest question of this kind was too large.</summary>
    public void NothingFits(SliceKey slice) => _unfit[KindOf(slice)] = clock.GetUtcNow() + Kept;

    /// <summary>Worth asking the smallest question of this kind first, before others are halved many times.</summary>
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

            // All of them young: they are forgotten together, which costs a call each and no figure.
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
