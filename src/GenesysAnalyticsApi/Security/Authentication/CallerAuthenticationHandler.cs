using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

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
