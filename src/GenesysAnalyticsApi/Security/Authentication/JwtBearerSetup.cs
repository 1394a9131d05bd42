using System.Security.Claims;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Bearer tokens: checked by the framework, with our clock; their claims say what a key's settings say.</summary>
internal sealed class JwtBearerSetup(IOptions<AuthOptions> options, TimeProvider clock) : IConfigureNamedOptions<JwtBearerOptions>
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public void Configure(string? name, JwtBearerOptions bearer)
    {
        var jwt = options.Value.Jwt;
        bearer.Authority = jwt.Authority?.AbsoluteUri;
        bearer.Audience = jwt.Audience;

        // Whoever could answer for the provider on the way could sign tokens; a provider on this machine is a developer's.
        bearer.RequireHttpsMetadata = jwt.Authority is { IsLoopback: false };
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = jwt.Audience,
            NameClaimType = "sub",
            RequireExpirationTime = true,
            LifetimeValidator = IsAlive,

            // Signatures of a shared secret are not among them: the provider's public key would be taken for one.
            ValidAlgorithms =
            [
                SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
                SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
                SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
            ],
        };
        bearer.Events = new JwtBearerEvents { OnTokenValidated = TakeClaims, OnAuthenticationFailed = TellProviders };
    }

    public void Configure(JwtBearerOptions bearer) => Configure(Options.DefaultName, bearer);

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && (notBefore is null || now >= notBefore - ClockSkew);
    }

    private Task TakeClaims(TokenValidatedContext context)
    {
        if (JwtCriticalHeader.IsIn(context.SecurityToken))
        {
            context.Fail("The token has a critical header (crit), and this service knows no extension of tokens.");
            return Task.CompletedTask;
        }

        if (context.Principal?.FindFirst("sub") is not { Value: { Length: > 0 } subject })
        {
            context.Fail("The token names no subject.");
            return Task.CompletedTask;
        }

        var jwt = options.Value.Jwt;
        var scopes = CallerScopeNames.Of(context.Principal.FindAll(jwt.ScopesClaim).SelectMany(claim => claim.Value.Split(' ')));
        var view = jwt.QueuesClaim is { Length: > 0 } queues ? QueueVisibility.Of(Values(context.Principal, queues), []) : QueueVisibility.All;
        context.Principal = new CallerPrincipal(
            new Caller(CallerIdentity.OfToken(context.SecurityToken.Issuer, subject), subject, scopes, view), JwtBearerDefaults.AuthenticationScheme);
        return Task.CompletedTask;
    }

    /// <summary>
    /// A provider that cannot be reached is no fault of the token: its holder shall try again, not ask for another. The framework tells
    /// it as a key that was not found.
    /// </summary>
    private static async Task TellProviders(AuthenticationFailedContext context)
    {
        try
        {
            // Kept since it was last read; asked for again only while it has never been read.
            _ = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (Exception away) when (away is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ProblemException(Problems.IdentityUnavailable());
        }
    }

    // A list becomes a claim each; commas, since names have spaces.
    private static string[] Values(ClaimsPrincipal principal, string claim) =>
        [.. principal.FindAll(claim).SelectMany(one => one.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}

/// <summary>
/// <c>crit</c> of a token lists extensions that its reader must understand (RFC 7515, 4.1.11). None is understood here, and an empty list
/// or anything else is malformed: a token with <c>crit</c> is never valid. The framework passes over it.
/// </summary>
internal static class JwtCriticalHeader
{
    private const string Name = "crit";

    public static bool IsIn(SecurityToken token)
    {
        if (token is not JsonWebToken { EncodedHeader: { } encoded })
        {
            // What has no header that can be looked at is not trusted.
            return true;
        }

        using var header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded));
        return header.RootElement.TryGetProperty(Name, out _);
    }
}

/// <summary>The framework reads settings of its own for bearer tokens (<c>Authentication:Schemes</c>). Ours are in <c>Auth</c>, and no others count.</summary>
internal sealed class NoFrameworkAuthenticationSettings : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
}
