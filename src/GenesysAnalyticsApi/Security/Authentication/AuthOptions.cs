using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Security.RateLimiting;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Who may use the service.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>
    /// <c>ApiKey</c>, <c>Jwt</c>, <c>Anonymous</c>, or several of them separated by commas. If not set, <see cref="AuthModesDecision.DecideModes"/> infers
    /// the modes.
    /// </summary>
    public string? Mode { get; set; }

    /// <summary>Allows anonymous access outside Development.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// What anonymous callers may do: names of <see cref="CallerScopeNames.All"/>, separated by commas. If not set, everything except <c>agents</c>, and
    /// <c>operator</c> only if no caller needs credentials.
    /// </summary>
    public string? AnonymousScopes { get; set; }

    /// <summary>Who may open <c>/swagger</c>.</summary>
    public PageAccess Swagger { get; set; } = PageAccess.Anyone;

    /// <summary>Who may read <c>/metrics</c>.</summary>
    public PageAccess Metrics { get; set; } = PageAccess.Operators;

    /// <summary>Access to <c>/health/doctor</c>. Each visit sends Genesys requests, so only operators can be allowed to open it.</summary>
    public DoctorAccess Doctor { get; set; } = DoctorAccess.Operators;

    /// <summary>Addresses and networks of proxies whose <c>X-Forwarded-For</c> is trusted; by default none.</summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>API keys, by any name: <c>Auth:Keys:0:Name</c>, <c>Auth:Keys:wallboard:Name</c>.</summary>
    public Dictionary<string, ApiKeyOptions> Keys { get; set; } = [];

    public JwtOptions Jwt { get; set; } = new();
}

/// <summary>One API key, stored as a hash only.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>The caller. Several keys with the same name are one caller, so that an old key can stay valid until all clients have the new one.</summary>
    [Required(ErrorMessage = "Give a name: the log shows it, and keys with the same name share one rate limit")]
    [RegularExpression(@"\P{Cc}{1,100}", ErrorMessage = "is not a name. Give at most 100 characters, none of them a control character.")]
    public string? Name { get; set; }

    /// <summary>Hexadecimal SHA-256 of the key. Marked secret, because the key itself may have been given by mistake.</summary>
    [Secret]
    [Required(ErrorMessage = "Give the SHA-256 of the key, as `keys new` prints it")]
    [RegularExpression("[0-9A-Fa-f]{64}", ErrorMessage = "is not a SHA-256 of 64 hexadecimal digits. `keys new` prints it with the key; only the holder needs the key itself.")]
    public string? Sha256 { get; set; }

    /// <summary><c>read</c>, <c>details</c>, <c>agents</c>, <c>operator</c>; by default <c>read</c>.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>Ids, names or patterns of the queues that the key can see. Without queues and divisions it can see all of them.</summary>
    public List<string> Queues { get; set; } = [];

    /// <summary>Ids of divisions whose queues the key can see.</summary>
    public List<string> Divisions { get; set; } = [];

    /// <summary>Replaces <c>Callers:RequestsPerMinute</c>.</summary>
    [Range(1, CallerRateLimitOptions.MostPerMinute)]
    public int? RequestsPerMinute { get; set; }

    /// <summary>The instant from which the key is rejected.</summary>
    public DateTimeOffset? Expires { get; set; }
}

/// <summary>Bearer tokens of an identity provider.</summary>
internal sealed class JwtOptions
{
    /// <summary>The issuer's address. Its metadata is read from <c>/.well-known/openid-configuration</c> below it.</summary>
    public Uri? Authority { get; set; }

    /// <summary>The audience that a token must name.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim with ids, names or patterns of queues. If not set, tokens can see all queues; if set, a token without the claim can see none.</summary>
    public string? QueuesClaim { get; set; }

    /// <summary>The claim with the scopes: a list, or text with spaces between them.</summary>
    public string ScopesClaim { get; set; } = "scope";
}

/// <summary>Who may open a page that contains no analytics data.</summary>
internal enum PageAccess
{
    Anyone,
    Callers,
    Operators,
    Off,
}

internal enum DoctorAccess
{
    Operators,
    Off,
}
