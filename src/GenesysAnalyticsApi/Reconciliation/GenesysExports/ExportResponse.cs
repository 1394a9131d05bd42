using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Reconciliation.Comparing;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>An export from the Genesys UI, compared value by value with the figures of GET /aggregates.</summary>
/// <param name="Meta">The age of the aggregates, and the numbers of values that agree with them.</param>
/// <param name="Columns">The columns of the file, and the field with which each was compared.</param>
/// <param name="NotCompared">The rows that were not compared, and why.</param>
/// <param name="Records">One record per value: unexplained differences first, then explained differences, then equal values. Each of these groups is sorted by line and column.</param>
internal sealed record ExportResponse(ExportMeta Meta, IReadOnlyList<ExportColumnRecord> Columns, IReadOnlyList<RowNotCompared> NotCompared, IReadOnlyList<ExportValue> Records);

/// <summary>The age of the aggregates, and the numbers of values of an export that agree with them.</summary>
internal sealed record ExportMeta
{
    /// <summary>The fetch time of the oldest aggregates that can still change; null if no aggregates were needed.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    [DataType(DataType.DateTime)]
    public required string? AggregatesAsOf { get; init; }

    /// <summary>The time zone in which the times of the file were read.</summary>
    /// <example>Europe/Berlin</example>
    public required string TimeZone { get; init; }

    /// <summary><c>genesys</c>, or <c>simulator</c> for generated figures; null if no aggregates were needed.</summary>
    /// <example>genesys</example>
    public required string? Source { get; init; }

    /// <summary>The number of rows of the file that were compared.</summary>
    /// <example>1</example>
    public required int ComparedRows { get; init; }

    /// <summary>The number of rows of the file that were not compared.</summary>
    /// <example>0</example>
    public required int NotComparedRows { get; init; }

    /// <summary>The numbers of compared values, by their agreement.</summary>
    public required AgreementCounts Values { get; init; }

    /// <summary>The number of records.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Further information about the aggregates.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<ResponseWarning> Warnings { get; init; }
}

/// <summary>A column of an export.</summary>
/// <param name="Number" example="5">The position of the column in the file, from 1.</param>
/// <param name="Header" example="Avg Handle">The header as in the file. A long header is shortened.</param>
/// <param name="Figure" example="averageHandleTimeMs">The field of GET /aggregates with which the column was compared; null for the queue, the media type and the interval, and for a column that was not compared.</param>
/// <param name="NotCompared">Why the column was not compared; null if it was compared, or if it contains the queue, the media type or the interval.</param>
internal sealed record ExportColumnRecord(int Number, string Header, string? Figure, string? NotCompared);

/// <summary>A value of an export, and the figure of GET /aggregates with which it was compared.</summary>
internal sealed record ExportValue
{
    /// <summary>The line of the file, from 1.</summary>
    /// <example>2</example>
    public required int Line { get; init; }

    /// <summary>The column of the file, from 1.</summary>
    /// <example>5</example>
    public required int Column { get; init; }

    /// <summary>The header of the column.</summary>
    /// <example>Avg Handle</example>
    public required string Header { get; init; }

    /// <summary>The queue's id.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public required string QueueId { get; init; }

    /// <summary>The queue's name; null if the name was never known.</summary>
    /// <example>Customer Service</example>
    public required string? QueueName { get; init; }

    /// <summary>The media types of the row; empty for all.</summary>
    /// <example>["voice"]</example>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    /// <summary>The start of the row's interval, inclusive.</summary>
    /// <example>2026-11-16T00:00:00Z</example>
    [DataType(DataType.DateTime)]
    public required string From { get; init; }

    /// <summary>The end of the row's interval, exclusive.</summary>
    /// <example>2026-11-17T00:00:00Z</example>
    [DataType(DataType.DateTime)]
    public required string To { get; init; }

    /// <summary>The field of GET /aggregates.</summary>
    /// <example>averageHandleTimeMs</example>
    public required string Figure { get; init; }

    /// <summary>The number in the export, in the unit of the field: milliseconds, a ratio from 0 to 1, or a count. Null for an empty field.</summary>
    /// <example>161050</example>
    public required double? Export { get; init; }

    /// <summary>The unit of the last digit that the export shows. If export and aggregates differ by less, they count as equal. Null for an empty field.</summary>
    /// <example>1</example>
    public required double? Step { get; init; }

    /// <summary>The figure of GET /aggregates; null if the aggregates do not have it.</summary>
    /// <example>161052.75520195838</example>
    public required double? Aggregates { get; init; }

    /// <summary>aggregates − export; null if one of the two is null.</summary>
    /// <example>2.7552019583817571</example>
    public required double? Difference { get; init; }

    /// <summary>Why export and aggregates differ: late-data, incomplete, not-in-aggregates or unknown. Null if they agree.</summary>
    /// <example>late-data</example>
    public required string? Cause { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ExportResponse))]
internal sealed partial class ExportJson : JsonSerializerContext
{
    /// <summary>
    /// Does not escape characters in the names of queues, so that the names stay readable. The content type is JSON, so no client renders the response as HTML.
    /// </summary>
    public static ExportJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
