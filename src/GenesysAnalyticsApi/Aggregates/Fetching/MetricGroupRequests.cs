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
/// Asks a question for the metrics of a group, without those that Genesys refuses. Where Genesys rejects it, the metrics at fault are
/// searched for, once for all who ask for the group at the same time. What an answer lacks is part of the answer: it does not change
/// when something else is learnt meanwhile.
/// </summary>
internal sealed class MetricGroupRequests(UnsupportedMetrics refused, TimeProvider clock)
{
    /// <summary>So long a rejection that was found to have nothing to do with metrics starts no further search.</summary>
    private static readonly TimeSpan SearchedInVain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Group, string? Direction), SemaphoreSlim> _searches = new();
    private readonly ConcurrentDictionary<(string Group, string? Direction), (string? Text, DateTimeOffset Until)> _inVain = new();

    /// <param name="edges">The bucket edges of the question.</param>
    /// <param name="ask">Asks it for these metrics.</param>
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

            calls?.RecordCause(rejected.Failure);
            if (await SearchAsync(slice, metrics, rejected, ask, cancellationToken) is { } answers)
            {
                return answers;
            }
        }

        return [];
    }

    /// <returns>Null when somebody else has found out meanwhile what is refused.</returns>
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

    /// <summary>What was refused an hour ago may be given now; where it is not, the answer is whole without it.</summary>
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
                // Too large is an answer as well: the metric is one that Genesys would give.
                refused.Given(e.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false } ? [metric] : [], slice.Key.Direction);
            }
        }

        return answers;
    }

    private static FetchedPart PartOf(Slice slice, ImmutableArray<Instant> edges, IReadOnlyList<MetricReply> answers, Instant now)
    {
        // Genesys may post what was not asked for; in several answers it would be counted as often.
        var facts = answers is [var only] ? only.Reply.Facts : FactsMerger.Merge(edges, [.. answers.Select(OwnFacts)]);
        var answered = answers.SelectMany(answer => answer.Metrics);
        return new FetchedPart(
            facts, answers.Select(answer => answer.Reply.FetchedAt).DefaultIfEmpty(now).Min(), [.. slice.Metrics.Metrics.Except(answered, StringComparer.Ordinal)]);
    }

    private static AggregateFacts OwnFacts(MetricReply answer) => answer.Reply.Facts.Of(answer.Metrics);
}

/// <summary>An answer to one of the questions that a slice is fetched with.</summary>
/// <param name="Missing">Metrics of the group that Genesys refused: nothing of them is in the facts.</param>
internal sealed record FetchedPart(AggregateFacts Facts, Instant FetchedAt, ImmutableArray<string> Missing);
