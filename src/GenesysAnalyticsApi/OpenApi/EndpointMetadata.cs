using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.RateLimiting;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>OpenAPI metadata of a parameter beyond its description. Endpoints bind strings only, so types do not provide it.</summary>
/// <param name="Example">An example value as it appears in a URL.</param>
internal sealed record ParameterMetadata(string Example)
{
    /// <summary>The accepted values, if they are a closed set.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The default that always applies; comma-separated for lists.</summary>
    public string? Default { get; init; }

    public string? Format { get; init; }

    /// <summary>The maximum number of list items.</summary>
    public int? MaxItems { get; init; }

    /// <summary>The range of an integer parameter.</summary>
    public (int Least, int Most)? Range { get; init; }
}

/// <summary>A response header.</summary>
internal sealed record HeaderMetadata(string Name, string Description, string Example);

/// <summary>The headers that report a caller's rate limit.</summary>
internal static class RateLimitHeaderMetadata
{
    public static readonly HeaderMetadata Limit = new(
        RateLimitHeaders.Limit, "The caller's remaining rate limit: r requests now, the full limit in t seconds.", "\"caller\";r=1187;t=1");

    public static readonly HeaderMetadata Policy = new(RateLimitHeaders.Policy, "The caller's rate limit: q requests in w seconds.", "\"caller\";q=1200;w=60");
}

internal static class EndpointMetadata
{
    /// <summary>Adds OpenAPI metadata of parameters, by wire name.</summary>
    public static TBuilder WithParameters<TBuilder>(this TBuilder endpoint, IReadOnlyDictionary<string, ParameterMetadata> parameters)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ParametersMetadata(parameters));

    /// <summary>Adds response headers of the endpoint; problems have their own.</summary>
    public static TBuilder WithResponseHeaders<TBuilder>(this TBuilder endpoint, params HeaderMetadata[] headers)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ResponseHeadersMetadata(headers));
}

internal sealed record ParametersMetadata(IReadOnlyDictionary<string, ParameterMetadata> Parameters);

internal sealed record ResponseHeadersMetadata(IReadOnlyList<HeaderMetadata> Headers);

internal static class EndpointProblemMetadata
{
    /// <summary>Adds the problems that the endpoint can return to the OpenAPI document.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder endpoint, params ProblemType[] types)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProblemsMetadata(types));
}

internal sealed record ProblemsMetadata(IReadOnlyList<ProblemType> Types);
