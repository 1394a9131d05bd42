using System.Globalization;
using System.Net.Mime;
using GenesysAnalyticsApi.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// Reads the media types that a caller accepts (RFC 9110, 12.5.1). An unreadable element is ignored if another element is readable, because common libraries
/// send unreadable elements (<c>*; q=.2</c>). If no element is readable, the caller accepts nothing, because it evidently expects a specific format.
/// </summary>
internal static class AcceptHeader
{
    /// <summary>Returns the readable ranges with their quality, from 0 to 1. Null if the caller accepts everything.</summary>
    public static IReadOnlyList<AcceptedRange>? Read(StringValues accept)
    {
        // The most common values need no parsing. A lone asterisk is not valid, but its meaning is clear.
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is "*/*" or "*") || accept.All(value => value.AsSpan().Trim(" \t,").IsEmpty))
        {
            return null;
        }

        return MediaTypeHeaderValue.TryParseList(accept, out var ranges)
            ? [.. ranges.Select(range => (Range: range, Quality: QualityOf(range))).Where(item => item.Quality is not null).Select(item => new AcceptedRange(item.Range, item.Quality!.Value))]
            : [];
    }

    /// <summary>Returns the problem for a header that cannot be read or that excludes all available media types.</summary>
    public static ProblemException NotAcceptable(StringValues accept, IEnumerable<string> available)
    {
        var problem = Read(accept) is [] ? "cannot be read: give media types, with weights from q=0 to q=1." : "matches no available media type.";
        return new(ProblemType.NotAcceptable.WithDetail($"The Accept header '{InputExcerpt.Of(accept.ToString())}' {problem} Available: {string.Join(", ", available)}."));
    }

    /// <summary>For an endpoint that returns only JSON: rejects requests that do not accept JSON.</summary>
    public static TBuilder RequireJsonAccepted<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAccepted(MediaTypeNames.Application.Json);

    /// <summary>For an endpoint that returns only server-sent events: rejects requests that do not accept them.</summary>
    public static TBuilder RequireEventsAccepted<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAccepted(MediaTypeNames.Text.EventStream);

    /// <summary>
    /// Returns the specificity and the quality of the most specific range that includes the media type. Both values are 0 if no range includes it.
    /// </summary>
    public static (int Specificity, double Quality) MatchOf(this IReadOnlyList<AcceptedRange> ranges, string mediaType) => ranges
        .Select(range => (Specificity: range.SpecificityOf(mediaType), range.Quality))
        .Where(match => match.Specificity > 0)
        .DefaultIfEmpty()
        .Max();

    private static TBuilder RequireAccepted<TBuilder>(this TBuilder endpoint, string mediaType)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter((context, next) =>
        {
            var accept = context.HttpContext.Request.Headers.Accept;
            return Read(accept)?.MatchOf(mediaType).Quality is 0 ? throw NotAcceptable(accept, [mediaType]) : next(context);
        });

    /// <summary>
    /// Returns the weight of a range; 1 if it has none, and null if the weight cannot be read. Also accepts <c>.2</c>, which Java's
    /// <c>HttpURLConnection</c> sends.
    /// </summary>
    private static double? QualityOf(MediaTypeHeaderValue range) =>
        range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("q", StringComparison.OrdinalIgnoreCase)) is not { } given ? 1
        : double.TryParse(given.Value.AsSpan(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) && quality is >= 0 and <= 1 ? quality
        : null;
}

/// <summary>A media type, or a range of media types, that a caller accepts.</summary>
internal readonly record struct AcceptedRange(MediaTypeHeaderValue Range, double Quality)
{
    /// <summary>0 if the range does not include the media type; higher for a more specific range.</summary>
    public int SpecificityOf(string mediaType) =>
        Range.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase) ? 3
        : Range.MatchesAllTypes ? 1
        : Range.MatchesAllSubTypes && mediaType.StartsWith($"{Range.Type}/", StringComparison.OrdinalIgnoreCase) ? 2
        : 0;
}
