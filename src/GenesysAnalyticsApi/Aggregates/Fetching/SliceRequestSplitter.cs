using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Asks Genesys for a slice in as many questions as it takes: halved where Genesys says too large or does not answer in time, by the ids
/// of queues where all of them are too many. Sizes are tried one after the other, and given up as soon as nothing fits.
/// </summary>
internal sealed partial class SliceRequestSplitter(
    IGenesysGateway gateway, AdaptiveSliceSize sizes, QueueSharding scopes, UnsupportedMetrics refused, MetricGroupRequests metrics,
    TooLargeRequestCache tooLarge, SliceTelemetry telemetry, ILogger<SliceRequestSplitter> logger)
{
    /// <summary>After so many sizes in a row that were too large, the smallest question shows whether any size fits.</summary>
    private const int SizesBeforeTheSmallest = 2;

    public static AggregatesRequest QuestionOf(Slice slice, ImmutableArray<Instant> edges, ImmutableArray<string> metrics, ImmutableArray<string> queueIds) =>
        new(edges, edges.Length > 2 ? slice.Grain?.Iso : null, edges.Length > 2 ? slice.TimeZone : null, metrics, slice.Key.Direction, queueIds);

    /// <param name="stretches">Edges of the questions, which are asked at once.</param>
    /// <param name="tooLargeInARow">How many larger questions around these were too large.</param>
    public async Task<ImmutableArray<FetchedPart>> AskAllAsync(
        Slice slice, IReadOnlyList<ImmutableArray<Instant>> stretches, FetchContext calls, bool mayHalveOnTimeout, int tooLargeInARow, CancellationToken cancellationToken)
    {
        // The first failure ends the others: without it there is no slice, and each further call would only cost budget.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = stretches.Select(async edges =>
        {
            try
            {
                return await AskAsync(slice, edges, calls, mayHalveOnTimeout, tooLargeInARow, ended.Token);
            }
            catch (GenesysException)
            {
                await ended.CancelAsync();
                throw;
            }
        });
        return [.. (await Task.WhenAll(tasks)).SelectMany(parts => parts)];
    }

    public async Task<ImmutableArray<FetchedPart>> AskByIdsAsync(
        Slice slice, ImmutableArray<Instant> edges, IReadOnlyList<ImmutableArray<string>> lists, FetchContext calls, bool mayHalveOnTimeout, int tooLargeInARow,
        CancellationToken cancellationToken)
    {
        // What is known of the sizes of all queues says nothing of a few.
        var stretches = QueueSharding.ShardsOf(slice.Key.Scope) > 1 ? sizes.Split(slice, edges) : [edges];

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Where the first list is too large as well, the others need not be asked for.
        ImmutableArray<FetchedPart> first = tooLargeInARow > 0 ? await AskListAsync(lists[0], tooLargeInARow) : [];
        var others = await Task.WhenAll(lists.Skip(tooLargeInARow > 0 ? 1 : 0).Select(ids => AskListAsync(ids, 0)));
        return [.. first, .. others.SelectMany(parts => parts)];

        async Task<ImmutableArray<FetchedPart>> AskListAsync(ImmutableArray<string> ids, int inARow)
        {
            var own = new FetchContext(calls.Asker, ids);
            try
            {
                return await AskAllAsync(slice, stretches, own, mayHalveOnTimeout, inARow, ended.Token);
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
        }
    }

    private async Task<ImmutableArray<FetchedPart>> AskAsync(
        Slice slice, ImmutableArray<Instant> edges, FetchContext calls, bool mayHalveOnTimeout, int tooLargeInARow, CancellationToken cancellationToken)
    {
        if (calls is { QueueIds: [], InsteadOfAll: { } known })
        {
            return await AskByIdsAsync(slice, edges, known, calls, mayHalveOnTimeout: false, tooLargeInARow: 0, cancellationToken);
        }

        try
        {
            return [await metrics.AskAsync(slice, edges, calls.Asker.Calls, asked => QueryAsync(QuestionOf(slice, edges, asked, calls.QueueIds), calls, cancellationToken), cancellationToken)];
        }
        catch (GenesysException e) when (!e.Failure.CallsUsedUp)
        {
            calls.Asker.Calls?.RecordCause(e.Failure);
            var buckets = edges.Length - 1;
            switch (e.Failure.Kind)
            {
                // Halves in time need no ids, so that nothing can be missing; few queues out of all take fewer calls by their ids.
                case GenesysFailureKind.TooLarge when buckets > 1 && !(calls.QueueIds is [] && scopes.IsFew(slice.Needed)):
                    telemetry.RecordHalving(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    await CheckSmallestAsync(slice, edges, calls, tooLargeInARow, cancellationToken);
                    return await AskInHalvesAsync(slice, edges, calls, mayHalveOnTimeout, tooLargeInARow + 1, cancellationToken);

                // One bucket that is too large has no halves in time: it is asked for by the ids of queues, and these by halves.
                case GenesysFailureKind.TooLarge when calls.QueueIds is [] && await InsteadOfAllAsync(slice, calls, cancellationToken) is { Count: > 0 } lists:
                    await CheckSmallestAsync(slice, edges, calls, tooLargeInARow, cancellationToken);
                    var parts = await AskByIdsAsync(slice, edges, lists, calls, mayHalveOnTimeout: false, tooLargeInARow + 1, cancellationToken);
                    scopes.RecordShardingSucceeded();
                    return parts;

                case GenesysFailureKind.TooLarge when calls.QueueIds is { Length: > 1 } ids:
                    await CheckSmallestAsync(slice, edges, calls, tooLargeInARow, cancellationToken);
                    return await AskByIdsAsync(
                        slice, edges, [ids[..(ids.Length / 2)], ids[(ids.Length / 2)..]], calls, mayHalveOnTimeout: false, tooLargeInARow + 1, cancellationToken);

                case GenesysFailureKind.TooLarge:
                    throw FitsAtNoSize(slice, e);

                // An open breaker says that Genesys is down, not that the question is too hard.
                case GenesysFailureKind.Timeout when buckets > 1 && mayHalveOnTimeout && gateway.IsBreakerClosed:
                    telemetry.RecordHalving(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    var (first, second) = Halves(edges);
                    return await AskAllAsync(slice, [first, second], calls, mayHalveOnTimeout: false, tooLargeInARow: 0, cancellationToken);

                // Genesys stepped its days elsewhere than planned: hours have a fixed length, and fold into the same days.
                case GenesysFailureKind.Unreadable when e.Retry == RetryPolicy.Never && slice.Grain == FetchGranularity.Day && buckets > 1:
                    return await AskInHoursAsync(slice, edges, calls, cancellationToken);

                default:
                    throw;
            }
        }
    }

    private async Task<AggregatesReply> QueryAsync(AggregatesRequest question, FetchContext calls, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await tooLarge.AskAsync(question with { Origin = calls.Asker }, cancellationToken);
            calls.Add(reply.Calls);
            return question.QueueIds is [] ? reply : reply with { Facts = QueueFactsFilter.Only(reply.Facts, question.QueueIds) };
        }
        catch (GenesysException e)
        {
            calls.Add(e.Calls);
            throw;
        }
    }

    /// <summary>Before more and more sizes are tried: one bucket of one queue. Where that is too large, nothing fits.</summary>
    private async Task CheckSmallestAsync(Slice slice, ImmutableArray<Instant> edges, FetchContext calls, int tooLargeInARow, CancellationToken cancellationToken)
    {
        if (tooLargeInARow < SizesBeforeTheSmallest && !tooLarge.MayFitAtNoSize(slice.Key))
        {
            return;
        }

        var ids = calls.QueueIds is [] && await scopes.InsteadOfAllAsync(slice.Needed, cancellationToken) is [var list, ..] ? list : calls.QueueIds;
        try
        {
            await QueryAsync(QuestionOf(slice, edges[..2], refused.Without(slice), ids is [var one, ..] ? [one] : []), calls, cancellationToken);
        }
        catch (GenesysException e) when (e.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false })
        {
            throw FitsAtNoSize(slice, e);
        }
        catch (GenesysException e) when (!e.Failure.CallsUsedUp)
        {
            // It says nothing about sizes; the halves are asked for in any case.
        }
    }

    private GenesysException FitsAtNoSize(Slice slice, GenesysException e)
    {
        tooLarge.NothingFits(slice.Key);
        return new GenesysException(
            e.Failure with { Message = $"{e.Failure.Message} It would be so in the smallest part too.", RetryAfter = TooLargeRequestCache.Kept }, e.Calls, e);
    }

    /// <summary>
    /// The first half alone: down there it shows what size is an answer, and the rest is asked for in that size at once, not halved again.
    /// </summary>
    private async Task<ImmutableArray<FetchedPart>> AskInHalvesAsync(
        Slice slice, ImmutableArray<Instant> edges, FetchContext calls, bool mayHalveOnTimeout, int tooLargeInARow, CancellationToken cancellationToken)
    {
        var (first, second) = Halves(edges);
        var parts = await AskAsync(slice, first, calls, mayHalveOnTimeout, tooLargeInARow, cancellationToken);
        var isOfKind = calls.QueueIds is [] ? calls.InsteadOfAll is null : QueueSharding.ShardsOf(slice.Key.Scope) > 1;
        if (isOfKind)
        {
            sizes.RecordSplit(slice, edges.Length - 1);
        }

        var rest = isOfKind ? sizes.Split(slice, second) : [second];
        return [.. parts, .. await AskAllAsync(slice, rest, calls, mayHalveOnTimeout, tooLargeInARow: 0, cancellationToken)];
    }

    /// <summary>The lists of ids to ask for instead of all queues. The first part of the slice to find out decides for all of them.</summary>
    private async ValueTask<IReadOnlyList<ImmutableArray<string>>> InsteadOfAllAsync(Slice slice, FetchContext calls, CancellationToken cancellationToken)
    {
        calls.InsteadOfAll = await scopes.InsteadOfAllAsync(slice.Needed, cancellationToken) is { Count: > 0 } lists ? lists : null;
        return calls.InsteadOfAll ?? [];
    }

    private async Task<ImmutableArray<FetchedPart>> AskInHoursAsync(
        Slice slice, ImmutableArray<Instant> edges, FetchContext calls, CancellationToken cancellationToken)
    {
        var hour = Duration.FromHours(1);
        var inHours = slice with
        {
            Key = slice.Key with { From = edges[0], Step = hour, Buckets = (int)((edges[^1] - edges[0]) / hour) },
            Grain = FetchGranularity.Hour,
            TimeZone = null,
        };
        return await AskAllAsync(inHours, sizes.Split(inHours), calls, mayHalveOnTimeout: false, tooLargeInARow: 0, cancellationToken);
    }

    private static (ImmutableArray<Instant> First, ImmutableArray<Instant> Second) Halves(ImmutableArray<Instant> edges) =>
        (edges[..((edges.Length / 2) + 1)], edges[(edges.Length / 2)..]);

    private static partial class Log
    {
        [LoggerMessage(4002, LogLevel.Information, "A question for {Group} metrics, {From} to {To}, was halved: {Kind}")]
        public static partial void SliceHalved(ILogger logger, string group, Instant from, Instant to, GenesysFailureKind kind);
    }
}
