using System.Net.Mime;
using FluentValidation;
using GenesysAnalyticsApi.Errors;
using Microsoft.Extensions.Primitives;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>A response format: its name for <c>format</c>, its media type for <c>Accept</c>, and its properties.</summary>
/// <param name="parameters">The media type parameters in the <c>Content-Type</c> of the response, such as the character set.</param>
internal sealed class ResponseFormat(string name, string mediaType, string parameters)
{
    public static readonly ResponseFormat Json = new("json", "application/json", "; charset=utf-8") { IsStreamed = true };

    public static readonly ResponseFormat Ndjson = new("ndjson", "application/x-ndjson", "; charset=utf-8") { Synonym = "application/ndjson", IsStreamed = true, IsSegmented = true };

    public static readonly ResponseFormat Csv = new("csv", "text/csv", "; charset=utf-8; header=present") { Extension = "csv", IsStreamed = true, IsSegmented = true, HasMeta = false };

    /// <summary>Excel workbook. A sheet has at most 1,048,576 rows, the first of which contains the column names.</summary>
    public static readonly ResponseFormat Xlsx = new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "")
    {
        Extension = "xlsx",
        IsStreamed = true,
        IsCompressed = true,
        MaxRows = 1_048_575,
    };

    public static readonly ResponseFormat Table = new("table", "text/plain", "; charset=utf-8");

    public static readonly ResponseFormat Parquet = new("parquet", "application/vnd.apache.parquet", "")
    {
        Extension = "parquet",
        IsStreamed = true,
        IsSegmented = true,
        IsCompressed = true,
        HasMeta = false,
    };

    public static readonly ResponseFormat OpenMetrics = new("openmetrics", "application/openmetrics-text", "; version=1.0.0; charset=utf-8") { HasMeta = false };

    public static IReadOnlyList<ResponseFormat> All { get; } = [Json, Ndjson, Csv, Xlsx, Table, Parquet, OpenMetrics];

    /// <summary>
    /// The formats besides JSON in the OpenAPI document. The table is omitted: client generators read text/plain as JSON and would find two schemas for one
    /// response.
    /// </summary>
    public static IReadOnlyList<ResponseFormat> BesidesJson { get; } = [.. All.Where(format => format != Json && format != Table)];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>The value of <c>format</c>.</summary>
    public string Name => name;

    public string MediaType => mediaType;

    public string ContentType { get; } = mediaType + parameters;

    /// <summary>A second media type by which <c>Accept</c> can request the format.</summary>
    public string? Synonym { get; private init; }

    /// <summary>The extension of the file name in <c>Content-Disposition</c>; null if the response has no such header.</summary>
    public string? Extension { get; private init; }

    /// <summary>Whether a response can have more records than <c>Aggregates:StreamRows</c>, because it is written record by record.</summary>
    public bool IsStreamed { get; private init; }

    /// <summary>
    /// Whether nothing before the first record depends on the whole response. A response with more records than <c>Aggregates:StreamRows</c> can
    /// be read and written in segments of time. Its records are then sorted primarily by start.
    /// </summary>
    public bool IsSegmented { get; private init; }

    /// <summary>Whether the body is already compressed, so a content coding does not make it smaller.</summary>
    public bool IsCompressed { get; private init; }

    /// <summary>
    /// Whether the body contains meta and totals. In a body without meta, readers do not see what is missing, so partial results are denied by default.
    /// </summary>
    public bool HasMeta { get; private init; } = true;

    public int MaxRows { get; private init; } = int.MaxValue;

    public static ResponseFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>
    /// Returns the format that the <c>Accept</c> header prefers: by quality, then by the most specific range, then by the order of the formats. Returns JSON if
    /// the header accepts everything, and null if the header excludes every format.
    /// </summary>
    /// <param name="formats">The formats of the endpoint, including JSON; null for <see cref="All"/>.</param>
    public static ResponseFormat? Accepted(StringValues accept, IReadOnlyList<ResponseFormat>? formats = null)
    {
        // The most common headers need no parsing.
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is MediaTypeNames.Application.Json) || AcceptHeader.Read(accept) is not { } ranges)
        {
            return Json;
        }

        var accepted = (formats ?? All)
            .Select(format => (Format: format, Match: format.MatchIn(ranges)))
            .Where(candidate => candidate.Match.Quality > 0)
            .ToList();
        return accepted.Count == 0 ? null : accepted.MaxBy(candidate => (candidate.Match.Quality, candidate.Match.Specificity)).Format;
    }

    /// <summary>
    /// Returns the format that <c>format</c> names or, without <c>format</c>, the accepted format. Null for an unknown name, which validation reports, and if
    /// no format is accepted.
    /// </summary>
    public static ResponseFormat? Of(string? name, ResponseFormat? accepted) => name is not null ? Find(name) : accepted;

    /// <summary>
    /// Returns the format that <c>format</c> names or, without <c>format</c>, the format that the <c>Accept</c> header prefers. Null for an unknown name, which
    /// validation reports.
    /// </summary>
    /// <param name="formats">The formats of the endpoint, including JSON.</param>
    /// <exception cref="ProblemException">406: the <c>Accept</c> header excludes every format of the endpoint.</exception>
    public static ResponseFormat? Of(string? name, StringValues accept, IReadOnlyList<ResponseFormat> formats) =>
        name is not null ? formats.FirstOrDefault(format => format.Name == name) : Accepted(accept, formats) ?? throw NotAcceptable(accept, formats);

    /// <summary>Returns the problem for an <c>Accept</c> header that excludes every format, in a request without <c>format</c>.</summary>
    public static ProblemException NotAcceptable(StringValues accept, IReadOnlyList<ResponseFormat>? formats = null) =>
        AcceptHeader.NotAcceptable(accept, (formats ?? All).Select(format => format.MediaType));

    private (int Specificity, double Quality) MatchIn(IReadOnlyList<AcceptedRange> ranges) =>
        new[] { ranges.MatchOf(MediaType), Synonym is null ? default : ranges.MatchOf(Synonym) }.Max();
}

/// <summary>Rejects parameters that a format excludes. An error names the parameter and the format.</summary>
internal static class FormatRules
{
    public static void Check(AggregatesParameters parameters, ValidationContext<AggregatesParameters> context, ResponseFormat? format)
    {
        if (format is null)
        {
            return;
        }

        if (parameters.Bom == "true" && format != ResponseFormat.Csv)
        {
            context.AddFailure("bom", $"'bom' needs 'format=csv'; the format is {format.Name}.");
        }

        if (parameters.Explain == "true" && format != ResponseFormat.Json)
        {
            context.AddFailure("explain", $"'explain' cannot be combined with 'format' {format.Name}: a plan is JSON. Omit format, or give format=json.");
        }

        if (parameters.Totals == "true" && !format.HasMeta)
        {
            context.AddFailure("totals", $"'totals' cannot be combined with 'format' {format.Name}, which contains only records. Use groupBy=none without granularity, or json, ndjson, xlsx or table.");
        }

        if (parameters.Compare is not null && format == ResponseFormat.OpenMetrics)
        {
            context.AddFailure("compare", "'compare' cannot be combined with 'format' openmetrics, which contains only the last closed bucket: compute the comparison in the query of the dashboard.");
        }
    }
}
