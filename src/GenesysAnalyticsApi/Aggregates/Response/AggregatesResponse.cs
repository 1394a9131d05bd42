using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Aggregates.Response;

// These types define the OpenAPI schema. ResponseJsonWriter writes the same JSON without allocating an object per record.

/// <summary>The resolved query, metadata of the data, and one flat record per row.</summary>
/// <param name="Query">The resolved query: names resolved to ids, the interval in UTC and clipped to now.</param>
/// <param name="Meta">Metadata of the data: age, completeness and finality.</param>
/// <param name="Totals">One record over all rows, before limit; present only with totals=true.</param>
/// <param name="Records">One flat record per row, sorted by queue name, media type and bucket, or as requested.</param>
internal sealed record AggregatesResponse(
    ResolvedQuery Query, ResponseMeta Meta,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AggregateRecord? Totals,
    IReadOnlyList<AggregateRecord> Records);

/// <summary>The resolved query: names resolved to ids, the interval in UTC and clipped to now.</summary>
internal sealed record ResolvedQuery
{
    /// <summary>The resolved interval, half-open, in UTC.</summary>
    /// <example>2026-11-01T00:00:00Z/2026-11-02T00:00:00Z</example>
    public required string Interval { get; init; }

    /// <summary>The bucket size; null for one bucket.</summary>
    public required string? Granularity { get; init; }

    /// <summary>The time zone of buckets and of localFrom.</summary>
    /// <example>UTC</example>
    public required string TimeZone { get; init; }

    /// <summary>
    /// Ids of the selected queues, with names and divisions resolved; empty for all queues that the caller can see. If the filter selects no queue, the list
    /// is empty too, and the response has a warning with the code no-queue.
    /// </summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> QueueIds { get; init; }

    /// <summary>The requested media types; empty for all.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    /// <summary>The requested message types; present only if there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? MessageTypes { get; init; }

    /// <summary>
    /// Ids of the selected agents, with names resolved; present only if the query selects agents. For a caller that can see only some queues, the list
    /// contains only the requested ids.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? UserIds { get; init; }

    /// <summary>The requested names and patterns of agents; present only if there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>The requested wrap-up codes; present only if there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? WrapUpCodes { get; init; }

    /// <summary><c>inbound</c>, <c>outbound</c>, or null for both.</summary>
    public required string? Direction { get; init; }

    /// <summary>The threshold of answeredWithin and serviceLevelWithin in milliseconds; null if the records do not contain these fields.</summary>
    public required int? ServiceLevelThresholdMs { get; init; }

    /// <summary>The dimensions by which rows are grouped.</summary>
    /// <example>["queueId", "mediaType"]</example>
    public required IReadOnlyList<string> GroupBy { get; init; }

    /// <summary>The included local hours; null for all hours.</summary>
    public string? Hours { get; init; }

    /// <summary>The included local weekdays; null for all weekdays.</summary>
    public string? Weekdays { get; init; }

    /// <summary><c>previous</c>, <c>previous-week</c> or <c>previous-year</c>; null without comparison.</summary>
    public string? Compare { get; init; }

    /// <summary>The compared interval, to which <c>previous</c> refers: half-open, in UTC; null without comparison.</summary>
    public string? CompareInterval { get; init; }
}

/// <summary>Metadata of the data: age, completeness and finality.</summary>
internal sealed record ResponseMeta
{
    /// <summary>Fetch time of the oldest data that can still change; if everything is final, of the oldest data; null if nothing was fetched.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    [DataType(DataType.DateTime)]
    public required string? AsOf { get; init; }

    /// <summary>True if every part of the interval is present and no statistic was omitted.</summary>
    /// <example>true</example>
    public required bool Complete { get; init; }

    /// <summary>True if every record is final and no further record can appear.</summary>
    /// <example>true</example>
    public required bool Final { get; init; }

    /// <summary>True if some data is older than its freshness allows because Genesys was unavailable. The warnings give the reason.</summary>
    /// <example>false</example>
    public required bool Stale { get; init; }

    /// <summary><c>genesys</c>, or <c>simulator</c> for generated figures.</summary>
    /// <example>genesys</example>
    public required string Source { get; init; }

    /// <summary>Number of records.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Parts that could not be fetched. Affected records have <c>complete: false</c>.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<FailedSlice> FailedSlices { get; init; }

    /// <summary>Information about the figures that is not visible in the records.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<ResponseWarning> Warnings { get; init; }
}

/// <summary>Number of records.</summary>
/// <param name="Returned" example="1">Records in this response.</param>
/// <param name="Total" example="1">Records before limit.</param>
internal sealed record RowCounts(int Returned, int Total);

/// <summary>A part of the interval that could not be fetched.</summary>
/// <param name="From" example="2026-11-23T00:00:00Z">Start, inclusive.</param>
/// <param name="To" example="2026-11-24T00:00:00Z">End, exclusive.</param>
/// <param name="Granularity">The bucket size requested from Genesys; null for one bucket.</param>
/// <param name="Reason" example="unavailable: Genesys Cloud cannot be reached.">The reason: one of unauthorized, forbidden, rejected, too-large, rate-limited, unavailable, timeout, unreadable, followed by a message.</param>
internal sealed record FailedSlice(string From, string To, string? Granularity, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ResolvedQuery))]
[JsonSerializable(typeof(ResponseMeta))]
internal sealed partial class AggregatesJson : JsonSerializerContext;
