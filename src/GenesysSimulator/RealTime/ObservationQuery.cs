using System.Collections.Frozen;

namespace GenesysSimulator.RealTime;

/// <summary>A valid query for queue observations.</summary>
internal sealed record ObservationQuery(LiveFilter Filter, IReadOnlyList<string> Metrics, FrozenSet<string> DetailMetrics);

/// <summary>
/// The dimensions of a group of observations, for the filter. A group of users has no media type, so the group matches no value of mediaType.
/// </summary>
internal readonly record struct ObservedGroup(string QueueId, string? MediaType) : ILiveValues
{
    public string? ValueOf(string dimension) => dimension == "queueId" ? QueueId : MediaType;
}
