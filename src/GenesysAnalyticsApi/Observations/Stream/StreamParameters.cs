using System.ComponentModel;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>The raw parameters of GET /observations/stream: the filters and groupings of GET /observations.</summary>
internal sealed record StreamParameters
{
    [FromQuery(Name = "queueId")]
    [Description("Only these queues, by id; repeat the parameter or separate ids by commas. At most 1000.")]
    public string[]? QueueId { get; init; }

    [FromQuery(Name = "queue")]
    [Description("Only these queues, by name or by a pattern with *. Combined with queueId as \"or\". Repeat the parameter for more, at most 50.")]
    public string[]? Queue { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of these divisions; repeat the parameter or separate ids by commas.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "mediaType")]
    [Description("Only conversations of these media types; repeat the parameter or separate them by commas. Figures about users belong to no media type and are not filtered by it.")]
    public string[]? MediaType { get; init; }

    [FromQuery(Name = "groupBy")]
    [Description("Comma-separated subset of queue and mediaType, or none. Figures about users exist per queue only, because a user can work in several queues.")]
    public string[]? GroupBy { get; init; }

    [FromHeader(Name = StreamParameterMetadata.LastEventId)]
    [Description("The id of the last event that the subscriber received. If the changes since then are known, the first event is a change; otherwise it is a snapshot. When a browser reconnects, it sends this header automatically.")]
    public string? LastEventId { get; init; }

    /// <summary>The same parameters in the form of GET /observations.</summary>
    public ObservationsParameters Shared => new() { QueueId = QueueId, Queue = Queue, DivisionId = DivisionId, MediaType = MediaType, GroupBy = GroupBy };

    /// <summary>The names of all parameters in the URL. All of these parameters may be repeated.</summary>
    public static IReadOnlyList<string> Names { get; } = ["queueId", "queue", "divisionId", "mediaType", "groupBy"];
}

/// <summary>Describes the parameters of GET /observations/stream in the OpenAPI document.</summary>
internal static class StreamParameterMetadata
{
    public const string LastEventId = "Last-Event-ID";

    public static IReadOnlyDictionary<string, ParameterMetadata> All { get; } = new Dictionary<string, ParameterMetadata>(
        ObservationsParameterMetadata.All.Where(parameter => StreamParameters.Names.Contains(parameter.Key, StringComparer.Ordinal)), StringComparer.Ordinal)
    {
        [LastEventId] = new("5f0c2b7e9a414d0c.42"),
    };
}
