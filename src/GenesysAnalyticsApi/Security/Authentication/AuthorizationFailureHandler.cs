using GenesysAnalyticsApi.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Writes the response for unauthorised callers: 401 with the accepted credentials, or 403 with the missing scope.</summary>
internal sealed class AuthorizationFailureHandler(ProblemWriter writer, ActiveAuthModes active) : IAuthorizationMiddlewareResultHandler
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
        // Cached: the authentication handler does not run again.
        var result = await context.AuthenticateAsync();
        context.Response.Headers.WWWAuthenticate = string.Join(", ", Challenges());
        await writer.WriteAsync(context, Problems.Unauthenticated(ReasonOf(result)));
    }

    private string ReasonOf(AuthenticateResult result) => result.Failure switch
    {
        null => $"Credentials are required: {Accepted()}.",
        // The framework's message can quote the token.
        Microsoft.IdentityModel.Tokens.SecurityTokenException or ArgumentException => "The bearer token is invalid or has expired.",
        var failure => failure.Message,
    };

    private string Accepted() => string.Join(" or ", new[]
    {
        active.Modes.HasFlag(AuthModes.ApiKey) ? $"an API key in the header {ApiKeyAuthenticator.Header}" : null,
        active.Modes.HasFlag(AuthModes.Jwt) ? "a bearer token in the header Authorization" : null,
    }.OfType<string>());

    private IEnumerable<string> Challenges()
    {
        if (active.Modes.HasFlag(AuthModes.ApiKey))
        {
            yield return $"ApiKey header=\"{ApiKeyAuthenticator.Header}\"";
        }

        if (active.Modes.HasFlag(AuthModes.Jwt))
        {
            yield return "Bearer";
        }
    }

    private static string ScopesOf(AuthorizationPolicy policy) =>
        string.Join(", ", policy.Requirements.OfType<ScopeRequirement>().Select(requirement => $"{requirement.Scope}".ToLowerInvariant()));
}
