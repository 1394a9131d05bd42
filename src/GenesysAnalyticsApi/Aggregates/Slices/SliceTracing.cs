using System.Diagnostics;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// What traces show of slices: below a request each slice that was not at hand, and the flight that fetched it below the request that
/// started it. Who joined a flight has a link to it. Nothing is made unless somebody listens.
/// </summary>
internal static class SliceTracing
{
    public const string SourceName = "GenesysAnalyticsApi.Aggregates";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A question waits for a slice.</summary>
    public static Activity? Waiting(Slice slice) => Of("slice", slice);

    /// <summary>A slice is fetched, whoever waits for it.</summary>
    public static Activity? Flight(Slice slice) => Of("slice flight", slice);

    public static void Joined(this Activity? waiting, Activity? flight)
    {
        if (waiting is not null && flight is not null)
        {
            waiting.AddLink(new ActivityLink(flight.Context));
        }
    }

    public static void Ended(this Activity? activity, string outcome) => activity?.SetTag("slice.outcome", outcome);

    private static Activity? Of(string name, Slice slice) => Source.HasListeners()
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
