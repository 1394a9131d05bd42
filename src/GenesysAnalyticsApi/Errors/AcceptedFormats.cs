using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Whether a caller takes what an endpoint has.</summary>
internal static class AcceptedFormats
{
    private const string Json = "application/json";

    /// <exception cref="ProblemException">406: the Accept header leaves out JSON, which is all there is.</exception>
    public static void RequireJson(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        // What nearly everybody sends needs no parsing.
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is Json or "*/*") || !MediaTypeHeaderValue.TryParseList(accept, out var accepted) || accepted.Any(Takes))
        {
            return;
        }

        throw new ProblemException(Problems.NotAcceptable($"'{Excerpt.Of(accept.ToString())}' is not available here: {Json} is."));
    }

    private static bool Takes(MediaTypeHeaderValue range) =>
        range.Quality != 0 && (range.MatchesAllTypes || range.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || (range.MatchesAllSubTypes && range.Type.Equals("application", StringComparison.OrdinalIgnoreCase)));
}
