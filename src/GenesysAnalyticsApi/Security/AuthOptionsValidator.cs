using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Checks <c>Auth</c>, <c>Cors:Origins</c> and <c>AllowedHosts</c>: a mistake in these settings must neither admit everyone nor lock out callers.
/// </summary>
internal static class AuthOptionsValidator
{
    private const string Section = AuthOptions.Section;

    // If AllowedHosts contains any of these names or is empty, ASP.NET Core accepts every host name.
    private static readonly string[] AnyHost = ["*", "[::]", "0.0.0.0"];

    public static void Check(IConfiguration configuration, IHostEnvironment environment, SettingsReport report)
    {
        var section = configuration.GetSection(Section);
        var keys = section.GetSection(nameof(AuthOptions.Keys)).GetChildren().ToList();
        keys.ForEach(key => ApiKeyOptionsValidator.Check(configuration, key, report));
        ApiKeyOptionsValidator.CheckTogether(keys, report);

        new SettingsSection($"{Section}:{nameof(AuthOptions.Jwt)}", typeof(JwtOptions)).Check(configuration, report);
        CheckMode(section[nameof(AuthOptions.Mode)], report);
        CheckAnonymousScopes(section[nameof(AuthOptions.AnonymousScopes)], report);
        report.AddEntries(section.GetSection(nameof(AuthOptions.TrustedProxies)), ProxyFault);
        CorsOptionsValidator.CheckOrigins(configuration, report);
        if (report.HasBelow(Section))
        {
            // The rules below need valid values in the whole section.
            return;
        }

        var options = section.Get<AuthOptions>() ?? new AuthOptions();
        var modes = options.DecideModes(environment);
        var isOpen = modes.HasFlag(AuthModes.Anonymous);
        CheckModes(options, modes, environment, report);
        CheckJwt(options, modes, report);
        CheckHosts(isOpen ? configuration["AllowedHosts"] : null, report);
        CallersOptionsValidator.CheckKeys(options.Keys.Values, report);
        CorsOptionsValidator.CheckAny(configuration, isOpen, report);
    }

    private static void CheckMode(string? mode, SettingsReport report)
    {
        if (!string.IsNullOrWhiteSpace(mode) && !AuthModesDecision.TryRead(mode, out _))
        {
            report.Add(Key(nameof(AuthOptions.Mode)), mode, "is not one of ApiKey, Jwt, Anonymous, or a list of these separated by commas.");
        }
    }

    private static void CheckAnonymousScopes(string? scopes, SettingsReport report)
    {
        if (!string.IsNullOrWhiteSpace(scopes) && !CallerScopeNames.TryRead(scopes, out _))
        {
            report.Add(Key(nameof(AuthOptions.AnonymousScopes)), scopes, $"is not one of {string.Join(", ", CallerScopeNames.All.Keys)}, or a list of these separated by commas.");
        }
    }

    private static void CheckModes(AuthOptions options, AuthModes modes, IHostEnvironment environment, SettingsReport report)
    {
        if (modes == AuthModes.None)
        {
            report.AddMissing(Key(nameof(options.Mode)), "Give ApiKey, with a key made by `keys new`, or Jwt; or Auth:AllowAnonymous=true to allow anonymous access");
        }

        if (modes.HasFlag(AuthModes.Anonymous) && !environment.IsDevelopment() && !options.AllowAnonymous)
        {
            report.Add(Key(nameof(options.Mode)), options.Mode ?? "", "allows anonymous access. Also give Auth:AllowAnonymous=true if that is intended, or give ApiKey or Jwt.");
        }

        if (modes.HasFlag(AuthModes.ApiKey) && options.Keys.Count == 0)
        {
            report.AddMissing(Key(nameof(options.Keys)), "Auth:Mode contains ApiKey, but there is no key: make one with `keys new --name …`");
        }

        if (!modes.HasFlag(AuthModes.ApiKey) && options.Keys.Count > 0)
        {
            report.Add(Key(nameof(options.Keys)), "are set, but Auth:Mode does not contain ApiKey. Add ApiKey to Auth:Mode, or remove the keys.");
        }
    }

    private static void CheckJwt(AuthOptions options, AuthModes modes, SettingsReport report)
    {
        var (authority, audience) = (Key("Jwt:Authority"), Key("Jwt:Audience"));
        if (!modes.HasFlag(AuthModes.Jwt))
        {
            if (options.Jwt.Authority is not null)
            {
                report.Add(authority, "is set, but Auth:Mode does not contain Jwt. Add Jwt to Auth:Mode, or remove the authority.");
            }

            return;
        }

        if (options.Jwt.Authority is not { } issuer)
        {
            report.AddMissing(authority, "Give the address of the identity provider, such as https://login.example.com/tenant");
        }
        else if (issuer.Scheme != Uri.UriSchemeHttps && !issuer.IsLoopback)
        {
            report.Add(authority, issuer, "does not use https. Others on the network could replace the signing keys of the identity provider.");
        }

        if (string.IsNullOrWhiteSpace(options.Jwt.Audience))
        {
            report.AddMissing(audience, "Give the audience of tokens for this service; otherwise tokens for any other service would be accepted");
        }
    }

    /// <summary>
    /// Checks AllowedHosts to prevent DNS rebinding: a web page can point its own host name at this machine and then read whatever anonymous callers can read.
    /// </summary>
    /// <param name="hosts">Null if anonymous access is not allowed.</param>
    private static void CheckHosts(string? hosts, SettingsReport report)
    {
        if (hosts?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { } names
            && (names is [] || names.Any(AnyHost.Contains)))
        {
            report.Add("AllowedHosts", hosts, "accepts any name while anonymous access is allowed. List the names, or give Auth:Mode=ApiKey.");
        }
    }

    /// <summary>Rejects a network of all addresses: a trusted proxy can claim any client address, and so use the rate limit of any anonymous caller.</summary>
    private static string? ProxyFault(string proxy) =>
        !TrustedProxies.TryParse(proxy, out var network) ? "is neither an address nor a network. Give an address such as 10.1.2.3, or a network such as 10.1.0.0/16."
        : network.PrefixLength == 0 ? "trusts every address. List the proxies, or their network."
        : null;

    private static string Key(string property) => $"{Section}:{property}";
}
