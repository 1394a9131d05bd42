using System.ComponentModel;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>Serves <c>GET /users</c> and <c>GET /users/{id}</c> from the directory of users.</summary>
internal static class UsersEndpoint
{
    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapDirectory("/users", "Users", CallerScopes.Agents);

        users.MapGet("", ListUsers)
            .WithName("ListUsers")
            .WithSummary("Lists the users")
            .WithDescription(
                "All known users, including inactive ones, sorted by name and then id. The service reads the list from Genesys at the first request. A request "
                + "more than five minutes later returns the known list and starts a refresh in the background. Requires the agents scope. Callers that are "
                + "limited to some queues get a 403, because the list also contains agents of other queues.")
            .WithParameters(UsersParameters.Metadata)
            .Produces<UsersResponse>();

        users.MapGet("{id}", GetUser)
            .WithName("GetUser")
            .WithSummary("Shows one user")
            .WithDescription(
                "The user with this id. A user that Genesys no longer lists is kept for 30 days after Genesys last listed the user, and is then removed at the "
                + "next read of the list.")
            .WithParameters(new Dictionary<string, ParameterMetadata> { ["id"] = new("7c1a9e5e-2f5c-4f0a-9a52-0f1c7d9e3b10") { Format = "uuid" } })
            .Produces<UserRecord>()
            .WithProblems(ProblemType.UnknownUser);

        return routes;
    }

    private static async Task<IResult> ListUsers(
        [AsParameters] UsersParameters parameters,
        HttpRequest request,
        UsersParametersValidator validator,
        UserDirectory directory,
        CancellationToken cancellationToken)
    {
        RejectLimitedCaller(request.HttpContext.Caller());
        ParameterRules.ThrowIfInvalid(request.Query, UsersParameters.ParameterNames, [], validator.ErrorsOf(parameters));

        var snapshot = await directory.GetAsync(cancellationToken);
        var active = parameters.Active is { } given ? bool.Parse(given) : (bool?)null;
        var (users, next) = new PageQuery(parameters).PageOf(snapshot.Entries, user => active is null || user.IsActive == active);
        var response = new UsersResponse { Records = [.. users.Select(UserRecord.From)], NextCursor = next };
        return new BufferedJsonResult<UsersResponse>(response, UsersJson.Default.UsersResponse);
    }

    private static async Task<IResult> GetUser(
        [Description("The user's id (a GUID).")] string id,
        HttpRequest request,
        UserDirectory directory,
        CancellationToken cancellationToken)
    {
        RejectLimitedCaller(request.HttpContext.Caller());
        ParameterRules.ThrowIfInvalid(request.Query, [], []);

        var snapshot = await directory.GetAsync(cancellationToken);
        return snapshot.Find(id) is { } user
            ? new BufferedJsonResult<UserRecord>(UserRecord.From(user), UsersJson.Default.UserRecord)
            : throw new ProblemException(ProblemFactory.UnknownUserId(id));
    }

    /// <summary>
    /// Rejects a caller that is limited to some queues. The list does not say in which queues a user works, so the caller would see agents of other queues.
    /// </summary>
    private static void RejectLimitedCaller(Caller caller)
    {
        if (!caller.Visibility.IsAll)
        {
            throw new ProblemException(ProblemFactory.UsersHidden());
        }
    }
}
