using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.RateLimiting;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Metadata;

/// <summary>
/// OpenAPI metadata of a parameter in addition to its description. Endpoints bind every parameter as a string, so the .NET types do not provide this metadata.
/// </summary>
/// <param name="Example">An example value as it appears in a URL.</param>
internal sealed record ParameterMetadata(string Example)
{
    /// <summary>The accepted values, if the parameter accepts only a fixed set.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The default value, if it is the same for every query. The items of a list are separated by commas.</summary>
    public string? Default { get; init; }

    public string? Format { get; init; }

    /// <summary>The maximum number of list items.</summary>
    public int? MaxItems { get; init; }

    /// <summary>The range of an integer parameter.</summary>
    public (int Least, int Most)? Range { get; init; }

    public bool IsSwitch => Values is not null && Values.SequenceEqual(ParameterRules.SwitchValues);
}

/// <summary>States that the parameters of an endpoint are members of its JSON body.</summary>
/// <param name="SchemaName">The name of the schema of the body. Generated clients name a class after this schema.</param>
/// <param name="Example">An example of a body.</param>
internal sealed record QueryBodyMetadata(string SchemaName, string Description, string Example);

/// <summary>States that the body of an endpoint is text.</summary>
internal sealed record TextBodyMetadata(string MediaType, string Description, string Example);

/// <summary>A response header.</summary>
internal sealed record HeaderMetadata(string Name, string Description, string Example)
{
    /// <summary>The status of the response that has the header; null if every successful response has the header.</summary>
    public int? Status { get; init; }
}

/// <summary>A media type of the successful response other than JSON.</summary>
internal sealed record ResponseMediaType(string Name, bool IsBinary);

/// <summary>The headers that report a caller's rate limit.</summary>
internal static class RateLimitHeaderMetadata
{
    public static readonly HeaderMetadata Limit = new(
        RateLimitHeaders.Limit, "The remaining rate limit of the caller: r requests are left now, and the full limit is available again in t seconds.", "\"caller\";r=1187;t=1");

    public static readonly HeaderMetadata Policy = new(RateLimitHeaders.Policy, "The rate limit of the caller: q requests per w seconds.", "\"caller\";q=1200;w=60");
}

internal static class EndpointMetadata
{
    extension<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>Adds OpenAPI metadata of the parameters. The keys are the names in the URL.</summary>
        public TBuilder WithParameters(IReadOnlyDictionary<string, ParameterMetadata> parameters) => endpoint.WithMetadata(parameters);

        /// <summary>Adds headers of the endpoint's responses. Problem responses do not get these headers.</summary>
        public TBuilder WithResponseHeaders(params HeaderMetadata[] headers) => endpoint.WithMetadata([.. headers]);

        /// <summary>Adds media types of the successful response, in addition to JSON.</summary>
        public TBuilder WithResponseMediaTypes(IEnumerable<ResponseMediaType> mediaTypes) => endpoint.WithMetadata([.. mediaTypes]);

        /// <summary>Adds problems that the endpoint can return. The OpenAPI document lists these problems.</summary>
        public TBuilder WithProblems(params ProblemType[] types) => endpoint.WithMetadata([.. types]);
    }

    /// <summary>Returns the metadata of type <typeparamref name="T"/> of the operation's endpoint and of the groups that contain it.</summary>
    public static IEnumerable<T> Metadata<T>(this OperationFilterContext context) => context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<T>();
}
