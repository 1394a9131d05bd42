using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Fetches a slice with as many Genesys requests as necessary. Splits a request in half by time if Genesys rejects it as too large or it times out, and by
/// queue ids if one bucket of all queues is too large or if a few queues take fewer requests by id. Tries smaller and smaller sizes until one succeeds or
/// even the smallest size is too large.
/// </summary>
internal sealed partial class SliceRequestSplitter(
    IGenesysGateway gateway, LearnedSliceSize sizes, QueueSharding sharding, UnsupportedMetrics unsupported, MetricGroupRequests metrics,
    TooLargeRequestCache tooLarge, SliceTelemetry telemetry, ILogger<SliceRequestSplitter> logger)
{
    /// <summary>After this many consecutive sizes that were too large, the smallest request tests whether any size can succeed.</summary>
    private const int SizesBeforeSmallest = 2;

    /// <param name="metrics">Metrics of the group, and columns of its views.</param>
    public static AggregatesRequest RequestOf(Slice slice, ImmutableArray<Instant> edges, ImmutableArray<string> metrics, ImmutableArray<string> queueIds)
    {
        ImmutableArray<MetricView> views = [.. slice.Metrics.Views.Where(view => metrics.Contains(view.Column))];

        // Genesys requires at least one metric. The target metric of the view also allows verifying the view (ViewVerifier).
        ImmutableArray<string> named = views.IsEmpty ? metrics : [.. metrics.Except(views.Select(view => view.Column)).Union(views.Select(view => view.Target))];
        return new(edges, edges.Length > 2 ? slice.Grain?.Iso : null, edges.Length > 2 ? slice.TimeZone : null, named, slice.Key.Direction, queueIds)
        {
            Dimensions = slice.Key.Dimensions,
            Views = views,
        };
    }

    /// <param name="ranges">Bucket edges of the requests, which run concurrently.</param>
    /// <param name="tooLargeInARow">Number of enclosing larger requests that were too large.</param>
    public async Task<ImmutableArray<FetchedPart>> FetchAllAsync(
        Slice slice, IReadOnlyList<ImmutableArray<Instant>> ranges, FetchContext fetch, bool mayHalveOnTimeout, int tooLargeInARow, CancellationToken cancellationToken)
    {
        // The first failure cancels the other requests: the slice cannot be completed, and further requests would waste the rate limit.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = ranges.Select(async edges =>
        {
            try
            {
                return await FetchRangeAsync(slice, edges, fetch, mayHalveOnTimeout, tooLargeInARow, ended.Token);
            }
            catch (GenesysException)
            {
                await ended.CancelAsync();
                throw;
            }
        });
        return [.. (await Task.WhenAll(tasks)).SelectMany(parts => parts)];
    }

    public async Task<ImmutableArray<FetchedPart>> FetchByIdsAsync(
        Slice slice, ImmutableArray<Instant> edges, IReadOnlyList<ImmutableArray<string>> lists, FetchContext fetch, bool mayHalveOnTimeout, int tooLargeInARow,
        CancellationToken cancellationToken)
    {
        // The sizes learned from requests for all queues do not apply to a few queues.
        var ranges = QueueSharding.ShardsOf(slice.Key.Scope) > 1 ? sizes.Split(slice, edges) : [edges];

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // After a request that was too large, the first list is requested alone: if it is too large as well, the other lists need not be requested.
        ImmutableArray<FetchedPart> first = tooLargeInARow > 0 ? await FetchListAsync(lists[0], tooLargeInARow) : [];
        var others = await Task.WhenAll(lists.Skip(tooLargeInARow > 0 ? 1 : 0).Select(ids => FetchListAsync(ids, 0)));
        return [.. first, .. others.SelectMany(parts => parts)];

        async Task<ImmutableArray<FetchedPart>> FetchListAsync(ImmutableArray<string> ids, int tooLargeCount)
        {
            var ownFetch = new FetchContext(fetch.Origin, ids);
            try
            {
                return await FetchAllAsync(slice, ranges, ownFetch, mayHalveOnTimeout, tooLargeCount, ended.Token);
            }
            catch (GenesysException)
            {
                await ended.CancelAsync();
                throw;
            }
            finally
            {
                fetch.Add(ownFetch.Total);
            }
        }
    }

    private async Task<ImmutableArray<FetchedPart>> FetchRangeAsync(
        Slice slice, ImmutableArray<Instant> edges, FetchContext fetch, bool mayHalveOnTimeout, int tooLargeInARow, CancellationToken cancellationToken)
    {
        if (fetch is { QueueIds: [], QueueIdLists: { } idLists })
        {
            return await FetchByIdsAsync(slice, edges, idLists, fetch, mayHalveOnTimeout: false, tooLargeInARow: 0, cancellationToken);
        }

        try
        {
            return [await metrics.SendAsync(slice, edges, fetch.Origin.Calls, supported => QueryAsync(RequestOf(slice, edges, supported, fetch.QueueIds), fetch, cancellationToken), cancellationToken)];
        }
        catch (GenesysException e) when (!e.Failure.CallsUsedUp)
        {
            fetch.Origin.Calls?.RecordCause(e.Failure);
            var buckets = edges.Length - 1;
            switch (e.Failure.Kind)
            {
                // Splitting by time needs no queue ids, so no queue can be missing. However, a few queues can take fewer requests by id.
                case GenesysFailureKind.TooLarge when buckets > 1 && !(fetch.QueueIds is [] && !slice.CoversAllQueues && sharding.IsFew(slice.NeededQueues, slice.Key.Dimensions)):
                    telemetry.RecordHalving(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    await CheckSmallestAsync(slice, edges, fetch, tooLargeInARow, cancellationToken);
                    return await FetchInHalvesAsync(slice, edges, fetch, mayHalveOnTimeout, tooLargeInARow + 1, cancellationToken);

                // A single bucket cannot be split by time. It is requested by queue ids, as are a few queues. The lists of ids are halved if necessary.
                case GenesysFailureKind.TooLarge when fetch.QueueIds is [] && await QueueIdListsAsync(slice, fetch, cancellationToken) is { Count: > 0 } lists:
                    await CheckSmallestAsync(slice, edges, fetch, tooLargeInARow, cancellationToken);
                    var parts = await FetchByIdsAsync(slice, edges, lists, fetch, mayHalveOnTimeout: false, tooLargeInARow + 1, cancellationToken);
                    sharding.RecordShardingSucceeded(slice.Key.Dimensions, isRequired: buckets == 1);
                    return parts;

                case GenesysFailureKind.TooLarge when fetch.QueueIds is { Length: > 1 } ids:
                    await CheckSmallestAsync(slice, edges, fetch, tooLargeInARow, cancellationToken);
                    return await FetchByIdsAsync(
                        slice, edges, [ids[..(ids.Length / 2)], ids[(ids.Length / 2)..]], fetch, mayHalveOnTimeout: false, tooLargeInARow + 1, cancellationToken);

                case GenesysFailureKind.TooLarge:
                    throw TooLargeAtAnySize(slice, e);

                // An open circuit breaker means that Genesys is down, not that the request is too large.
                case GenesysFailureKind.Timeout when buckets > 1 && mayHalveOnTimeout && gateway.IsBreakerClosed:
                    telemetry.RecordHalving(e.Failure.Kind);
                    Log.SliceHalved(logger, slice.Key.Group, edges[0], edges[^1], e.Failure.Kind);
                    var (first, second) = Halves(edges);
                    return await FetchAllAsync(slice, [first, second], fetch, mayHalveOnTimeout: false, tooLargeInARow: 0, cancellationToken);

                case GenesysFailureKind.Unreadable when HasMismatchedDays(slice, edges, e):
                    return await FetchInHoursAsync(slice, edges, fetch, cancellationToken);

                default:
                    throw;
            }
        }
    }

    private Task<AggregatesReply> QueryAsync(AggregatesRequest request, FetchContext fetch, CancellationToken cancellationToken) =>
        fetch.SendAsync(request, tooLarge.SendAsync, cancellationToken);

    /// <summary>Requests one bucket of one queue after several sizes that were too large. If even this request is too large, no size can succeed.</summary>
    private async Task CheckSmallestAsync(Slice slice, ImmutableArray<Instant> edges, FetchContext fetch, int tooLargeInARow, CancellationToken cancellationToken)
    {
        if (tooLargeInARow < SizesBeforeSmallest && !tooLarge.IsSmallestKnownTooLarge(slice.Key))
        {
            return;
        }

        var ids = fetch.QueueIds is [] && await sharding.QueueIdListsAsync(slice.NeededQueues, slice.Key.Dimensions, cancellationToken) is [var list, ..] ? list : fetch.QueueIds;
        try
        {
            await QueryAsync(RequestOf(slice, edges[..2], unsupported.Without(slice), ids is [var firstId, ..] ? [firstId] : []), fetch, cancellationToken);
        }
        catch (GenesysException e) when (e.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false })
        {
            throw TooLargeAtAnySize(slice, e);
        }
        catch (GenesysException e) when (!e.Failure.CallsUsedUp)
        {
            // Any other failure shows nothing about the size, so smaller requests are sent.
        }
    }

    private GenesysException TooLargeAtAnySize(Slice slice, GenesysException e)
    {
        tooLarge.RecordSmallestTooLarge(slice.Key);
        return new GenesysException(
            e.Failure with { Message = $"{e.Failure.Message} Even the smallest part is too large.", RetryAfter = TooLargeRequestCache.Lifetime }, e.Calls, e)
        {
            IsTooLargeAtAnySize = true,
        };
    }

    /// <summary>Requests the first half alone. The reply shows which size succeeds, so the second half is requested in that size.</summary>
    private async Task<ImmutableArray<FetchedPart>> FetchInHalvesAsync(
        Slice slice, ImmutableArray<Instant> edges, FetchContext fetch, bool mayHalveOnTimeout, int tooLargeInARow, CancellationToken cancellationToken)
    {
        var (first, second) = Halves(edges);
        var parts = await FetchRangeAsync(slice, first, fetch, mayHalveOnTimeout, tooLargeInARow, cancellationToken);
        var usesLearnedSize = fetch.QueueIds is [] ? fetch.QueueIdLists is null : QueueSharding.ShardsOf(slice.Key.Scope) > 1;
        if (usesLearnedSize)
        {
            sizes.RecordSplit(slice, edges.Length - 1);
        }

        var rest = usesLearnedSize ? sizes.Split(slice, second) : [second];
        return [.. parts, .. await FetchAllAsync(slice, rest, fetch, mayHalveOnTimeout, tooLargeInARow: 0, cancellationToken)];
    }

    /// <summary>The id lists to request instead of all queues. The first part of the slice that needs id lists decides for all parts.</summary>
    private async ValueTask<IReadOnlyList<ImmutableArray<string>>> QueueIdListsAsync(Slice slice, FetchContext fetch, CancellationToken cancellationToken)
    {
        fetch.QueueIdLists = await sharding.QueueIdListsAsync(slice.NeededQueues, slice.Key.Dimensions, cancellationToken) is { Count: > 0 } lists ? lists : null;
        return fetch.QueueIdLists ?? [];
    }

    /// <summary>Whether Genesys divided the interval into days other than the requested days.</summary>
    public static bool HasMismatchedDays(Slice slice, ImmutableArray<Instant> edges, GenesysException e) =>
        e.Failure.HasUnrequestedBuckets && slice.Grain == FetchGranularity.Day && edges.Length > 2;

    /// <summary>Returns the slice for the same interval in hours, which have a fixed length and can be folded into days.</summary>
    public static Slice InHours(Slice slice, ImmutableArray<Instant> edges)
    {
        var hour = Duration.FromHours(1);
        return slice with
        {
            Key = slice.Key with { From = edges[0], Step = hour, BucketCount = (int)((edges[^1] - edges[0]) / hour) },
            Grain = FetchGranularity.Hour,
            TimeZone = null,
        };
    }

    private async Task<ImmutableArray<FetchedPart>> FetchInHoursAsync(
        Slice slice, ImmutableArray<Instant> edges, FetchContext fetch, CancellationToken cancellationToken)
    {
        var inHours = InHours(slice, edges);
        return await FetchAllAsync(inHours, sizes.Split(inHours), fetch, mayHalveOnTimeout: false, tooLargeInARow: 0, cancellationToken);
    }

    private static (ImmutableArray<Instant> First, ImmutableArray<Instant> Second) Halves(ImmutableArray<Instant> edges) =>
        (edges[..((edges.Length / 2) + 1)], edges[(edges.Length / 2)..]);

    private static partial class Log
    {
        [LoggerMessage(4002, LogLevel.Information, "A request for {Group} metrics from {From} to {To} was split in half: {Kind}")]
        public static partial void SliceHalved(ILogger logger, string group, Instant from, Instant to, GenesysFailureKind kind);
    }
}
