using GenesysAnalyticsApi.Text;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Checks the Accept header.</summary>
internal static class AcceptHeader
{
    private const string Json = "application/json";

    /// <exception cref="ProblemException">406: the Accept header excludes JSON, the only format.</exception>
    public static void RequireJson(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        // The most common values need no parsing.
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is Json or "*/*") || !MediaTypeHeaderValue.TryParseList(accept, out var accepted) || accepted.Any(Accepts))
        {
            return;
        }

        throw new ProblemException(ProblemType.NotAcceptable.WithDetail($"'{InputExcerpt.Of(accept.ToString())}' is not available; the only format is {Json}."));
    }

    private static bool Accepts(MediaTypeHeaderValue range) =>
        range.Quality != 0 && (range.MatchesAllTypes || range.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || (range.MatchesAllSubTypes && range.Type.Equals("application", StringComparison.OrdinalIgnoreCase)));
}
