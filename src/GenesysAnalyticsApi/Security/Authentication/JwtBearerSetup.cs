using System.Security.Claims;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Configures how the framework validates bearer tokens, with the clock of the service, and maps the claims of a token to a caller.</summary>
internal sealed class JwtBearerSetup(IOptions<AuthOptions> options, TimeProvider clock) : IConfigureNamedOptions<JwtBearerOptions>
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public void Configure(string? name, JwtBearerOptions bearer)
    {
        var jwt = options.Value.Jwt;
        bearer.Authority = jwt.Authority?.AbsoluteUri;
        bearer.Audience = jwt.Audience;

        // Over http, an attacker in the network could impersonate the provider and sign tokens. A provider on this machine is not reached through a network.
        bearer.RequireHttpsMetadata = jwt.Authority is { IsLoopback: false };
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = jwt.Audience,
            NameClaimType = "sub",
            RequireExpirationTime = true,
            LifetimeValidator = IsAlive,

            // Symmetric algorithms are excluded. Otherwise, an attacker could sign a token with the public key of the provider as the shared secret.
            ValidAlgorithms =
            [
                SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
                SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
                SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
            ],
        };
        bearer.Events = new JwtBearerEvents { OnTokenValidated = MapClaims, OnAuthenticationFailed = ReportUnreachableProvider };
    }

    public void Configure(JwtBearerOptions bearer) => Configure(Options.DefaultName, bearer);

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && (notBefore is null || now >= notBefore - ClockSkew);
    }

    private Task MapClaims(TokenValidatedContext context)
    {
        if (JwtCriticalHeader.IsIn(context.SecurityToken))
        {
            context.Fail("The token has a critical header (crit), and this service supports no token extensions.");
        }
        else if (context.Principal?.FindFirst("sub") is not { Value: { Length: > 0 } subject })
        {
            context.Fail("The token has no subject.");
        }
        else
        {
            var jwt = options.Value.Jwt;
            var scopes = CallerScopeNames.Of(context.Principal.FindAll(jwt.ScopesClaim).SelectMany(claim => claim.Value.Split(' ')));
            var visibility = jwt.QueuesClaim is { Length: > 0 } queues ? QueueVisibility.Of(Values(context.Principal, queues), []) : QueueVisibility.All;
            context.Principal = new CallerPrincipal(
                new Caller(CallerIdentity.OfToken(context.SecurityToken.Issuer, subject), subject, scopes, visibility) { Expires = new DateTimeOffset(DateTime.SpecifyKind(context.SecurityToken.ValidTo, DateTimeKind.Utc)) + ClockSkew },
                JwtBearerDefaults.AuthenticationScheme);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Reports an unreachable provider, which the framework reports as a missing signing key. The token might be valid, so the caller should retry instead of
    /// requesting another token.
    /// </summary>
    private static async Task ReportUnreachableProvider(AuthenticationFailedContext context)
    {
        try
        {
            // The metadata is cached after a successful read, so this call rarely sends a request.
            _ = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (Exception unreachable) when (unreachable is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ProblemException(ProblemFactory.IdentityUnavailable());
        }
    }

    // Each item of a list is one claim. Names in one text are separated by commas, because names can contain spaces.
    private static string[] Values(ClaimsPrincipal principal, string claim) =>
        [.. principal.FindAll(claim).SelectMany(item => item.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}

/// <summary>
/// Finds tokens with a <c>crit</c> header, which lists extensions that the recipient must understand (RFC 7515, 4.1.11). This service supports no extensions,
/// and an empty or malformed list is invalid too. The framework ignores this header.
/// </summary>
internal static class JwtCriticalHeader
{
    private const string Name = "crit";

    public static bool IsIn(SecurityToken token)
    {
        if (token is not JsonWebToken { EncodedHeader: { } encoded })
        {
            // A token with an unreadable header is treated like one with a critical header.
            return true;
        }

        using var header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded));
        return header.RootElement.TryGetProperty(Name, out _);
    }
}

/// <summary>Disables the bearer token settings of the framework (<c>Authentication:Schemes</c>). Only the settings in <c>Auth</c> apply.</summary>
internal sealed class NoFrameworkAuthenticationSettings : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
}
