using GenesysAnalyticsApi.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Writes the response for unauthorized callers: 401 with the accepted credentials, or 403 with the missing scope.</summary>
internal sealed class AuthorizationFailureHandler(ProblemWriter writer, ActiveAuthModes active) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult switch
        {
            { Succeeded: true } => next(context),
            { Forbidden: true } => writer.WriteAsync(context, ProblemFactory.Forbidden(ScopesOf(policy))),
            _ => RefuseAsync(context),
        };

    public async Task RefuseAsync(HttpContext context)
    {
        // The result is cached, so the authentication handler does not run again.
        var result = await context.AuthenticateAsync();
        context.Response.Headers.WWWAuthenticate = string.Join(", ", Accepted($"ApiKey header=\"{ApiKeyAuthenticator.Header}\"", "Bearer"));
        await writer.WriteAsync(context, ProblemType.Unauthenticated.WithDetail(ReasonOf(result)));
    }

    private string ReasonOf(AuthenticateResult result) => result.Failure switch
    {
        null => "Credentials are required: "
            + $"{string.Join(" or ", Accepted($"an API key in the header {ApiKeyAuthenticator.Header}", "a bearer token in the header Authorization"))}.",
        // The message of the framework can quote the token, so the response does not contain this message.
        Microsoft.IdentityModel.Tokens.SecurityTokenException or ArgumentException => "The bearer token is invalid or has expired.",
        var failure => failure.Message,
    };

    /// <summary>Returns the text for each accepted kind of credentials.</summary>
    private IEnumerable<string> Accepted(string key, string token) =>
        new[] { (Mode: AuthModes.ApiKey, Text: key), (Mode: AuthModes.Jwt, Text: token) }.Where(kind => active.Modes.HasFlag(kind.Mode)).Select(kind => kind.Text);

    private static string ScopesOf(AuthorizationPolicy policy) =>
        string.Join(", ", policy.Requirements.OfType<ScopeRequirement>().Select(requirement => $"{requirement.Scope}".ToLowerInvariant()));
}
