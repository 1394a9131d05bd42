namespace GenesysAnalyticsApi.Errors;

internal static class EndpointProblems
{
    /// <summary>Names the problems that an endpoint can answer with, for the OpenAPI document.</summary>
    public static TBuilder Answers<TBuilder>(this TBuilder endpoint, params ProblemType[] types)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProblemsMetadata(types));
}

internal sealed record ProblemsMetadata(IReadOnlyList<ProblemType> Types);
