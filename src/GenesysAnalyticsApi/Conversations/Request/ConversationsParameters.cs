using System.ComponentModel;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Request;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Conversations.Request;

/// <summary>The raw parameters of GET /conversations. Parameters that GET /aggregates has too have the same meaning and follow the same rules.</summary>
internal sealed record ConversationsParameters
{
    [FromQuery(Name = "from")]
    [Description("Start of the interval, inclusive, in the formats of GET /aggregates. Without `to`, the interval ends now.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("End of the interval, exclusive, in the same formats as `from`.")]
    public string? To { get; init; }

    [FromQuery(Name = "interval")]
    [Description("Instead of from and to: start/end, as in Genesys Cloud.")]
    public string? Interval { get; init; }

    [FromQuery(Name = "last")]
    [Description("Instead of from and to: an ISO-8601 duration, or a number with a unit (24h, 7d, 30m), that ends now. PT24H if no parameter sets an interval.")]
    public string? Last { get; init; }

    [FromQuery(Name = "period")]
    [Description("Instead of from and to: a calendar period in timeZone.")]
    public string? Period { get; init; }

    [FromQuery(Name = "timeZone")]
    [Description("Time zone for local times and calendar periods: an IANA name, a Windows name or a fixed offset.")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "match")]
    [Description("started: conversations that began in the interval. active: conversations with a metric event that GET /aggregates counts in the interval, in the queue and on the media type of the record.")]
    public string? Match { get; init; }

    [FromQuery(Name = "queueId")]
    [Description("Only these queues, by id; repeat the parameter or separate ids by commas. At most 1000.")]
    public string[]? QueueId { get; init; }

    [FromQuery(Name = "queue")]
    [Description("Only these queues, by name or by a pattern with *. Combined with queueId as \"or\". Repeat the parameter for more queues, at most 50.")]
    public string[]? Queue { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of these divisions; repeat the parameter or separate ids by commas.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "mediaType")]
    [Description("Only these media types; repeat the parameter or separate media types by commas.")]
    public string[]? MediaType { get; init; }

    [FromQuery(Name = "direction")]
    [Description("The original direction of the conversation (Genesys' originatingDirection). Both directions if absent.")]
    public string? Direction { get; init; }

    [FromQuery(Name = "userId")]
    [Description("Only records that one of these agents handled, by id; repeat the parameter or separate ids by commas. Needs the agents scope.")]
    public string[]? UserId { get; init; }

    [FromQuery(Name = "wrapUpCode")]
    [Description("Only records with one of these wrap-up codes: ids from GET /wrapup-codes, or Genesys' own codes, such as ININ-WRAP-UP-TIMEOUT. Repeat the parameter or separate ids by commas.")]
    public string[]? WrapUpCode { get; init; }

    [FromQuery(Name = "disconnectType")]
    [Description("Only records with one of these disconnect types, as Genesys names them; repeat the parameter or separate types by commas.")]
    public string[]? DisconnectType { get; init; }

    [FromQuery(Name = "outcome")]
    [Description("Only records with one of these outcomes; repeat the parameter or separate outcomes by commas. Most outbound conversations and callbacks have no outcome.")]
    public string[]? Outcome { get; init; }

    [FromQuery(Name = "minHandleTimeMs")]
    [Description("Only records that agents handled for at least this many milliseconds.")]
    public string? MinHandleTimeMs { get; init; }

    [FromQuery(Name = "minWaitTimeMs")]
    [Description("Only records that waited in the queue for at least this many milliseconds.")]
    public string? MinWaitTimeMs { get; init; }

    [FromQuery(Name = "order")]
    [Description("asc: the earliest conversation first; desc: the latest first.")]
    public string? Order { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of records in the response. A JSON page contains 100 records by default and at most 1000; nextCursor leads to the next page. A response in another format contains all records by default.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page. All other parameters except limit must have the same values as for that page. JSON only.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "format")]
    [Description("The format of the response; it overrides the Accept header. ndjson, csv and parquet are streamed while the conversations are read.")]
    public string? Format { get; init; }

    [FromQuery(Name = "bom")]
    [Description("true: a CSV body starts with a byte order mark, without which Excel shows accented characters incorrectly. With format=csv only.")]
    public string? Bom { get; init; }

    /// <summary>The parameters that GET /aggregates has too.</summary>
    [JsonIgnore]
    public AggregatesParameters Shared => new()
    {
        From = From,
        To = To,
        Interval = Interval,
        Last = Last,
        Period = Period,
        TimeZone = TimeZone,
        QueueId = QueueId,
        Queue = Queue,
        DivisionId = DivisionId,
        MediaType = MediaType,
        Direction = Direction,
        UserId = UserId,
        WrapUpCode = WrapUpCode,
        Bom = Bom,
    };

    /// <summary>The names of all parameters.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "from", "to", "interval", "last", "period", "timeZone", "match", "queueId", "queue", "divisionId", "mediaType", "direction", "userId", "wrapUpCode",
        "disconnectType", "outcome", "minHandleTimeMs", "minWaitTimeMs", "order", "limit", "cursor", "format", "bom",
    ];

    /// <summary>The names of the parameters that can be repeated.</summary>
    public static IReadOnlyList<string> RepeatableNames { get; } = ["queueId", "queue", "divisionId", "mediaType", "userId", "wrapUpCode", "disconnectType", "outcome"];
}
