using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Requests the metrics of a group, except those that Genesys refuses. If Genesys rejects the request, the unsupported metrics are searched for once,
/// on behalf of all concurrent queries for the group. Metrics missing from a reply are recorded with it and do not change when more is learned.
/// </summary>
internal sealed class MetricGroupRequests(UnsupportedMetrics refused, TimeProvider clock)
{
    /// <summary>Time for which an equal rejection starts no further search after one that was not caused by metrics.</summary>
    private static readonly TimeSpan SearchedInVain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Group, string? Direction), SemaphoreSlim> _searches = new();
    private readonly ConcurrentDictionary<(string Group, string? Direction), (string? Text, DateTimeOffset Until)> _inVain = new();

    /// <param name="edges">The bucket edges of the request.</param>
    /// <param name="ask">Sends the request for these metrics.</param>
    public async Task<FetchedPart> AskAsync(
        Slice slice, ImmutableArray<Instant> edges, CallBudget? calls, Func<ImmutableArray<string>, Task<AggregatesReply>> ask, CancellationToken cancellationToken)
    {
        var answers = await AskAcceptedAsync(slice, calls, AskNoting, cancellationToken);
        if (calls is null || calls.Left > calls.Limit / 4)
        {
            answers = [.. answers, .. await TryAgainAsync(slice, AskNoting)];
        }

        return PartOf(slice, edges, answers, Instant.FromDateTimeOffset(clock.GetUtcNow()));

        async Task<AggregatesReply> AskNoting(ImmutableArray<string> metrics)
        {
            var reply = await ask(metrics);
            refused.Given(metrics, slice.Key.Direction);
            return reply;
        }
    }

    private async Task<IReadOnlyList<MetricReply>> AskAcceptedAsync(
        Slice slice, CallBudget? calls, Func<ImmutableArray<string>, Task<AggregatesReply>> ask, CancellationToken cancellationToken)
    {
        while (refused.Without(slice) is [_, ..] metrics)
        {
            GenesysException rejected;
            try
            {
                return [new MetricReply(metrics, await ask(metrics))];
            }
            catch (GenesysException e) when (UnsupportedMetricSearch.IsRejection(e.Failure))
            {
                rejected = e;
            }

            calls?.SpendOn(rejected.Failure);
            if (await SearchAsync(slice, metrics, rejected, ask, cancellationToken) is { } answers)
            {
                return answers;
            }
        }

        return [];
    }

    /// <returns>Null if a concurrent search has changed the unsupported metrics.</returns>
    private async Task<IReadOnlyList<MetricReply>?> SearchAsync(
        Slice slice, ImmutableArray<string> metrics, GenesysException rejected, Func<ImmutableArray<string>, Task<AggregatesReply>> ask, CancellationToken cancellationToken)
    {
        var key = (slice.Key.Group, slice.Key.Direction);
        var turn = _searches.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!refused.Without(slice).SequenceEqual(metrics))
            {
                return null;
            }

            if (IsInVain(key, rejected.Failure))
            {
                throw rejected;
            }

            var control = slice.Metrics == MetricCatalog.StandardGroup ? null : refused.Without(slice with { Metrics = MetricCatalog.StandardGroup })[0];
            var search = new UnsupportedMetricSearch(ask, (metric, failure) => refused.Learn(metric, slice.Key.Direction, failure.CorrelationId), control);
            if (!await search.FindAsync(metrics, rejected.Failure))
            {
                _inVain[key] = (rejected.Failure.UpstreamMessage, clock.GetUtcNow() + SearchedInVain);
                throw rejected;
            }

            return search.Answers;
        }
        finally
        {
            turn.Release();
        }
    }

    private bool IsInVain((string Group, string? Direction) key, GenesysFailure rejection) =>
        _inVain.TryGetValue(key, out var known) && clock.GetUtcNow() < known.Until && known.Text == rejection.UpstreamMessage;

    /// <summary>Retries metrics that were refused an hour ago. If they are refused again, the result is complete without them.</summary>
    private async Task<IReadOnlyList<MetricReply>> TryAgainAsync(Slice slice, Func<ImmutableArray<string>, Task<AggregatesReply>> ask)
    {
        var answers = new List<MetricReply>();
        foreach (var metric in refused.TakeDue(slice))
        {
            try
            {
                answers.Add(new MetricReply([metric], await ask([metric])));
            }
            catch (GenesysException e)
            {
                // A reply that is too large shows that the metric is supported.
                refused.Given(e.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false } ? [metric] : [], slice.Key.Direction);
            }
        }

        return answers;
    }

    private static FetchedPart PartOf(Slice slice, ImmutableArray<Instant> edges, IReadOnlyList<MetricReply> answers, Instant now)
    {
        // Genesys may return metrics that were not requested. In several replies they would be counted more than once.
        var facts = answers is [var only] ? only.Reply.Facts : FactsMerger.Merge(edges, [.. answers.Select(OwnFacts)]);
        var answered = answers.SelectMany(answer => answer.Metrics);
        return new FetchedPart(
            facts, answers.Select(answer => answer.Reply.FetchedAt).DefaultIfEmpty(now).Min(), [.. slice.Metrics.Metrics.Except(answered, StringComparer.Ordinal)]);
    }

    private static AggregateFacts OwnFacts(MetricReply answer) => answer.Reply.Facts.Of(answer.Metrics);
}

/// <summary>The result of one of the requests for a slice.</summary>
/// <param name="Missing">Metrics of the group that Genesys refused. The facts do not contain them.</param>
internal sealed record FetchedPart(AggregateFacts Facts, Instant FetchedAt, ImmutableArray<string> Missing);
