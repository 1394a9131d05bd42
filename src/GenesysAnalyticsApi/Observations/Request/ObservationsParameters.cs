using System.ComponentModel;
using GenesysAnalyticsApi.Aggregates.Request;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Observations.Request;

/// <summary>The raw parameters of GET /observations. Except for groupBy, they mean the same as in GET /aggregates, and the same rules check them.</summary>
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
    [Description("Comma-separated subset of queue and mediaType, or none. Figures about users exist per queue only, because a user can work in several queues.")]
    public string[]? GroupBy { get; init; }

    [FromQuery(Name = "format")]
    [Description("Format of the response, instead of the Accept header.")]
    public string? Format { get; init; }

    [FromQuery(Name = "bom")]
    [Description("true: a CSV body starts with a byte order mark, without which Excel shows accented characters incorrectly. Accepted only with format=csv.")]
    public string? Bom { get; init; }

    [FromQuery(Name = "maxAge")]
    [Description("Maximum age of the state in seconds, 0–86400; an older state is read again. Values above Observations:MaxAge have no effect.")]
    public string? MaxAge { get; init; }

    [FromQuery(Name = "partial")]
    [Description("deny: the whole request fails if a part of the state could not be read. allow: the warnings name the missing part. The default is deny for csv, parquet and openmetrics, which have no place for warnings, and allow for all other formats.")]
    public string? Partial { get; init; }

    /// <summary>The parameters that mean the same as in GET /aggregates, in the form of that endpoint.</summary>
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

    /// <summary>The names of all parameters.</summary>
    public static IReadOnlyList<string> Names { get; } = ["queueId", "queue", "divisionId", "mediaType", "groupBy", "format", "bom", "maxAge", "partial"];

    /// <summary>The names of the parameters that may be repeated.</summary>
    public static IReadOnlyList<string> RepeatableNames { get; } = ["queueId", "queue", "divisionId", "mediaType", "groupBy"];
}
