using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Aggregates.Response;

// The shape that OpenAPI shows. AggregatesWriter writes it, without an object per record.

/// <summary>The question as it was understood, what is true of the data, and one flat record per row.</summary>
/// <param name="Query">The question as it was understood: names resolved, the interval cut and in UTC.</param>
/// <param name="Meta">What is true of the data: how old, how complete, how final.</param>
/// <param name="Records">One flat record per row, by queue name, media type and bucket.</param>
internal sealed record AggregatesResponse(ResolvedQuery Query, ResponseMeta Meta, IReadOnlyList<AggregateRecord> Records);

/// <summary>The question as it was understood: names resolved, the interval cut and in UTC.</summary>
internal sealed record ResolvedQuery
{
    /// <summary>The interval that was answered, half-open, in UTC.</summary>
    /// <example>2026-11-01T00:00:00Z/2026-11-02T00:00:00Z</example>
    public required string Interval { get; init; }

    /// <summary>The bucket size; null for one bucket.</summary>
    public required string? Granularity { get; init; }

    /// <summary>The time zone of buckets and of localFrom.</summary>
    /// <example>UTC</example>
    public required string TimeZone { get; init; }

    /// <summary>The queues asked for, names and divisions resolved; empty for all.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> QueueIds { get; init; }

    /// <summary>The media types asked for; empty for all.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    /// <summary><c>inbound</c>, <c>outbound</c>, or null for both.</summary>
    public required string? Direction { get; init; }

    /// <summary>What rows are kept apart by.</summary>
    /// <example>["queueId", "mediaType"]</example>
    public required IReadOnlyList<string> GroupBy { get; init; }
}

/// <summary>What is true of the data: how old, how complete, how final.</summary>
internal sealed record ResponseMeta
{
    /// <summary>When the oldest part that can still change was fetched (all final: the oldest part of all); null when no part was.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    [DataType(DataType.DateTime)]
    public required string? AsOf { get; init; }

    /// <summary>Every part of the interval is there, and no statistic was left out.</summary>
    /// <example>true</example>
    public required bool Complete { get; init; }

    /// <summary>Every record is final.</summary>
    /// <example>true</example>
    public required bool Final { get; init; }

    /// <summary>A part is older than it should be because Genesys could not be asked; warnings say why.</summary>
    /// <example>false</example>
    public required bool Stale { get; init; }

    /// <summary><c>genesys</c>, or <c>simulator</c> for made-up figures.</summary>
    /// <example>genesys</example>
    public required string Source { get; init; }

    /// <summary>How many records there are.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>What could not be fetched; records it touches have <c>complete: false</c>.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<FailedSlice> FailedSlices { get; init; }

    /// <summary>What a reader of the figures has to know and cannot see from them.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<ResponseWarning> Warnings { get; init; }
}

/// <summary>How many records there are.</summary>
/// <param name="Returned" example="1">Records in this answer.</param>
/// <param name="Total" example="1">Records there are.</param>
internal sealed record RowCounts(int Returned, int Total);

/// <summary>A part of the interval that could not be fetched.</summary>
/// <param name="From">Start, inclusive.</param>
/// <param name="To">End, exclusive.</param>
/// <param name="Granularity">The bucket size that was asked of Genesys; null for one bucket.</param>
/// <param name="Reason">Why there is nothing: one of unauthorized, forbidden, rejected, too-large, rate-limited, unavailable, timeout, unreadable, with a sentence.</param>
internal sealed record FailedSlice(string From, string To, string? Granularity, string Reason);

/// <summary>Something a reader of the figures has to know.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">For people.</param>
internal sealed record ResponseWarning(string Code, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ResolvedQuery))]
[JsonSerializable(typeof(ResponseMeta))]
internal sealed partial class AggregatesJson : JsonSerializerContext;
