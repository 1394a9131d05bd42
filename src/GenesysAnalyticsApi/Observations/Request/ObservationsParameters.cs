using System.ComponentModel;
using GenesysAnalyticsApi.Aggregates.Request;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Observations.Request;

/// <summary>The raw parameters of GET /observations. Parameters that GET /aggregates also has have the same meaning, and the same rules check them.</summary>
internal sealed record ObservationsParameters
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
    [Description("Comma-separated subset of queue, mediaType, or none. Figures about users are given per queue only, because a user can work in several queues.")]
    public string[]? GroupBy { get; init; }

    [FromQuery(Name = "format")]
    [Description("Format of the response, instead of the Accept header.")]
    public string? Format { get; init; }

    [FromQuery(Name = "bom")]
    [Description("true: a CSV body starts with a byte order mark, without which Excel shows accented characters incorrectly. With format=csv only.")]
    public string? Bom { get; init; }

    [FromQuery(Name = "maxAge")]
    [Description("Maximum age of the state in seconds, 0–86400; an older state is read again. Values above Observations:MaxAge have no effect.")]
    public string? MaxAge { get; init; }

    [FromQuery(Name = "partial")]
    [Description("deny: fails the whole request if a part of the state could not be read, instead of listing it in warnings. Defaults to deny for csv, parquet and openmetrics, whose readers do not see warnings, and to allow for the other formats.")]
    public string? Partial { get; init; }

    /// <summary>The parameters that GET /aggregates also has.</summary>
    public AggregatesParameters Shared => new()
    {
        QueueId = QueueId,
        Queue = Queue,
        DivisionId = DivisionId,
        MediaType = MediaType,
        Format = Format,
        Bom = Bom,
        MaxAge = MaxAge,
        Partial = Partial,
    };

    /// <summary>Names of all parameters.</summary>
    public static IReadOnlyList<string> Names { get; } = ["queueId", "queue", "divisionId", "mediaType", "groupBy", "format", "bom", "maxAge", "partial"];

    /// <summary>Names of the parameters that may be repeated.</summary>
    public static IReadOnlyList<string> Lists { get; } = ["queueId", "queue", "divisionId", "mediaType", "groupBy"];
}
