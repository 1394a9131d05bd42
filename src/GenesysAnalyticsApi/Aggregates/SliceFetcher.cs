using System.Collections.Immutable;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Fetches one slice: in as many questions as its size needs, halved where Genesys says too large or does not answer in time,
/// without the metrics Genesys refuses. Whatever it takes, it ends within <c>Genesys:TotalTimeout</c> with an outcome.
/// </summary>
internal sealed partial class SliceFetcher(
    IGenesysGateway gateway, SliceSizes sizes, SliceScopes scopes, RefusedMetrics refused, AggregatesMetrics counted, IOptions<GenesysOptions> options,
    TimeProvider clock, ILogger<SliceFetcher> logger)
{
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<SliceOutcome> FetchAsync(Slice slice, GenesysAsker asker, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var outcome = await TryFetchAsync(slice, asker, cancellationToken);
        counted.Fetched(outcome.Failure?.Kind, clock.GetElapsedTime(started));
        return outcome;
    }

    /// <summary>The questions that the slice would be fetched with now.</summary>
    public IEnumerable<AggregatesQuestion> QuestionsOf(Slice slice) =>
        sizes.Split(slice).Select(edges => QuestionOf(slice, edges, refused.Without(slice.Metrics), scopes.QueueIdsOf(slice.Key.Scope)));

    private async Task<SliceOutcome> TryFetchAsync(Slice slice, GenesysAsker asker, CancellationToken cancellationToken)
    {
        var startedAt = Instant.FromDateTimeOffset(clock.GetUtcNow());
        using var deadline = new CancellationTokenSource(options.Value.TotalTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var calls = new CallCount(asker, scopes.QueueIdsOf(slice.Key.Scope));
        try
        {
            var replies = await AskAllAsync(slice, sizes.Split(slice), calls, mayHalveOnTimeout: true, both.Token);
            var facts = FactsMerge.Merge(slice.Key.Edges, [.. replies.Select(reply => reply.Facts.Of(slice.Metrics.Metrics))]);
            LogOdd(slice, facts);
            sizes.Saw(facts.Series.Length);
            scopes.Saw(facts.Series);
            return new SliceOutcome(slice, facts, replies.Min(reply => reply.FetchedAt), null, calls.Total, refused.Of(slice.Metrics))
            {
                IsByQueues = calls.IsByQueues || SliceScopes.IsShard(slice.Key.Scope),
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
        var metrics = refused.Without(slice.Metrics);
        try
        {
            var question = QuestionOf(slice, edges, metrics, calls.QueueIds) with { Asker = calls.Asker };
            var reply = await gateway.QueryAggregatesAsync(question, cancellationToken);
            calls.Add(reply.Calls);
            return [reply];
        }
        catch (GenesysException e)
        {
            calls.Add(e.Calls);
            var buckets = edges.Length - 1;
            switch (e.Failure.Kind)
            {
                case GenesysFailureKind.TooLarge when buckets > 1:
                    counted.Halved(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    var halves = await AskAllAsync(slice, Halves(edges), calls, mayHalveOnTimeout, cancellationToken);
                    sizes.FitsInHalves(slice, buckets);
                    return halves;

                // One bucket that is too large has no halves in time: it is asked for by shards of the queues, and these by halves.
                case GenesysFailureKind.TooLarge when Shards(calls.QueueIds) is { Count: > 0 } shards:
                    var parts = await AskByShardsAsync(slice, edges, shards, calls, cancellationToken);
                    if (calls.QueueIds is [])
                    {
                        calls.IsByQueues = true;
                        scopes.FitsByShard();
                    }

                    return parts;

                // An open breaker says that Genesys is down, not that the question is too hard.
                case GenesysFailureKind.Timeout when buckets > 1 && mayHalveOnTimeout && gateway.IsBreakerClosed:
                    counted.Halved(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    return await AskAllAsync(slice, Halves(edges), calls, mayHalveOnTimeout: false, cancellationToken);

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

    private IReadOnlyList<ImmutableArray<string>> Shards(ImmutableArray<string> queueIds) => queueIds.Length switch
    {
        0 => scopes.IdsByShard(),
        1 => [],
        var many => [queueIds[..(many / 2)], queueIds[(many / 2)..]],
    };

    private async Task<ImmutableArray<AggregatesReply>> AskByShardsAsync(
        Slice slice, ImmutableArray<Instant> edges, IReadOnlyList<ImmutableArray<string>> shards, CallCount calls, CancellationToken cancellationToken)
    {
        var replies = await Task.WhenAll(shards.Select(async ids =>
        {
            var own = new CallCount(calls.Asker, ids);
            try
            {
                return await AskAsync(slice, edges, own, mayHalveOnTimeout: false, cancellationToken);
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

    private static ImmutableArray<Instant>[] Halves(ImmutableArray<Instant> edges)
    {
        var middle = edges.Length / 2;
        return [edges[..(middle + 1)], edges[middle..]];
    }

    /// <summary>Who asks for which queues, and how often Genesys was reached for it.</summary>
    private sealed class CallCount(GenesysAsker asker, ImmutableArray<string> queueIds)
    {
        private int _total;

        public GenesysAsker Asker => asker;

        public ImmutableArray<string> QueueIds => queueIds;

        /// <summary>All queues were to be asked for, and it took their ids.</summary>
        public bool IsByQueues { get; set; }

        public int Total => Volatile.Read(ref _total);

        public void Add(int calls) => Interlocked.Add(ref _total, calls);
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
