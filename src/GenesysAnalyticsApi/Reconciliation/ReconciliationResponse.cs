using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Reconciliation.Comparing;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>The figures of GET /aggregates, compared with the same figures counted from individual conversations.</summary>
/// <param name="Query">The resolved query.</param>
/// <param name="Meta">The age and completeness of aggregates and conversations, and the numbers of cells and figures that agree.</param>
/// <param name="Records">One record per queue × media type × bucket: unexplained differences first, then explained differences, then equal cells. Each of these groups is sorted by queue name, media type and start.</param>
internal sealed record ReconciliationResponse(ReconciledQuery Query, ReconciliationMeta Meta, IReadOnlyList<ReconciledCell> Records);

/// <summary>The resolved query of a reconciliation.</summary>
internal sealed record ReconciledQuery
{
    /// <summary>The resolved interval, half-open, in UTC.</summary>
    /// <example>2026-11-16T00:00:00Z/2026-11-17T00:00:00Z</example>
    public required string Interval { get; init; }

    /// <summary>The bucket size; null if the whole interval is one bucket.</summary>
    public required string? Granularity { get; init; }

    /// <summary>The time zone of buckets and of localFrom.</summary>
    /// <example>UTC</example>
    public required string TimeZone { get; init; }

    /// <summary>Ids of the selected queues, with names and divisions resolved; empty for all queues that the caller can see.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> QueueIds { get; init; }

    /// <summary>The requested media types; empty for all.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    /// <summary><c>differences</c> or <c>all</c>.</summary>
    /// <example>differences</example>
    public required string Only { get; init; }
}

/// <summary>The age and completeness of the aggregates and the conversations of a reconciliation, and the numbers of cells and figures that agree.</summary>
internal sealed record ReconciliationMeta
{
    /// <summary>The fetch time of the oldest aggregates that can still change; null if nothing was fetched.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    [DataType(DataType.DateTime)]
    public required string? AggregatesAsOf { get; init; }

    /// <summary>When the oldest page of conversations was requested from Genesys.</summary>
    /// <example>2026-11-23T09:15:04Z</example>
    [DataType(DataType.DateTime)]
    public required string ConversationsAsOf { get; init; }

    /// <summary>The time up to which the conversations come from Genesys' bulk data; null if no bulk data was used. Cells that end after this time can lack events.</summary>
    [DataType(DataType.DateTime)]
    public required string? DataAvailableUntil { get; init; }

    /// <summary>True if neither the aggregates nor the conversations lack data.</summary>
    /// <example>true</example>
    public required bool Complete { get; init; }

    /// <summary><c>genesys</c>, or <c>simulator</c> for generated figures.</summary>
    /// <example>genesys</example>
    public required string Source { get; init; }

    /// <summary>The number of conversations that the figures were counted from.</summary>
    /// <example>906</example>
    public required int Conversations { get; init; }

    /// <summary>The numbers of all cells of the query, by their agreement.</summary>
    public required AgreementCounts Cells { get; init; }

    /// <summary>The numbers of figures in all cells, by their agreement. Figures with the cause not-in-details or not-in-aggregates are included only in total. A figure that the aggregates do not have is counted as equal if no conversation has an event of its metric.</summary>
    public required AgreementCounts Figures { get; init; }

    /// <summary>The number of records.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Further information about the aggregates and the conversations.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<ResponseWarning> Warnings { get; init; }
}

/// <summary>The compared figures of one queue × media type × bucket.</summary>
internal sealed record ReconciledCell
{
    /// <summary>The queue's id.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public required string QueueId { get; init; }

    /// <summary>The queue's name; null if the name was never known.</summary>
    /// <example>Customer Service</example>
    public required string? QueueName { get; init; }

    /// <summary>The media type as Genesys spells it.</summary>
    /// <example>voice</example>
    public required string MediaType { get; init; }

    /// <summary>The start of the bucket, inclusive.</summary>
    /// <example>2026-11-16T00:00:00Z</example>
    [DataType(DataType.DateTime)]
    public required string From { get; init; }

    /// <summary>The end of the bucket, exclusive.</summary>
    /// <example>2026-11-17T00:00:00Z</example>
    [DataType(DataType.DateTime)]
    public required string To { get; init; }

    /// <summary>The start of the bucket, in the local time of timeZone.</summary>
    /// <example>2026-11-16T00:00:00</example>
    public required string LocalFrom { get; init; }

    /// <summary><c>equal</c>: no compared figure differs. <c>explained</c>: every difference has a known cause. <c>unexplained</c>: a difference has no known cause.</summary>
    public required Agreement Agreement { get; init; }

    /// <summary>The number of conversations that the figures of the cell were counted from.</summary>
    /// <example>906</example>
    public required int Conversations { get; init; }

    /// <summary>The figures of the cell: all figures, or only the figures that differ.</summary>
    public required IReadOnlyList<ReconciledFigure> Figures { get; init; }
}

/// <summary>One figure, from the aggregates and from the conversations.</summary>
internal sealed record ReconciledFigure
{
    /// <summary>The field of GET /aggregates. If its name ends in Ms, the values are in milliseconds.</summary>
    /// <example>offered</example>
    public required string Figure { get; init; }

    /// <summary>The Genesys metric of the aggregates.</summary>
    /// <example>nOffered</example>
    public required string GenesysMetric { get; init; }

    /// <summary>The statistic of the metric.</summary>
    /// <example>count</example>
    public required string GenesysStatistic { get; init; }

    /// <summary>The metric that is counted in conversations: the same metric, except that tAcd is counted for tWait. Null if conversations do not contain the figure.</summary>
    /// <example>nOffered</example>
    public required string? ConversationsMetric { get; init; }

    /// <summary>The figure of GET /aggregates; null if the aggregates do not have it. A maximum of no events is 0 if conversations contain events, otherwise null.</summary>
    /// <example>877</example>
    public required double? Aggregates { get; init; }

    /// <summary>The figure counted from conversations; null if conversations do not contain it, or for a maximum of no events.</summary>
    /// <example>876</example>
    public required double? Conversations { get; init; }

    /// <summary>aggregates − conversations; null if the aggregates do not have the figure or conversations do not contain it.</summary>
    /// <example>1</example>
    public required double? Difference { get; init; }

    /// <summary>Why aggregates and conversations differ: open-conversations, before-lookback, incomplete, after-bulk-data, late-data or unknown; not-in-details or not-in-aggregates if one of them does not have the figure. Null if they do not differ, or if the aggregates do not have the figure and no conversation has an event of its metric.</summary>
    /// <example>open-conversations</example>
    public required string? Cause { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReconciliationResponse))]
internal sealed partial class ReconciliationJson : JsonSerializerContext
{
    /// <summary>
    /// Does not escape characters in the names of queues, so that the names stay readable. The content type is JSON, so no client renders the response as HTML.
    /// </summary>
    public static ReconciliationJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new AgreementConverter() },
    });
}

/// <summary>Writes an agreement in lower case.</summary>
internal sealed class AgreementConverter() : JsonStringEnumConverter<Agreement>(JsonNamingPolicy.CamelCase);
