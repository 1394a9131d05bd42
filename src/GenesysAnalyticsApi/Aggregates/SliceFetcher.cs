using System.Collections.Immutable;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Fetches one slice: in as many questions as its size needs, halved where Genesys says too large or does not answer in time,
/// without the metrics Genesys refuses, for all queues or, where these are too many, by the ids of those that are needed. Whatever it takes,
/// it ends within <c>Genesys:TotalTimeout</c> with an outcome.
/// </summary>
internal sealed partial class SliceFetcher(
    IGenesysGateway gateway, SliceSizes sizes, SliceScopes scopes, RefusedMetrics refused, AggregatesMetrics counted,
    IOptions<GenesysOptions> options, TimeProvider clock, ILogger<SliceFetcher> logger)
{
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    /// <param name="only">The queues that what is kept of the slice lacks; null for the whole slice.</param>
    public async Task<SliceOutcome> FetchAsync(Slice slice, QueueSet? only, GenesysAsker asker, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var outcome = await TryFetchAsync(slice, only ?? scopes.AskedFor(slice), asker, cancellationToken);
        counted.Fetched(outcome.Failure?.Kind, clock.GetElapsedTime(started));
        return outcome;
    }

    /// <summary>The questions that the slice, or only some queues of it, would be fetched with now.</summary>
    public IEnumerable<AggregatesQuestion> QuestionsOf(Slice slice, QueueSet? only) =>
        from ids in PiecesOf(only ?? scopes.AskedFor(slice))
        from edges in sizes.Split(slice)
        select QuestionOf(slice, edges, refused.Without(slice.Metrics), ids);

    /// <summary>The question for a whole slice, however it would be split. Its queues are for the caller to give.</summary>
    public AggregatesQuestion WholeQuestionOf(Slice slice) => QuestionOf(slice, slice.Key.Edges, refused.Without(slice.Metrics), []);

    private async Task<SliceOutcome> TryFetchAsync(Slice slice, QueueSet asked, GenesysAsker asker, CancellationToken cancellationToken)
    {
        var startedAt = Instant.FromDateTimeOffset(clock.GetUtcNow());
        using var deadline = new CancellationTokenSource(options.Value.TotalTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var calls = new CallCount(asker, []);
        try
        {
            var replies = asked.IsEverything
                ? await AskAllAsync(slice, sizes.Split(slice), calls, mayHalveOnTimeout: true, both.Token)
                : await AskByIdsAsync(slice, slice.Key.Edges, PiecesOf(asked), calls, mayHalveOnTimeout: true, both.Token);
            var facts = FactsMerge.Merge(slice.Key.Edges, [.. replies.Select(reply => reply.Facts.Of(slice.Metrics.Metrics))]);
            LogOdd(slice, facts);
            sizes.Saw(slice, facts);
            return new SliceOutcome(slice, facts, replies.Min(reply => reply.FetchedAt), null, calls.Total, refused.Of(slice.Metrics))
            {
                Asked = calls.InsteadOfAll is { } instead ? QueueSet.Of(instead.SelectMany(ids => ids)) : asked,
            };
        }
        catch (GenesysException e)
        {
            Log.SliceFailed(logger, slice.Key.Group, slice.Key.From, slice.Key.To, e.Failure.Kind, e.Failure.CorrelationId);
            return Failed(e.Failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SliceFailed(logger, slice.Key.Group, slice.Key.From, slice.Key.To, GenesysFailureKind.Timeout, null);
            return Failed(new GenesysFailure(
                GenesysFailureKind.Timeout, $"Genesys did not answer within {options.Value.TotalTimeout.TotalSeconds:0.###} s (Genesys:TotalTimeout)."));
        }

        SliceOutcome Failed(GenesysFailure failure) => new(slice, null, startedAt, failure, calls.Total, refused.Of(slice.Metrics));
    }

    private void LogOdd(Slice slice, AggregateFacts facts)
    {
        if (facts.HasOdd)
        {
            var metrics = string.Join(", ", facts.Columns.Where(column => column.Odd is not null).Select(column => Excerpt.Of(column.Metric)).Take(10));
            Log.FiguresLeftOut(logger, facts.Columns.Sum(column => column.Odd?.Length ?? 0), slice.Key.Group, slice.Key.From, slice.Key.To, metrics);
        }
    }

    private static IReadOnlyList<ImmutableArray<string>> PiecesOf(QueueSet asked) => asked.IsEverything ? [[]] : asked.InPieces(SliceScopes.MostIds);

    private static AggregatesQuestion QuestionOf(Slice slice, ImmutableArray<Instant> edges, ImmutableArray<string> metrics, ImmutableArray<string> queueIds) =>
        new(edges, edges.Length > 2 ? slice.Grain?.Iso : null, edges.Length > 2 ? slice.TimeZone : null, metrics, slice.Key.Direction, queueIds);

    private async Task<ImmutableArray<AggregatesReply>> AskAllAsync(
        Slice slice, IReadOnlyList<ImmutableArray<Instant>> parts, CallCount calls, bool mayHalveOnTimeout, CancellationToken cancellationToken)
    {
        // The first failure ends the others: without it there is no slice, and each further call would only cost budget.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = parts.Select(async edges =>
        {
            try
            {
                return await AskAsync(slice, edges, calls, mayHalveOnTimeout, ended.Token);
            }
            catch (GenesysException)
            {
                await ended.CancelAsync();
                throw;
            }
        });
        return [.. (await Task.WhenAll(tasks)).SelectMany(replies => replies)];
    }

    private async Task<ImmutableArray<AggregatesReply>> AskAsync(
        Slice slice, ImmutableArray<Instant> edges, CallCount calls, bool mayHalveOnTimeout, CancellationToken cancellationToken)
    {
        if (calls is { QueueIds: [], InsteadOfAll: { } known })
        {
            return await AskByIdsAsync(slice, edges, known, calls, mayHalveOnTimeout: false, cancellationToken);
        }

        var metrics = refused.Without(slice.Metrics);
        try
        {
            var question = QuestionOf(slice, edges, metrics, calls.QueueIds) with { Asker = calls.Asker };
            var reply = await gateway.QueryAggregatesAsync(question, cancellationToken);
            calls.Add(reply.Calls);
            return [calls.QueueIds is [] ? reply : reply with { Facts = FactsOfQueues.Only(reply.Facts, calls.QueueIds) }];
        }
        catch (GenesysException e)
        {
            calls.Add(e.Calls);
            var buckets = edges.Length - 1;
            switch (e.Failure.Kind)
            {
                // Halves in time need no ids, so that nothing can be missing; few queues out of all take fewer calls by their ids.
                case GenesysFailureKind.TooLarge when buckets > 1 && !(calls.QueueIds is [] && scopes.IsFew(slice.Needed)):
                    counted.Halved(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    return await AskInHalvesAsync(slice, edges, calls, mayHalveOnTimeout, cancellationToken);

                // One bucket that is too large has no halves in time: it is asked for by the ids of queues, and these by halves.
                case GenesysFailureKind.TooLarge when calls.QueueIds is [] && await InsteadOfAllAsync(slice, calls, cancellationToken) is { Count: > 0 } lists:
                    var parts = await AskByIdsAsync(slice, edges, lists, calls, mayHalveOnTimeout: false, cancellationToken);
                    scopes.FitsByShard();
                    return parts;

                case GenesysFailureKind.TooLarge when calls.QueueIds is { Length: > 1 } ids:
                    return await AskByIdsAsync(slice, edges, [ids[..(ids.Length / 2)], ids[(ids.Length / 2)..]], calls, mayHalveOnTimeout: false, cancellationToken);

                // An open breaker says that Genesys is down, not that the question is too hard.
                case GenesysFailureKind.Timeout when buckets > 1 && mayHalveOnTimeout && gateway.IsBreakerClosed:
                    counted.Halved(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    var (first, second) = Halves(edges);
                    return await AskAllAsync(slice, [first, second], calls, mayHalveOnTimeout: false, cancellationToken);

                case GenesysFailureKind.Rejected when refused.Learn(metrics, e.Failure):
                    return await AskAsync(slice, edges, calls, mayHalveOnTimeout, cancellationToken);

                // Genesys stepped its days elsewhere than planned: hours have a fixed length, and fold into the same days.
                case GenesysFailureKind.Unreadable when e.Retry == GenesysRetry.Never && slice.Grain == Grain.Day && buckets > 1:
                    return await AskInHoursAsync(slice, edges, calls, cancellationToken);

                default:
                    throw;
            }
        }
    }

    /// <summary>
    /// The first half alone: down there it shows what size is an answer, and the rest is asked for in that size at once, not halved again.
    /// </summary>
    private async Task<ImmutableArray<AggregatesReply>> AskInHalvesAsync(
        Slice slice, ImmutableArray<Instant> edges, CallCount calls, bool mayHalveOnTimeout, CancellationToken cancellationToken)
    {
        var (first, second) = Halves(edges);
        var replies = await AskAsync(slice, first, calls, mayHalveOnTimeout, cancellationToken);
        var isOfKind = calls.QueueIds is [] ? calls.InsteadOfAll is null : SliceScopes.ShardsOf(slice.Key.Scope) > 1;
        if (isOfKind)
        {
            sizes.FitsInHalves(slice, edges.Length - 1);
        }

        return [.. replies, .. await AskAllAsync(slice, isOfKind ? sizes.Split(slice, second) : [second], calls, mayHalveOnTimeout, cancellationToken)];
    }

    /// <summary>The lists of ids to ask for instead of all queues. The first part of the slice to find out decides for all of them.</summary>
    private async ValueTask<IReadOnlyList<ImmutableArray<string>>> InsteadOfAllAsync(Slice slice, CallCount calls, CancellationToken cancellationToken)
    {
        calls.InsteadOfAll = await scopes.InsteadOfAllAsync(slice.Needed, cancellationToken) is { Count: > 0 } lists ? lists : null;
        return calls.InsteadOfAll ?? [];
    }

    private async Task<ImmutableArray<AggregatesReply>> AskByIdsAsync(
        Slice slice, ImmutableArray<Instant> edges, IReadOnlyList<ImmutableArray<string>> lists, CallCount calls, bool mayHalveOnTimeout,
        CancellationToken cancellationToken)
    {
        // What is known of the sizes of all queues says nothing of a few.
        var parts = SliceScopes.ShardsOf(slice.Key.Scope) > 1 ? sizes.Split(slice, edges) : [edges];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var replies = await Task.WhenAll(lists.Select(async ids =>
        {
            var own = new CallCount(calls.Asker, ids);
            try
            {
                return await AskAllAsync(slice, parts, own, mayHalveOnTimeout, ended.Token);
            }
            catch (GenesysException)
            {
                await ended.CancelAsync();
                throw;
            }
            finally
            {
                calls.Add(own.Total);
            }
        }));
        return [.. replies.SelectMany(reply => reply)];
    }

    private async Task<ImmutableArray<AggregatesReply>> AskInHoursAsync(
        Slice slice, ImmutableArray<Instant> edges, CallCount calls, CancellationToken cancellationToken)
    {
        var hour = Duration.FromHours(1);
        var inHours = slice with
        {
            Key = slice.Key with { From = edges[0], Step = hour, Buckets = (int)((edges[^1] - edges[0]) / hour) },
            Grain = Grain.Hour,
            TimeZone = null,
        };
        return await AskAllAsync(inHours, sizes.Split(inHours), calls, mayHalveOnTimeout: false, cancellationToken);
    }

    private static (ImmutableArray<Instant> First, ImmutableArray<Instant> Second) Halves(ImmutableArray<Instant> edges)
    {
        var middle = edges.Length / 2;
        return (edges[..(middle + 1)], edges[middle..]);
    }

    private static partial class Log
    {
        [LoggerMessage(4006, LogLevel.Warning, "{Count} statistics of {Group} metrics, {From} to {To}, were left out because they cannot be right: {Metrics}")]
        public static partial void FiguresLeftOut(ILogger logger, int count, string group, Instant from, Instant to, string metrics);

        [LoggerMessage(4001, LogLevel.Warning, "A slice of {Group} metrics, {From} to {To}, could not be fetched: {Kind} (correlation id {CorrelationId})")]
        public static partial void SliceFailed(ILogger logger, string group, Instant from, Instant to, GenesysFailureKind kind, string? correlationId);

        [LoggerMessage(4002, LogLevel.Information, "A question for {Group} metrics, {From} to {To}, was halved: {Kind}")]
        public static partial void SliceHalved(ILogger logger, string group, Instant from, Instant to, GenesysFailureKind kind);
    }
}
