using System.Net;
using System.Text.Encodings.Web;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>
/// Authenticates the caller by API key, or else by bearer token, or else as anonymous, each only if the mode is enabled. An invalid API key or bearer token is
/// rejected even if anonymous access is enabled.
/// </summary>
internal sealed class CallerAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ActiveAuthModes active, ApiKeyAuthenticator keys, AnonymousAuthenticator anonymous)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Caller";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (keyValues, authorization) = (Request.Headers[ApiKeyAuthenticator.Header], Request.Headers.Authorization);
        if (keyValues.Count > 0)
        {
            return Task.FromResult(
                !active.Modes.HasFlag(AuthModes.ApiKey) ? KeysDisabled
                : keyValues is [{ Length: > 0 } key] ? keys.Authenticate(key)
                : KeyExpected);
        }

        if (authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return active.Modes.HasFlag(AuthModes.Jwt) ? Context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme) : Task.FromResult(TokensDisabled);
        }

        return Task.FromResult(active.Modes.HasFlag(AuthModes.Anonymous) ? anonymous.Authenticate(Context.Connection.RemoteIpAddress) : AuthenticateResult.NoResult());
    }

    private static AuthenticateResult KeysDisabled { get; } = AuthenticateResult.Fail("API keys are not accepted here.");

    private static AuthenticateResult KeyExpected { get; } = AuthenticateResult.Fail($"Send exactly one API key in the {ApiKeyAuthenticator.Header} header.");

    private static AuthenticateResult TokensDisabled { get; } = AuthenticateResult.Fail("Bearer tokens are not accepted here.");
}

/// <summary>Authenticates anonymous callers. Each network is one caller with its own rate limit.</summary>
internal sealed class AnonymousAuthenticator(AnonymousScopes scopes)
{
    public const string Scheme = "Anonymous";

    private readonly AuthenticateResult _local = Of("anonymous", scopes.Granted);

    // All callers on this machine share one result, because nearly every anonymous caller is on this machine.
    public AuthenticateResult Authenticate(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address) ? _local : Of(ClientNetwork.NameOf(address), scopes.Granted);

    private static AuthenticateResult Of(string name, CallerScopes granted) => AuthenticateResult.Success(
        new AuthenticationTicket(new CallerPrincipal(new Caller(CallerIdentity.OfNetwork(name), name, granted, QueueVisibility.All), Scheme), Scheme));
}

/// <summary>The scopes of anonymous callers, determined once.</summary>
internal sealed class AnonymousScopes
{
    public AnonymousScopes(ActiveAuthModes active, IOptions<AuthOptions> auth, IOptions<GenesysOptions> genesys)
    {
        if (!CallerScopeNames.TryRead(auth.Value.AnonymousScopes ?? "", out var configured))
        {
            // If Auth:Mode also accepts credentials, anonymous callers do not get the operator scope.
            Granted = CallerScopes.Read | CallerScopes.Details | (active.Modes == AuthModes.Anonymous ? CallerScopes.Operator : CallerScopes.None);
            return;
        }

        // The demo grants this scope, to show simulated agents. The same setting must not expose real agents once Genesys credentials are configured.
        WithholdsAgents = configured.HasFlag(CallerScopes.Agents) && genesys.Value.Mode != GenesysMode.Simulator && !auth.Value.AllowAnonymous;
        Granted = WithholdsAgents ? configured & ~CallerScopes.Agents : configured;
    }

    public CallerScopes Granted { get; }

    /// <summary>Whether <c>agents</c> is configured but not granted. For real agents, the scope also requires <c>Auth:AllowAnonymous</c>.</summary>
    public bool WithholdsAgents { get; }
}

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
