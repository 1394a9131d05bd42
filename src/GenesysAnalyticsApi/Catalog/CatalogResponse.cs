using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenesysAnalyticsApi.Catalog;

/// <summary>The dictionary of all fields of a record of GET /aggregates and all Genesys metrics.</summary>
internal sealed record CatalogResponse
{
    /// <summary>The fields of a record in their order, then the metrics that <c>metric=</c> accepts, by group.</summary>
    public required IReadOnlyList<CatalogEntry> Records { get; init; }
}

/// <summary>The definition of a field or a metric.</summary>
internal sealed record CatalogEntry
{
    /// <summary>The field's name in records and columns, or the metric's name for <c>metric=</c>.</summary>
    /// <example>averageHandleTimeMs</example>
    public required string Name { get; init; }

    /// <summary><c>field</c>: part of every record. <c>metric</c>: raw statistics that <c>metric=</c> adds.</summary>
    public required CatalogKind Kind { get; init; }

    /// <summary>The name in words.</summary>
    /// <example>Average handle time</example>
    public required string Title { get; init; }

    /// <summary>What the value means.</summary>
    /// <example>Average handle time (AHT) in ms; null if nothing was handled.</example>
    public required string Definition { get; init; }

    /// <summary>The unit of the value; for a metric, the unit of the metric's main statistic.</summary>
    public required CatalogUnit Unit { get; init; }

    /// <summary>The Genesys metric from which the value is computed; null if there is none, or if there are several, which <c>source</c> lists.</summary>
    /// <example>tHandle</example>
    public required string? GenesysMetric { get; init; }

    /// <summary>The statistics of <c>genesysMetric</c> from which the value is computed; for a metric, its main statistic.</summary>
    /// <example>sum / count</example>
    public required string? GenesysStatistic { get; init; }

    /// <summary>How values of several rows are merged; for a metric, how the metric's main statistic is merged.</summary>
    public required CatalogMerge Merge { get; init; }

    /// <summary>The media types to which the value is limited; empty if it applies to all.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    /// <summary>The event at which Genesys counts the value; null if Genesys does not document it, or if the value is not from Genesys.</summary>
    /// <example>when after-call work ends, or the session if there is none</example>
    public required string? PostedWhen { get; init; }

    /// <summary>When the value is null; null if the value is never null.</summary>
    /// <example>the denominator is 0; Genesys rejects a metric of the formula</example>
    public required string? NullWhen { get; init; }

    /// <summary>The formula in Genesys metrics and statistics, or another source of the value.</summary>
    /// <example>tHandle.sum / tHandle.count</example>
    public required string Source { get; init; }

    /// <summary>The dimensions of groupBy by which the value can be split; with any other dimension, the value is null. Empty for a field that is not a figure.</summary>
    /// <example>["queueId", "mediaType", "divisionId", "messageType", "direction"]</example>
    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>For a metric, the group with which it is fetched. Null for a field.</summary>
    public required string? Group { get; init; }

    /// <summary>For a metric, the statistics that it has in <c>metrics</c>. Empty for a field.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<CatalogStatistic> Statistics { get; init; }
}

/// <summary>A statistic of a Genesys metric.</summary>
/// <param name="Name">The name in <c>metrics</c>; in CSV, the column is <c>metrics.&lt;metric&gt;.&lt;statistic&gt;</c>.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Merge">How values of several rows are merged.</param>
internal sealed record CatalogStatistic(string Name, CatalogUnit Unit, CatalogMerge Merge);

/// <summary>What an entry defines.</summary>
internal enum CatalogKind
{
    /// <summary>A field of a record.</summary>
    [JsonStringEnumMemberName("field")]
    Field,

    /// <summary>A Genesys metric.</summary>
    [JsonStringEnumMemberName("metric")]
    Metric,
}

/// <summary>The unit of a value.</summary>
internal enum CatalogUnit
{
    /// <summary>Milliseconds.</summary>
    [JsonStringEnumMemberName("ms")]
    Ms,

    /// <summary>A fraction, 0–1.</summary>
    [JsonStringEnumMemberName("ratio")]
    Ratio,

    /// <summary>A count.</summary>
    [JsonStringEnumMemberName("count")]
    Count,

    /// <summary>A Genesys id.</summary>
    [JsonStringEnumMemberName("id")]
    Id,

    /// <summary>Text.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>An instant in UTC.</summary>
    [JsonStringEnumMemberName("instant")]
    Instant,

    /// <summary>A local time.</summary>
    [JsonStringEnumMemberName("localTime")]
    LocalTime,

    /// <summary>True or false.</summary>
    [JsonStringEnumMemberName("boolean")]
    Boolean,

    /// <summary>An object that contains further values.</summary>
    [JsonStringEnumMemberName("object")]
    Object,
}

/// <summary>How values of several rows are merged into one.</summary>
internal enum CatalogMerge
{
    /// <summary>The values are added.</summary>
    [JsonStringEnumMemberName("sum")]
    Sum,

    /// <summary>The highest value is used.</summary>
    [JsonStringEnumMemberName("max")]
    Max,

    /// <summary>The lowest value is used; false is lower than true.</summary>
    [JsonStringEnumMemberName("min")]
    Min,

    /// <summary>The numerators and the denominators are added, then the sums are divided.</summary>
    [JsonStringEnumMemberName("ratio")]
    Ratio,

    /// <summary>Values cannot be merged. The result has a value only if all parts have the same value, or if nothing was merged.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CatalogResponse))]
internal sealed partial class CatalogJson : JsonSerializerContext;

/// <summary>Writes × and – unescaped, because people read the text, and because the text is never embedded in HTML.</summary>
internal static class ReadableCatalogJson
{
    private static readonly CatalogJson Context = new(new JsonSerializerOptions(CatalogJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static JsonTypeInfo<CatalogResponse> Response => Context.CatalogResponse;
}
