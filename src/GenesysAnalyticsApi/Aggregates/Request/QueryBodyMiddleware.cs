using System.Net.Mime;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// Turns a query in a JSON body into the query string that GET /aggregates would have. Everything after it (the response cache, formats, validation)
/// treats both alike. It comes after authorization, and only for endpoints with <see cref="QueryInBody"/>.
/// </summary>
internal sealed class QueryBodyMiddleware(RequestDelegate next, AggregatesParametersValidator validator, IOptions<LimitsOptions> limits, TimeProvider clock)
{
    private const string Example = "{\"last\": \"PT24H\", \"queue\": [\"Billing*\"]}";

    public Task InvokeAsync(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<QueryInBody>() is null ? next(http) : AnswerAsync(http);

    private async Task AnswerAsync(HttpContext http)
    {
        var body = await ReadAsync(http.Request);
        if (body.Length == 0)
        {
            throw new ProblemException(Problems.InvalidRequest(new Dictionary<string, string[]>
            {
                [QueryBody.Whole] = [$"The body is empty: send a JSON object such as {Example}; {{}} is the default query."],
            }));
        }

        RequireJson(http.Request);
        var query = QueryBody.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        // The query string of the request itself may not have parameters.
        ParameterRules.ThrowIfInvalid(http.Request.Query, [], query.Errors.Count == 0 && http.Request.Query.Count == 0 ? null : AllErrors(query, ResponseFormat.Accepted(http.Request.Headers.Accept)));

        var given = http.Request.QueryString;
        try
        {
            http.Request.QueryString = new QueryString(query.QueryString);
            await next(http);
        }
        finally
        {
            // For the request log.
            http.Request.QueryString = given;
        }
    }

    /// <summary>The errors of the values too, so that one response names all wrong members. A member has only errors of its type, if there are any.</summary>
    private Dictionary<string, string[]> AllErrors(QueryBody query, ResponseFormat? accepted)
    {
        var parameters = query.ToParameters();
        var format = ResponseFormat.Of(parameters.Format, accepted);
        var all = query.Errors.ContainsKey(QueryBody.Whole)
            ? []
            : new Dictionary<string, string[]>(validator.Find(parameters, Instant.FromDateTimeOffset(clock.GetUtcNow()), format), StringComparer.Ordinal);
        foreach (var (name, messages) in query.Errors)
        {
            all[name] = messages;
        }

        return all;
    }

    private async Task<MemoryStream> ReadAsync(HttpRequest request)
    {
        // A body without a declared length is counted while it arrives.
        var limit = limits.Value.BodyBytes;
        var body = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await request.Body.ReadAsync(piece, request.HttpContext.RequestAborted) is > 0 and var length)
        {
            await body.WriteAsync(piece.AsMemory(0, length), request.HttpContext.RequestAborted);
            if (body.Length > limit)
            {
                throw new ProblemException(Problems.BodyTooLarge(limit));
            }
        }

        return body;
    }

    /// <exception cref="ProblemException">415: the body is not JSON in UTF-8.</exception>
    private static void RequireJson(HttpRequest request)
    {
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType.WithDetail(
                $"The Content-Type is '{InputExcerpt.Of(request.ContentType ?? "")}': send {MediaTypeNames.Application.Json} in UTF-8."));
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType.WithDetail(
                $"The Content-Encoding is '{InputExcerpt.Of(encoding.ToString())}': send the body without one."));
        }
    }
}

/// <summary>Marks an endpoint whose query is in the body.</summary>
internal sealed record QueryInBody
{
    public static readonly QueryInBody Mark = new();
}
