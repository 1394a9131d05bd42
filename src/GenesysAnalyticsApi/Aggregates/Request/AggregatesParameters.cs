using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// The raw parameters of GET /aggregates. Binding does not validate them. One response can therefore report every invalid parameter with its value. The
/// framework's own binding errors would report only the first one, and would give details only in the Development environment.
/// </summary>
internal sealed record AggregatesParameters
{
    [FromQuery(Name = "from")]
    [Description("Start of the interval, inclusive: an ISO-8601 instant with an offset or Z, a local date or date-time in timeZone, epoch seconds or milliseconds, or a time relative to now as in Grafana (now-24h, now-7d/d). A relative time is rounded down to the start of a bucket or, without `granularity`, to a multiple of 5 minutes. An epoch time is rounded only with `granularity`. Without `to`, the interval ends now.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("End of the interval, exclusive, in the same formats as `from`. The end is rounded up where the start would be rounded down; now-1d/d is the end of yesterday. An end in the future, such as now/d (the end of today), is replaced by the current time.")]
    public string? To { get; init; }

    [FromQuery(Name = "interval")]
    [Description("Instead of from and to: start/end, as in Genesys Cloud. Both parts accept the formats of `from` and `to`.")]
    public string? Interval { get; init; }

    [FromQuery(Name = "last")]
    [Description("Instead of from and to: the length of an interval that ends now, as an ISO-8601 duration or a number with a unit (24h, 7d, 30m). The start is rounded down to the start of a bucket or, without `granularity`, to a multiple of 5 minutes. Defaults to PT24H if none of `from`, `to`, `interval` and `period` is set.")]
    public string? Last { get; init; }

    [FromQuery(Name = "period")]
    [Description("Instead of from and to: a calendar period in timeZone, in any letter case. Weeks start on Monday. The periods today and this-… end now.")]
    public string? Period { get; init; }

    [FromQuery(Name = "timeZone")]
    [Description("Time zone for local times, calendar periods, buckets, hours and weekdays: an IANA name in any letter case, a Windows name (India Standard Time) or a fixed offset (+05:30).")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "granularity")]
    [Description("Bucket size; other notations of the same size (30m, PT60M) are accepted. Without `granularity`, there is one bucket for the whole interval.")]
    public string? Granularity { get; init; }

    [FromQuery(Name = "queueId")]
    [Description("Only these queues, by id; repeat the parameter or separate ids by commas. At most 1000.")]
    public string[]? QueueId { get; init; }

    [FromQuery(Name = "queue")]
    [Description("Only these queues, by name or by a pattern with *; case and surrounding white space are ignored. With queueId, queues that match either parameter are included. Repeat the parameter for more names, at most 50.")]
    public string[]? Queue { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of these divisions; repeat the parameter or separate ids by commas.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "mediaType")]
    [Description("Only these media types; repeat the parameter or separate them by commas.")]
    public string[]? MediaType { get; init; }

    [FromQuery(Name = "messageType")]
    [Description("Only these message types as named by Genesys, such as whatsapp, in any letter case; repeat the parameter or separate them by commas. Excludes interactions without a message type, such as calls.")]
    public string[]? MessageType { get; init; }

    [FromQuery(Name = "direction")]
    [Description("Original direction of the conversation (Genesys dimension originatingDirection), in any letter case. Without `direction`, both directions are included.")]
    public string? Direction { get; init; }

    [FromQuery(Name = "userId")]
    [Description("Only these agents, by id; repeat the parameter or separate ids by commas. At most 1000. The figures are then those of agent sessions; queue figures, such as offered and abandoned, are null. Needs the agents scope.")]
    public string[]? UserId { get; init; }

    [FromQuery(Name = "user")]
    [Description("Only these agents, by name or by a pattern with *; case and surrounding white space are ignored. With userId, agents that match either parameter are included. Repeat the parameter for more names, at most 50. Needs the agents scope.")]
    public string[]? User { get; init; }

    [FromQuery(Name = "wrapUpCode")]
    [Description("Only agent sessions with these wrap-up codes: ids from GET /wrapup-codes, or Genesys' own codes, such as ININ-WRAP-UP-TIMEOUT, which Genesys does not list. Repeat the parameter or separate ids by commas. At most 200. Queue figures, such as offered and abandoned, are null.")]
    public string[]? WrapUpCode { get; init; }

    [FromQuery(Name = "groupBy")]
    [Description("Comma-separated subset of queueId, mediaType, divisionId, messageType, direction, userId, wrapUpCode, or none. Rows are rolled up over the other dimensions. userId needs the agents scope.")]
    public string[]? GroupBy { get; init; }

    [FromQuery(Name = "metric")]
    [Description("Adds the raw statistics of these Genesys metrics to each record; repeat the parameter or separate names by commas.")]
    public string[]? Metric { get; init; }

    [FromQuery(Name = "serviceLevelThresholdMs")]
    [Description("A threshold in milliseconds, instead of the threshold of each queue. Adds to each record answeredWithin (the interactions answered within this threshold) and serviceLevelWithin (the service level for this threshold). From 1000 (1 s) to 604800000 (7 days).")]
    public string? ServiceLevelThresholdMs { get; init; }

    [FromQuery(Name = "fill")]
    [Description("zero: returns a record for every bucket of every group, including buckets without data. A group is a combination of values in the groupBy dimensions that has data or that the filters select.")]
    public string? Fill { get; init; }

    [FromQuery(Name = "hours")]
    [Description("Only time within these local hours: HH:mm-HH:mm in steps of 5 minutes. A range can span midnight (22:00-06:00). Repeat the parameter or separate ranges by commas. The service then reads the interval in buckets of an hour or less.")]
    public string[]? Hours { get; init; }

    [FromQuery(Name = "weekdays")]
    [Description("Only time on these local weekdays: short or long English names in any case, or ranges (mon-fri); repeat the parameter or separate them by commas. If a range of hours spans midnight, its part after midnight belongs to the new day.")]
    public string[]? Weekdays { get; init; }

    [FromQuery(Name = "totals")]
    [Description("true: adds totals, one record over all rows. Its figures are those of groupBy=none without granularity.")]
    public string? Totals { get; init; }

    [FromQuery(Name = "compare")]
    [Description("Adds a `previous` member to each record: the figures of an earlier interval. The value previous compares a `period` with the period before it, such as this-week with last-week, and any other interval with the interval of equal length before it. The values previous-week and previous-year select the same local times a week or a year earlier. If the interval ends now, only its elapsed part is compared: today until 10:00 with yesterday until 10:00.")]
    public string? Compare { get; init; }

    [FromQuery(Name = "sort")]
    [Description("The record field to sort by, with - before it for descending order; repeat the parameter or separate fields by commas for more. With compare, `sort` also accepts compared fields (previous.offered); with metric, it also accepts requested statistics (metrics.tAlert.sum). Null sorts last. Without `sort`, records are sorted by queueName, mediaType and from, then by queueId, divisionName, messageType, direction, userName and wrapUpCodeName; an ndjson, csv or parquet response with more than Aggregates:StreamRows records is sorted by `from` before all other fields.")]
    public string[]? Sort { get; init; }

    [FromQuery(Name = "limit")]
    [Description("Returns only this number of records, after sorting; meta.rows.total is the number of records without the limit.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "format")]
    [Description("Format of the response, instead of the Accept header.")]
    public string? Format { get; init; }

    [FromQuery(Name = "bom")]
    [Description("true: a CSV body starts with a byte order mark, without which Excel garbles accents. Only for CSV.")]
    public string? Bom { get; init; }

    [FromQuery(Name = "partial")]
    [Description("deny: fails the whole request if a part could not be fetched, instead of listing the part in meta.failedSlices. Defaults to deny for csv, parquet and openmetrics, whose readers do not see meta, and to allow for the other formats.")]
    public string? Partial { get; init; }

    [FromQuery(Name = "maxAge")]
    [Description("Maximum time since the data was fetched, in seconds, 0–86400; older parts are fetched again. A value above the default maximum, which depends on how recent the interval is, has no effect.")]
    public string? MaxAge { get; init; }

    [FromQuery(Name = "explain")]
    [Description("true: returns the plan of the query instead of figures: the slices, which of them are cached, and the number and bodies of the Genesys requests that the service would send.")]
    public string? Explain { get; init; }

    /// <summary>Names of all parameters that GET /aggregates accepts.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "from", "to", "interval", "last", "period", "timeZone", "granularity", "queueId", "queue", "divisionId", "mediaType", "messageType",
        "direction", "userId", "user", "wrapUpCode", "groupBy", "metric", "serviceLevelThresholdMs", "fill", "hours", "weekdays", "totals", "compare", "sort", "limit", "format", "bom", "partial", "maxAge", "explain",
    ];

    /// <summary>Names of the parameters that can be repeated.</summary>
    public static IReadOnlyList<string> RepeatableNames { get; } = ["queueId", "queue", "divisionId", "mediaType", "messageType", "userId", "user", "wrapUpCode", "groupBy", "metric", "hours", "weekdays", "sort"];
}
