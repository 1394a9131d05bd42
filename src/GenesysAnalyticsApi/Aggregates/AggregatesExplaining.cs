using System.Text.Json;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Shows the plan of a question instead of carrying it out.</summary>
internal sealed class AggregatesExplaining(SliceStore store, SliceFetcher fetcher, TimeProvider clock)
{
    /// <summary>What a slice is about where the caller may not see every queue.</summary>
    private const string OfView = "view";

    public async Task<ExplainedPlan> ExplainAsync(
        AnsweredQuery question, SlicePlan plan, Duration? maxAge, QueueSelectionResult selection, QueueView view, CancellationToken cancellationToken)
    {
        var slices = new List<(Slice Slice, ExplainedSlice Explained)>();
        foreach (var slice in plan.Slices.OrderBy(slice => slice.Key.From))
        {
            slices.Add((slice, await ExplainAsync(slice, maxAge, cancellationToken)));
        }

        IReadOnlyList<ExplainedSlice> shown = view.IsAll ? [.. slices.Select(slice => slice.Explained)] : Limited(slices, QueueSet.Of(selection.Wanted));
        return new ExplainedPlan(question, shown.Sum(slice => slice.Bodies.Count), shown);
    }

    private async Task<ExplainedSlice> ExplainAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken)
    {
        var kept = await store.FindAsync(slice, maxAge, cancellationToken);
        var isFresh = Instant.FromDateTimeOffset(clock.GetUtcNow()) < kept?.DueAt;
        var lacking = isFresh && kept!.Value.Lacking is { Ids.Length: > 0 and <= SliceScopes.MostIds } some ? some : null;
        var isCached = isFresh && kept!.Value.Lacking.Ids.IsEmpty;
        return new ExplainedSlice
        {
            From = InstantText.Print(slice.Key.From),
            To = InstantText.Print(slice.Key.To),
            Granularity = slice.Grain?.Iso,
            MetricGroup = slice.Key.Group,
            Scope = slice.Key.Scope,
            Cached = isCached,
            FetchedAt = kept is { } there ? InstantText.Print(there.Kept.FetchedAt) : null,
            DueAt = kept is { } known ? InstantText.Print(known.DueAt) : null,
            Bodies = isCached ? [] : [.. fetcher.QuestionsOf(slice, lacking).Select(BodyOf)],
        };
    }

    /// <summary>
    /// The plan as it would be if the organisation had no other queues than those seen. How many shards there are, and into how many calls
    /// a slice is split, tells how large the rest of the organisation is.
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
            Bodies = isCached ? [] : [.. wanted.InPieces(SliceScopes.MostIds).Select(ids => BodyOf(fetcher.WholeQuestionOf(shards[0].Slice) with { QueueIds = ids }))],
        };
    }

    // Instants in UTC, all written alike. Where one shard has nothing, all of it has to be asked for.
    private static string? Earliest(IEnumerable<string?> instants) => instants.Order(StringComparer.Ordinal).First();

    private static JsonElement BodyOf(AggregatesQuestion question) => JsonElement.Parse(GenesysWire.BodyOf(question));
}
