using System.ComponentModel;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.OpenApi;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// The raw parameters of GET /aggregates. Binding does not validate them, so that one response can report every invalid parameter with its value, in
/// every environment.
/// </summary>
internal sealed record AggregatesParameters
{
    [FromQuery(Name = "from")]
    [Description("Start of the interval, inclusive: an ISO-8601 instant with an offset or Z, or a local date or date-time in timeZone. Without `to`, the interval ends now.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("End of the interval, exclusive, in the same formats as `from`. An end in the future is replaced by the current time.")]
    public string? To { get; init; }

    [FromQuery(Name = "interval")]
    [Description("Instead of from and to: start/end, as in Genesys Cloud.")]
    public string? Interval { get; init; }

    [FromQuery(Name = "last")]
    [Description("Instead of from and to: an ISO-8601 duration that ends now. The start is rounded down to 5 minutes, or to the granularity. Defaults to PT24H when no interval is given.")]
    public string? Last { get; init; }

    [FromQuery(Name = "period")]
    [Description("Instead of from and to: a calendar period in timeZone. Weeks start on Monday; today and this-… end now.")]
    public string? Period { get; init; }

    [FromQuery(Name = "timeZone")]
    [Description("IANA time zone for local times, calendar periods, and day, week and month buckets.")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "granularity")]
    [Description("Bucket size. Without it, there is one bucket for the whole interval.")]
    public string? Granularity { get; init; }

    [FromQuery(Name = "queueId")]
    [Description("Only these queues, by id; repeat the parameter or separate ids by commas. At most 1000.")]
    public string[]? QueueId { get; init; }

    [FromQuery(Name = "queue")]
    [Description("Only these queues, by name or by a pattern with *; case and surrounding white space are ignored. Combined with queueId as \"or\". Repeat the parameter for more, at most 50.")]
    public string[]? Queue { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of these divisions; repeat the parameter or separate ids by commas.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "mediaType")]
    [Description("Only these media types; repeat the parameter or separate them by commas.")]
    public string[]? MediaType { get; init; }

    [FromQuery(Name = "direction")]
    [Description("Direction in which the contact began (Genesys dimension originatingDirection), case-insensitive. Both if absent.")]
    public string? Direction { get; init; }

    [FromQuery(Name = "groupBy")]
    [Description("Comma-separated subset of queueId, mediaType, divisionId, or none. Rows are rolled up over the other dimensions.")]
    public string[]? GroupBy { get; init; }

    [FromQuery(Name = "metric")]
    [Description("Adds the raw statistics of these Genesys metrics to each record; repeat the parameter or separate names by commas. At most 40.")]
    public string[]? Metric { get; init; }

    [FromQuery(Name = "serviceLevelThresholdMs")]
    [Description("Adds answeredWithin and serviceLevelWithin to each record: the service level for this threshold in milliseconds, instead of the threshold of each queue. From 1000 (1 s) to 604800000 (7 days).")]
    public string? ServiceLevelThresholdMs { get; init; }

    [FromQuery(Name = "fill")]
    [Description("zero: returns the full grid of queue × media type × bucket, including rows without data.")]
    public string? Fill { get; init; }

    [FromQuery(Name = "format")]
    [Description("Format of the response, instead of the Accept header.")]
    public string? Format { get; init; }

    [FromQuery(Name = "bom")]
    [Description("true: a CSV body starts with a byte order mark, without which Excel garbles accents. With format=csv only.")]
    public string? Bom { get; init; }

    [FromQuery(Name = "partial")]
    [Description("deny: fails the whole request if a part could not be fetched, instead of listing the part in meta.failedSlices. Defaults to deny for csv, parquet and openmetrics, whose readers do not see meta, and to allow for the other formats.")]
    public string? Partial { get; init; }

    [FromQuery(Name = "maxAge")]
    [Description("Maximum age of data in seconds, 0–86400; older parts are fetched again. It can only shorten the default freshness, which depends on the age of the data.")]
    public string? MaxAge { get; init; }

    [FromQuery(Name = "explain")]
    [Description("true: returns the plan without calling Genesys: the slices, the exact upstream bodies, what is cached, and the number of calls it would take.")]
    public string? Explain { get; init; }

    /// <summary>Names of all parameters that GET /aggregates accepts.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "from", "to", "interval", "last", "period", "timeZone", "granularity", "queueId", "queue", "divisionId", "mediaType",
        "direction", "groupBy", "metric", "serviceLevelThresholdMs", "fill", "format", "bom", "partial", "maxAge", "explain",
    ];

    /// <summary>Items of a list parameter, which may be repeated, comma-separated, or both. White space around items is removed.</summary>
    public static IReadOnlyList<string> Items(string[]? values) =>
        values is null ? [] : [.. values.SelectMany(value => (value ?? "").Split(',')).Select(item => item.Trim())];
}

/// <summary>
/// Describes the parameters of GET /aggregates in the OpenAPI document, from the same lists and limits that the validator uses. <c>last</c> has no
/// default here because its default applies only when no other interval parameter is given.
/// </summary>
internal static class AggregatesParameterMetadata
{
    public static IReadOnlyDictionary<string, ParameterMetadata> All { get; } = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["from"] = new("2026-11-01T00:00:00Z"),
        ["to"] = new("2026-11-02T00:00:00Z"),
        ["interval"] = new("2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"),
        ["last"] = new("P7D"),
        ["period"] = new("yesterday") { Values = CalendarPeriods.Names },
        ["timeZone"] = new("Europe/Berlin") { Default = DateTimeZone.Utc.Id },
        ["granularity"] = new("PT1H") { Values = AggregatesParametersValidator.GranularityNames },
        ["queueId"] = new("05f1c285-6777-4ccc-806f-8db085ae0793") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxQueueIds },
        ["queue"] = new("Billing*") { MaxItems = AggregatesParametersValidator.MaxQueueNames },
        ["divisionId"] = new("2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxQueueIds },
        ["mediaType"] = new("voice") { Values = MediaTypes.Known, MaxItems = MediaTypes.Known.Count },
        ["direction"] = new("inbound") { Values = AggregatesParametersValidator.Directions },
        ["groupBy"] = new("mediaType")
        {
            Values = AggregatesParametersValidator.GroupingNames,
            MaxItems = AggregatesParametersValidator.GroupingNames.Length - 1, // none cannot be combined
            Default = string.Join(',', Groupings.Names(AggregatesQuery.DefaultGroupBy)),
        },
        ["metric"] = new("tNotResponding") { Values = MetricCatalog.Names, MaxItems = AggregatesParametersValidator.MaxMetrics },
        ["serviceLevelThresholdMs"] = new("20000") { Range = (AnsweredWithin.MinThresholdMs, AnsweredWithin.MaxThresholdMs) },
        ["fill"] = new("zero") { Values = AggregatesParametersValidator.Fills, Default = AggregatesParametersValidator.Fills[0] },
        ["format"] = new("csv") { Values = ResponseFormat.Names },
        ["bom"] = new("true") { Values = AggregatesParametersValidator.Switches, Default = AggregatesParametersValidator.Switches[1] },
        ["partial"] = new("deny") { Values = AggregatesParametersValidator.Partials },
        ["maxAge"] = new("60") { Range = (0, AggregatesParametersValidator.MaxAgeSeconds) },
        ["explain"] = new("true") { Values = AggregatesParametersValidator.Switches, Default = AggregatesParametersValidator.Switches[1] },
    };
}
