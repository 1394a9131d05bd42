using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>Maps the route group of a directory with the metadata that the endpoints of all directories share, and converts the times in records.</summary>
internal static class DirectoryRouteGroup
{
    /// <param name="scope">The scope that all endpoints of the group require.</param>
    public static RouteGroupBuilder MapDirectory(this IEndpointRouteBuilder routes, string path, string tag, CallerScopes scope) =>
        routes.MapGroup(path).WithTags(tag)
            .RequireScope(scope)
            .RequireJsonAccepted()
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(ProblemType.NotAcceptable, ProblemType.CallerRateLimited)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);

    /// <summary>Converts an instant to a UTC time in whole seconds, which the serializer writes in the form 2026-11-23T09:15:02Z.</summary>
    public static DateTime ToRecordTime(this Instant instant) => Instant.FromUnixTimeSeconds(instant.ToUnixTimeSeconds()).ToDateTimeUtc();
}
