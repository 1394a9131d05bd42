using System.Text.Json;
using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Shows the plan of a question instead of carrying it out.</summary>
internal sealed class AggregatesExplaining(SliceStore store, SliceFetcher fetcher, TimeProvider clock)
{
    public async Task<ExplainedPlan> ExplainAsync(AnsweredQuery question, SlicePlan plan, Duration? maxAge, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var slices = new List<ExplainedSlice>();
        foreach (var slice in plan.Slices.OrderBy(slice => slice.Key.From))
        {
            var kept = await store.FindAsync(slice, maxAge, cancellationToken);
            var isCached = now < kept?.DueAt;
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
                Bodies = isCached ? [] : [.. fetcher.QuestionsOf(slice).Select(BodyOf)],
            });
        }

        return new ExplainedPlan(question, slices.Sum(slice => slice.Bodies.Count), slices);
    }

    private static JsonElement BodyOf(AggregatesQuestion question) => JsonElement.Parse(GenesysWire.BodyOf(question));
}
