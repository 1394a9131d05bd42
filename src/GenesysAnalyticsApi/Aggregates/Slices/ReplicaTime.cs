using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// The time by which replicas tell each other when something was fetched: that of Genesys, by the <c>Date</c> of its answers. Each replica
/// corrects its own clock on the way to Redis and back, so that a clock that is wrong misleads no other replica.
/// </summary>
internal sealed class ReplicaTime(GenesysClock genesys, TimeProvider clock)
{
    /// <summary>
    /// What the correction leaves over: dates have whole seconds. A moment that is further ahead than this is not believed: a replica that has
    /// had no answer of Genesys yet may have written it, or anybody else.
    /// </summary>
    internal static readonly Duration Tolerance = Duration.FromSeconds(5);

    private Instant Here => Instant.FromDateTimeOffset(clock.GetUtcNow());

    private Duration Ahead => Duration.FromTimeSpan(genesys.Ahead ?? TimeSpan.Zero);

    public Instant Now => Here - Ahead;

    /// <summary>A moment of this replica's clock, as the others are told it. None of them lies ahead.</summary>
    public Instant Of(Instant here) => Instant.Min(here, Here) - Ahead;

    /// <summary>A moment that a replica has told, by this replica's clock: never after now. Null where it cannot be believed.</summary>
    public Instant? At(Instant shared)
    {
        var now = Here;

        // Compared before it is corrected: what anybody can write may be at the end of time.
        return shared - Tolerance > now - Ahead ? null : Instant.Min(shared + Ahead, now);
    }
}
