using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.RateLimiting;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>What the document says of a parameter beyond its description. Endpoints bind strings only, so no type says it.</summary>
/// <param name="Example">A value as it stands in an address.</param>
internal sealed record ParameterMetadata(string Example)
{
    /// <summary>All that is accepted, where that is a closed set.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>What holds without the parameter, whatever else is given; the items of a list by commas.</summary>
    public string? Default { get; init; }

    public string? Format { get; init; }

    /// <summary>How many values a list may have.</summary>
    public int? MaxItems { get; init; }

    /// <summary>The parameter is a whole number in this range.</summary>
    public (int Least, int Most)? Range { get; init; }
}

/// <summary>A header of an answer.</summary>
internal sealed record HeaderMetadata(string Name, string Description, string Example);

/// <summary>The headers that report a caller's rate limit.</summary>
internal static class RateLimitHeaderMetadata
{
    public static readonly HeaderMetadata Limit = new(
        RateLimitHeaders.Limit, "What is left of the caller's share: r requests now, all of them again in t seconds.", "\"caller\";r=1187;t=1");

    public static readonly HeaderMetadata Policy = new(RateLimitHeaders.Policy, "The caller's share: q requests in w seconds.", "\"caller\";q=1200;w=60");
}

internal static class EndpointMetadata
{
    /// <summary>Facts on the parameters, by wire name.</summary>
    public static TBuilder WithParameters<TBuilder>(this TBuilder endpoint, IReadOnlyDictionary<string, ParameterMetadata> parameters)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ParametersMetadata(parameters));

    /// <summary>Headers that come with an answer; problems have their own.</summary>
    public static TBuilder WithResponseHeaders<TBuilder>(this TBuilder endpoint, params HeaderMetadata[] headers)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ResponseHeadersMetadata(headers));
}

internal sealed record ParametersMetadata(IReadOnlyDictionary<string, ParameterMetadata> Parameters);

internal sealed record ResponseHeadersMetadata(IReadOnlyList<HeaderMetadata> Headers);

internal static class EndpointProblemMetadata
{
    /// <summary>Names the problems that an endpoint can answer with, for the OpenAPI document.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder endpoint, params ProblemType[] types)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProblemsMetadata(types));
}

internal sealed record ProblemsMetadata(IReadOnlyList<ProblemType> Types);
