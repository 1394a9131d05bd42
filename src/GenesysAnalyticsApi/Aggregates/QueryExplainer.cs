using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Describes the plan of a query without executing it.</summary>
internal sealed class QueryExplainer(SliceStore store, SliceFetcher fetcher, TimeProvider clock)
{
    /// <summary>The scope of every slice in a plan for a caller that cannot see every queue.</summary>
    private const string VisibleScope = "view";

    public async Task<ExplainedPlan> ExplainAsync(
        ResolvedQuery resolved, IReadOnlyList<ResponseWarning> warnings, SlicePlan plan, Duration? maxAge, ResolvedQueues selection, QueueVisibility visibility,
        CancellationToken cancellationToken)
    {
        var slices = new List<(Slice Slice, ExplainedSlice Explained)>();
        foreach (var slice in plan.Slices.OrderBy(slice => slice.Key.From))
        {
            slices.Add((slice, await ExplainAsync(slice, maxAge, cancellationToken)));
        }

        IReadOnlyList<ExplainedSlice> shown = visibility.IsAll ? [.. slices.Select(slice => slice.Explained)] : LimitToVisibleQueues(slices, QueueSet.Of(selection.EffectiveIds));
        return new ExplainedPlan(resolved, shown.Sum(slice => slice.Bodies.Count), warnings, shown);
    }

    private async Task<ExplainedSlice> ExplainAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken)
    {
        var cached = await store.FindAsync(slice, maxAge, cancellationToken);
        var isFresh = Instant.FromDateTimeOffset(clock.GetUtcNow()) < cached?.DueAt;
        var missingQueues = isFresh && cached!.Value.Missing is { Ids.Length: > 0 and <= QueueSharding.MaxIds } missing ? missing : null;
        var isCached = isFresh && cached!.Value.Missing.Ids.IsEmpty;
        return new ExplainedSlice
        {
            From = InstantFormat.Print(slice.Key.From),
            To = InstantFormat.Print(slice.Key.To),
            Granularity = slice.RequestedGranularity?.Iso,
            MetricGroup = slice.Key.Group,
            Scope = slice.Key.Scope,
            Cached = isCached,
            FetchedAt = cached is { } found ? InstantFormat.Print(found.Cached.FetchedAt) : null,
            DueAt = cached is { } known ? InstantFormat.Print(known.DueAt) : null,
            Bodies = isCached ? [] : [.. fetcher.RequestsFor(slice, missingQueues).Select(BodyOf)],
        };
    }

    /// <summary>
    /// Describes the plan as if the organization had only the queues that the caller can see. The real number of shards, and of Genesys requests for a
    /// slice, would reveal the size of the organization.
    /// </summary>
    private IReadOnlyList<ExplainedSlice> LimitToVisibleQueues(IEnumerable<(Slice Slice, ExplainedSlice Explained)> slices, QueueSet wanted) =>
        wanted.Ids.IsEmpty ? [] : [.. slices.GroupBy(slice => slice.Slice.Key with { Scope = VisibleScope }).Select(shards => CombineShards([.. shards], wanted))];

    private ExplainedSlice CombineShards(IReadOnlyList<(Slice Slice, ExplainedSlice Explained)> shards, QueueSet wanted)
    {
        var isCached = shards.All(shard => shard.Explained.Cached);
        return shards[0].Explained with
        {
            Scope = VisibleScope,
            Cached = isCached,
            FetchedAt = Earliest(shards.Select(shard => shard.Explained.FetchedAt)),
            DueAt = Earliest(shards.Select(shard => shard.Explained.DueAt)),
            Bodies = isCached || fetcher.WholeRequestOf(shards[0].Slice) is not { Metrics: [_, ..] } request
                ? []
                : [.. wanted.InPieces(QueueSharding.MaxIds).Select(ids => BodyOf(request with { QueueIds = ids }))],
        };
    }

    // All instants are UTC in one format, so ordinal order is chronological. Null sorts first: if one shard is not cached, the result is null.
    private static string? Earliest(IEnumerable<string?> instants) => instants.Order(StringComparer.Ordinal).First();

    private static JsonElement BodyOf(AggregatesRequest request) => JsonElement.Parse(GenesysWire.BodyOf(request));
}

/// <summary>The plan of a query that was not executed.</summary>
/// <param name="Query">The query after its names and defaults were resolved.</param>
/// <param name="Calls">
/// The number of Genesys requests that the query would need now. For a caller limited to some queues, it is computed as if no other queues existed.
/// </param>
/// <param name="Warnings">The warnings that do not depend on the figures: <c>no-queue</c> and <c>no-local-time</c>.</param>
/// <param name="Slices">The slices of the plan in chronological order.</param>
internal sealed record ExplainedPlan(ResolvedQuery Query, int Calls, IReadOnlyList<ResponseWarning> Warnings, IReadOnlyList<ExplainedSlice> Slices);

internal sealed record ExplainedSlice
{
    /// <summary>Start of the slice, inclusive.</summary>
    public required string From { get; init; }

    /// <summary>End of the slice, exclusive.</summary>
    public required string To { get; init; }

    /// <summary>The bucket size requested from Genesys; null for a single bucket.</summary>
    public required string? Granularity { get; init; }

    /// <summary>
    /// The group of metrics that are fetched together: standard, agent-time, callback, messaging, outbound or media; for answeredWithin, <c>within-</c> and the
    /// threshold in milliseconds, such as <c>within-20000</c>.
    /// </summary>
    public required string MetricGroup { get; init; }

    /// <summary>
    /// <c>all</c> for all queues, or a shard such as <c>3/8</c>. For a caller limited to some queues, always <c>view</c>: the queues that the caller can see.
    /// </summary>
    public required string Scope { get; init; }

    /// <summary>True if the cache has fresh data for all queues of the query. The slice then needs no Genesys request.</summary>
    public required bool Cached { get; init; }

    /// <summary>When the data in the cache was fetched, whether or not it is still fresh; null if the cache has no data for the slice.</summary>
    public required string? FetchedAt { get; init; }

    /// <summary>When the data in the cache stops being fresh; null if the cache has no data for the slice.</summary>
    public required string? DueAt { get; init; }

    /// <summary>
    /// The bodies of the requests that the service would send to /api/v2/analytics/conversations/aggregates/query; empty if <c>cached</c> is true. For a
    /// caller limited to some queues, the bodies are examples that name only those queues; the real requests can cover other queues as well.
    /// </summary>
    public required IReadOnlyList<JsonElement> Bodies { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExplainedPlan))]
internal sealed partial class ExplainJson : JsonSerializerContext;
