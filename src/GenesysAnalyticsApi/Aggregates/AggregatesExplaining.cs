using System.Text.Json;
using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Shows the plan of a question instead of carrying it out.</summary>
internal sealed class AggregatesExplaining(SliceStore store, SliceFetcher fetcher, TimeProvider clock)
{
    /// <param name="isSeen">Whether a queue's id may be shown: a shard has those of other queues too.</param>
    public async Task<ExplainedPlan> ExplainAsync(
        AnsweredQuery question, SlicePlan plan, Duration? maxAge, Func<string, bool> isSeen, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var slices = new List<ExplainedSlice>();
        foreach (var slice in plan.Slices.OrderBy(slice => slice.Key.From))
        {
            var kept = await store.FindAsync(slice, maxAge, cancellationToken);
            var isFresh = now < kept?.DueAt;
            var lacking = isFresh && kept!.Value.Lacking is { Ids.Length: > 0 and <= SliceScopes.MostIds } some ? some : null;
            var isCached = isFresh && kept!.Value.Lacking.Ids.IsEmpty;
            slices.Add(new ExplainedSlice
            {
                From = InstantText.Print(slice.Key.From),
                To = InstantText.Print(slice.Key.To),
                Granularity = slice.Grain?.Iso,
                MetricGroup = slice.Key.Group,
                Scope = slice.Key.Scope,
                Cached = isCached,
                FetchedAt = kept is { } there ? InstantText.Print(there.Kept.FetchedAt) : null,
                DueAt = kept is { } known ? InstantText.Print(known.DueAt) : null,
                Bodies = isCached ? [] : [.. fetcher.QuestionsOf(slice, lacking).Select(asked => BodyOf(asked with { QueueIds = [.. asked.QueueIds.Where(isSeen)] }))],
            });
        }

        return new ExplainedPlan(question, slices.Sum(slice => slice.Bodies.Count), slices);
    }

    private static JsonElement BodyOf(AggregatesQuestion question) => JsonElement.Parse(GenesysWire.BodyOf(question));
}
