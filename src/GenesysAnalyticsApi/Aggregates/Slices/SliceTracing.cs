using System.Diagnostics;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Creates spans: below a request one for each slice that was not cached, and the fetch below the request that started it. A query
/// that joined a fetch has a link to it.
/// </summary>
internal static class SliceTracing
{
    public const string SourceName = "GenesysAnalyticsApi.Aggregates";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The time in which a query waits for a slice.</summary>
    public static Activity? StartWait(Slice slice) => Start("slice", slice);

    /// <summary>The fetch of a slice, for all queries that wait for it.</summary>
    public static Activity? StartFetch(Slice slice) => Start("slice flight", slice);

    public static void LinkTo(this Activity? waiting, Activity? fetch)
    {
        if (waiting is not null && fetch is not null)
        {
            waiting.AddLink(new ActivityLink(fetch.Context));
        }
    }

    public static void SetOutcome(this Activity? activity, string outcome) => activity?.SetTag("slice.outcome", outcome);

    private static Activity? Start(string name, Slice slice) => Source.HasListeners()
        ? Source.StartActivity(
            name,
            ActivityKind.Internal,
            default(ActivityContext),
            [
                new("slice.group", slice.Key.Group),
                new("slice.from", InstantFormat.Print(slice.Key.From)),
                new("slice.to", InstantFormat.Print(slice.Key.To)),
                new("slice.granularity", slice.Grain?.Iso),
            ])
        : null;
}
