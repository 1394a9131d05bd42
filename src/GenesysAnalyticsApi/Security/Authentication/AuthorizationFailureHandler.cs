using GenesysAnalyticsApi.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>What a caller is told who is not let in: 401 with what would be taken, 403 with the scope that is lacking.</summary>
internal sealed class AuthorizationFailureHandler(ProblemWriter writer, ActiveAuthModes chosen) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult switch
        {
            { Succeeded: true } => next(context),
            { Forbidden: true } => writer.WriteAsync(context, Problems.Forbidden(ScopesOf(policy))),
            _ => RefuseAsync(context),
        };

    public async Task RefuseAsync(HttpContext context)
    {
        // Not done again: the handler keeps what it has found.
        var found = await context.AuthenticateAsync();
        context.Response.Headers.WWWAuthenticate = string.Join(", ", Challenges());
        await writer.WriteAsync(context, Problems.Unauthenticated(WhyNot(found)));
    }

    private string WhyNot(AuthenticateResult found) => found.Failure switch
    {
        null => $"Credentials are needed: {Accepted()}.",
        // The framework's own words for a token can quote it.
        Microsoft.IdentityModel.Tokens.SecurityTokenException or ArgumentException => "The bearer token is not valid here, or no longer.",
        var failure => failure.Message,
    };

    private string Accepted() => string.Join(" or ", new[]
    {
        chosen.Modes.HasFlag(AuthModes.ApiKey) ? $"an API key in the header {ApiKeyAuthenticator.Header}" : null,
        chosen.Modes.HasFlag(AuthModes.Jwt) ? "a bearer token in the header Authorization" : null,
    }.OfType<string>());

    private IEnumerable<string> Challenges()
    {
        if (chosen.Modes.HasFlag(AuthModes.ApiKey))
        {
            yield return $"ApiKey header=\"{ApiKeyAuthenticator.Header}\"";
        }

        if (chosen.Modes.HasFlag(AuthModes.Jwt))
        {
            yield return "Bearer";
        }
    }

    private static string ScopesOf(AuthorizationPolicy policy) =>
        string.Join(", ", policy.Requirements.OfType<ScopeRequirement>().Select(requirement => $"{requirement.Scope}".ToLowerInvariant()));
}
