using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Requests the metrics of a group, except those that Genesys rejects. If Genesys rejects a request, one search finds the unsupported metrics for all
/// concurrent queries of the group. A result records the metrics that it lacks, even if Genesys accepts these metrics later.
/// </summary>
internal sealed class MetricGroupRequests(UnsupportedMetrics unsupported, TimeProvider clock)
{
    /// <summary>How long no other search starts for the same rejection after a search has shown that the metrics are not the cause.</summary>
    private static readonly TimeSpan FutileSearchLifetime = TimeSpan.FromMinutes(1);

    /// <summary>How long metrics that Genesys rejects only together are requested in the parts that Genesys accepted.</summary>
    private static readonly TimeSpan AcceptedPartsLifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Family, RequestVariant Variant), SemaphoreSlim> _searches = new();
    private readonly ConcurrentDictionary<(string Family, RequestVariant Variant), (string? Text, DateTimeOffset Until)> _futileSearches = new();
    private readonly ConcurrentDictionary<(string Family, RequestVariant Variant), (IReadOnlyList<ImmutableArray<string>> Parts, DateTimeOffset Until)> _acceptedParts = new();

    /// <param name="edges">The bucket edges of the request.</param>
    /// <param name="sendAsync">Sends the request for these metrics.</param>
    public async Task<FetchedPart> SendAsync(
        Slice slice, ImmutableArray<Instant> edges, CallBudget? calls, Func<ImmutableArray<string>, Task<AggregatesReply>> sendAsync,
        CancellationToken cancellationToken)
    {
        var replies = await SendAcceptedAsync(slice, calls, SendAndRecord, cancellationToken);
        if (calls is null || calls.Left > calls.Limit / 4)
        {
            replies = [.. replies, .. await RetryDueAsync(slice, SendAndRecord)];
        }

        return PartOf(slice, edges, replies, Instant.FromDateTimeOffset(clock.GetUtcNow()));

        async Task<AggregatesReply> SendAndRecord(ImmutableArray<string> metrics)
        {
            var reply = await sendAsync(metrics);
            unsupported.RecordAccepted(metrics, slice.Key.Variant);
            return reply;
        }
    }

    private async Task<IReadOnlyList<MetricReply>> SendAcceptedAsync(
        Slice slice, CallBudget? calls, Func<ImmutableArray<string>, Task<AggregatesReply>> sendAsync, CancellationToken cancellationToken)
    {
        while (unsupported.Without(slice) is [_, ..] metrics)
        {
            GenesysException rejected;
            try
            {
                var replies = new List<MetricReply>();
                foreach (var part in PartsOf(slice, metrics))
                {
                    replies.Add(new MetricReply(part, await sendAsync(part)));
                }

                return replies;
            }
            catch (GenesysException e) when (UnsupportedMetricSearch.IsRejection(e.Failure))
            {
                rejected = e;
            }

            calls?.RecordCause(rejected.Failure);
            if (await SearchAsync(slice, metrics, rejected, sendAsync, cancellationToken) is { } searchReplies)
            {
                return searchReplies;
            }
        }

        return [];
    }

    /// <returns>Null if a concurrent search has changed the list of unsupported metrics.</returns>
    private async Task<IReadOnlyList<MetricReply>?> SearchAsync(
        Slice slice, ImmutableArray<string> metrics, GenesysException rejected, Func<ImmutableArray<string>, Task<AggregatesReply>> sendAsync,
        CancellationToken cancellationToken)
    {
        var key = (slice.Metrics.Family, slice.Key.Variant);
        var gate = _searches.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!unsupported.Without(slice).SequenceEqual(metrics))
            {
                return null;
            }

            if (IsKnownFutile(key, rejected.Failure))
            {
                throw rejected;
            }

            var control = slice.Metrics.IsStandard ? null : unsupported.Without(slice with { Metrics = GenesysMetrics.PartWithValues(GenesysMetrics.StandardGroup, slice.Key.Dimensions)! })[0];
            var search = new UnsupportedMetricSearch(
                sendAsync, (metric, failure) => unsupported.RecordRejected(metric, slice.Key.Variant, failure.CorrelationId), control);
            if (!await search.FindAsync(metrics, rejected.Failure))
            {
                _futileSearches[key] = (rejected.Failure.UpstreamMessage, clock.GetUtcNow() + FutileSearchLifetime);
                throw rejected;
            }

            // A single rejection can be a fault of Genesys. All metrics are requested together once more, because requesting them in parts costs more requests.
            if (!search.IsAnyFound && search.Replies.Count > 1 && await IsRejectedAsync(metrics, sendAsync))
            {
                _acceptedParts[key] = ([.. search.Replies.Select(reply => reply.Metrics)], clock.GetUtcNow() + AcceptedPartsLifetime);
            }

            return search.Replies;
        }
        finally
        {
            gate.Release();
        }
    }

    private static async Task<bool> IsRejectedAsync(ImmutableArray<string> metrics, Func<ImmutableArray<string>, Task<AggregatesReply>> sendAsync)
    {
        try
        {
            await sendAsync(metrics);
            return false;
        }
        catch (GenesysException e)
        {
            return UnsupportedMetricSearch.IsRejection(e.Failure);
        }
    }

    /// <summary>The metrics of each request: all of them, or parts if Genesys recently rejected the metrics together but accepted them in parts.</summary>
    private IReadOnlyList<ImmutableArray<string>> PartsOf(Slice slice, ImmutableArray<string> metrics) =>
        _acceptedParts.TryGetValue((slice.Metrics.Family, slice.Key.Variant), out var known) && clock.GetUtcNow() < known.Until
            && known.Parts.Sum(part => part.Length) == metrics.Length && known.Parts.All(part => part.All(metrics.Contains))
            ? known.Parts
            : [metrics];

    private bool IsKnownFutile((string Family, RequestVariant Variant) key, GenesysFailure rejection) =>
        _futileSearches.TryGetValue(key, out var known) && clock.GetUtcNow() < known.Until && known.Text == rejection.UpstreamMessage;

    /// <summary>Retries the metrics that are due for a retry. If Genesys rejects them again, the result is complete without them.</summary>
    private async Task<IReadOnlyList<MetricReply>> RetryDueAsync(Slice slice, Func<ImmutableArray<string>, Task<AggregatesReply>> sendAsync)
    {
        var replies = new List<MetricReply>();
        foreach (var metric in unsupported.TakeDueForRetry(slice))
        {
            try
            {
                replies.Add(new MetricReply([metric], await sendAsync([metric])));
            }
            catch (GenesysException e)
            {
                // A reply that is too large shows that the metric is supported.
                unsupported.RecordAccepted(e.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false } ? [metric] : [], slice.Key.Variant);
            }
        }

        return replies;
    }

    private static FetchedPart PartOf(Slice slice, ImmutableArray<Instant> edges, IReadOnlyList<MetricReply> replies, Instant now)
    {
        // Genesys can return metrics that were not requested. If several replies contained such a metric, it would be counted more than once.
        var facts = replies is [var single] ? single.Reply.Facts : FactsMerger.Merge(edges, [.. replies.Select(OwnFacts)]);
        var received = replies.SelectMany(reply => reply.Metrics);
        return new FetchedPart(
            facts, replies.Select(reply => reply.Reply.FetchedAt).DefaultIfEmpty(now).Min(), [.. slice.Metrics.Metrics.Except(received, StringComparer.Ordinal)]);
    }

    private static AggregateFacts OwnFacts(MetricReply reply) => reply.Reply.Facts.Of(reply.Metrics);
}

/// <summary>The result of one of the requests for a slice.</summary>
/// <param name="Missing">Metrics of the group that Genesys rejected. The facts do not contain them.</param>
internal sealed record FetchedPart(AggregateFacts Facts, Instant FetchedAt, ImmutableArray<string> Missing);
