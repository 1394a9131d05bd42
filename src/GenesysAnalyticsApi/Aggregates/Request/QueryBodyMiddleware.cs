using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// Converts a query in a JSON body to the equivalent query string of GET /aggregates. Everything after this middleware (response cache, formats, validation)
/// can then handle a body like a query string. Runs after authorization, and only for endpoints with <see cref="QueryInBody"/>.
/// </summary>
internal sealed class QueryBodyMiddleware(RequestDelegate next, IOptions<RequestLimitsOptions> limits, TimeProvider clock)
{
    // A URL can contain thousands of parameters. This number of messages is enough.
    private const int MaxReported = 20;

    private const string Example = "{\"last\": \"PT24H\", \"queue\": [\"Billing*\"]}";

    public Task InvokeAsync(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<QueryInBody>() is null ? next(http) : ConvertAsync(http);

    private async Task ConvertAsync(HttpContext http)
    {
        var body = await RequestBody.ReadAsync(http.Request, limits.Value.BodyBytes);
        if (body.Length == 0)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(new Dictionary<string, string[]>
            {
                [QueryBody.Whole] = [$"The body is empty: send a JSON object such as {Example}; {{}} is the default query."],
            }));
        }

        RequestBody.RequireJson(http.Request);
        var query = QueryBody.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        if (query.Errors.Count > 0 || http.Request.Query.Count > 0)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(AllErrors(query, http)));
        }

        var originalQueryString = http.Request.QueryString;
        try
        {
            http.Request.QueryString = new QueryString(query.QueryString);
            await next(http);
        }
        finally
        {
            // The request log shows the query string that the caller sent.
            http.Request.QueryString = originalQueryString;
        }
    }

    /// <summary>
    /// Collects the errors of the body, of its values and of the URL, so that one response reports all errors. If a member has the wrong type, its value is not
    /// reported as well.
    /// </summary>
    private Dictionary<string, string[]> AllErrors(QueryBody query, HttpContext http)
    {
        var parameters = query.ToParameters();
        var format = ResponseFormat.Of(parameters.Format, ResponseFormat.Accepted(http.Request.Headers.Accept));
        // Not injected into the constructor, which runs at startup: creating the validator compiles its rules.
        var validator = http.RequestServices.GetRequiredService<AggregatesParametersValidator>();
        var all = query.Errors.ContainsKey(QueryBody.Whole)
            ? []
            : new Dictionary<string, string[]>(validator.ErrorsOf(parameters, Instant.FromDateTimeOffset(clock.GetUtcNow()), format), StringComparer.Ordinal);
        foreach (var (name, messages) in query.Errors)
        {
            all[name] = messages;
        }

        foreach (var name in http.Request.Query.Keys.Take(MaxReported))
        {
            var shown = InputExcerpt.Of(name);
            all[shown] = [InUrl(name), .. all.GetValueOrDefault(shown) ?? []];
        }

        return all;
    }

    private static string InUrl(string name) =>
        (AggregatesParameters.Names.Contains(name, StringComparer.Ordinal) ? name : DidYouMean.To(name, AggregatesParameters.Names, ParameterSynonyms.All)) is { } known
            ? $"'{InputExcerpt.Of(name)}' is in the URL: put it into the body, for example as {QueryBody.ExampleOf(known)}, or use GET /aggregates."
            : $"'{InputExcerpt.Of(name)}' is in the URL, where POST /aggregates/query has no parameters: remove it.";
}

/// <summary>Marks an endpoint that reads its query from the body.</summary>
internal sealed record QueryInBody
{
    public static readonly QueryInBody Mark = new();
}
