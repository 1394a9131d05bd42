using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>
/// Finds out who asks: by the API key, else by the bearer token, else nobody in particular, as far as each is let in. Credentials that
/// are given are never passed over: a wrong key is a refusal even where anonymous callers are let in.
/// </summary>
internal sealed class CallerAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ActiveAuthModes chosen, ApiKeyAuthenticator keys, AnonymousAuthenticator anonymous)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Caller";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (given, authorization) = (Request.Headers[ApiKeyAuthenticator.Header], Request.Headers.Authorization);
        if (given.Count > 0)
        {
            return Task.FromResult(
                !chosen.Modes.HasFlag(AuthModes.ApiKey) ? NoKeys
                : given is [{ Length: > 0 } key] ? keys.Authenticate(key)
                : OneKey);
        }

        if (authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return chosen.Modes.HasFlag(AuthModes.Jwt) ? Context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme) : Task.FromResult(NoTokens);
        }

        return Task.FromResult(chosen.Modes.HasFlag(AuthModes.Anonymous) ? anonymous.Authenticate(Context.Connection.RemoteIpAddress) : AuthenticateResult.NoResult());
    }

    private static AuthenticateResult NoKeys { get; } = AuthenticateResult.Fail("API keys are not taken here.");

    private static AuthenticateResult OneKey { get; } = AuthenticateResult.Fail($"Give one API key in the header {ApiKeyAuthenticator.Header}.");

    private static AuthenticateResult NoTokens { get; } = AuthenticateResult.Fail("Bearer tokens are not taken here.");
}
