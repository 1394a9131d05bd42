using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Describes the plan of a query without executing it.</summary>
internal sealed class QueryExplainer(SliceStore store, SliceFetcher fetcher, TimeProvider clock)
{
    /// <summary>The scope shown to callers that may not see every queue.</summary>
    private const string OfView = "view";

    public async Task<ExplainedPlan> ExplainAsync(
        ResolvedQuery question, IReadOnlyList<ResponseWarning> warnings, SlicePlan plan, Duration? maxAge, ResolvedQueues selection, QueueVisibility view,
        CancellationToken cancellationToken)
    {
        var slices = new List<(Slice Slice, ExplainedSlice Explained)>();
        foreach (var slice in plan.Slices.OrderBy(slice => slice.Key.From))
        {
            slices.Add((slice, await ExplainAsync(slice, maxAge, cancellationToken)));
        }

        IReadOnlyList<ExplainedSlice> shown = view.IsAll ? [.. slices.Select(slice => slice.Explained)] : Limited(slices, QueueSet.Of(selection.Wanted));
        return new ExplainedPlan(question, shown.Sum(slice => slice.Bodies.Count), warnings, shown);
    }

    private async Task<ExplainedSlice> ExplainAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken)
    {
        var kept = await store.FindAsync(slice, maxAge, cancellationToken);
        var isFresh = Instant.FromDateTimeOffset(clock.GetUtcNow()) < kept?.DueAt;
        var lacking = isFresh && kept!.Value.Missing is { Ids.Length: > 0 and <= QueueSharding.MostIds } some ? some : null;
        var isCached = isFresh && kept!.Value.Missing.Ids.IsEmpty;
        return new ExplainedSlice
        {
            From = InstantFormat.Print(slice.Key.From),
            To = InstantFormat.Print(slice.Key.To),
            Granularity = slice.Grain?.Iso,
            MetricGroup = slice.Key.Group,
            Scope = slice.Key.Scope,
            Cached = isCached,
            FetchedAt = kept is { } there ? InstantFormat.Print(there.Cached.FetchedAt) : null,
            DueAt = kept is { } known ? InstantFormat.Print(known.DueAt) : null,
            Bodies = isCached ? [] : [.. fetcher.RequestsFor(slice, lacking).Select(BodyOf)],
        };
    }

    /// <summary>
    /// Describes the plan as if the organisation had only the queues that the caller may see. The real number of shards, and of calls for a
    /// slice, would reveal the size of the rest of the organisation.
    /// </summary>
    private IReadOnlyList<ExplainedSlice> Limited(IEnumerable<(Slice Slice, ExplainedSlice Explained)> slices, QueueSet wanted) =>
        wanted.Ids.IsEmpty ? [] : [.. slices.GroupBy(slice => slice.Slice.Key with { Scope = OfView }).Select(shards => OfShards([.. shards], wanted))];

    private ExplainedSlice OfShards(IReadOnlyList<(Slice Slice, ExplainedSlice Explained)> shards, QueueSet wanted)
    {
        var isCached = shards.All(shard => shard.Explained.Cached);
        return shards[0].Explained with
        {
            Scope = OfView,
            Cached = isCached,
            FetchedAt = Earliest(shards.Select(shard => shard.Explained.FetchedAt)),
            DueAt = Earliest(shards.Select(shard => shard.Explained.DueAt)),
            Bodies = isCached || fetcher.WholeRequestOf(shards[0].Slice) is not { Metrics: [_, ..] } request
                ? []
                : [.. wanted.InPieces(QueueSharding.MostIds).Select(ids => BodyOf(request with { QueueIds = ids }))],
        };
    }

    // All instants are UTC in one format, so ordinal order is chronological. Null sorts first: without one shard, the slice is not cached.
    private static string? Earliest(IEnumerable<string?> instants) => instants.Order(StringComparer.Ordinal).First();

    private static JsonElement BodyOf(AggregatesRequest question) => JsonElement.Parse(GenesysWire.BodyOf(question));
}

/// <summary>The plan of a query that was not executed.</summary>
/// <param name="Query">The query after its names and defaults were resolved.</param>
/// <param name="Calls">Calls to Genesys that the query would need now. For a caller limited to some queues, counted as if no others existed.</param>
/// <param name="Warnings">The warnings that the response would have whatever the figures are: <c>no-queue</c> and <c>no-local-time</c>.</param>
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

    /// <summary>The metrics that are fetched together: standard, agent-time, callback, messaging, outbound or media; within-… for answeredWithin.</summary>
    public required string MetricGroup { get; init; }

    /// <summary><c>all</c>, or the shard of the queues; <c>view</c> for a caller limited to some queues.</summary>
    public required string Scope { get; init; }

    /// <summary>The slice is cached and fresh, so it needs no call.</summary>
    public required bool Cached { get; init; }

    /// <summary>When the cached data was fetched; null if none is cached.</summary>
    public required string? FetchedAt { get; init; }

    /// <summary>When the cached data must be fetched again; null if none is cached.</summary>
    public required string? DueAt { get; init; }

    /// <summary>
    /// The exact bodies that would be posted to /api/v2/analytics/conversations/aggregates/query; empty if the slice is cached. For a caller
    /// limited to some queues, they contain only those queues.
    /// </summary>
    public required IReadOnlyList<JsonElement> Bodies { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExplainedPlan))]
internal sealed partial class ExplainJson : JsonSerializerContext;
