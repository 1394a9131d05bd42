using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Security.RateLimiting;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Who may use the service.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>
    /// The authentication modes, separated by commas: <c>ApiKey</c>, <c>Jwt</c>, <c>Anonymous</c>. If not set,
    /// <see cref="AuthModesDecision.DecideModes"/> infers the modes from other settings.
    /// </summary>
    public string? Mode { get; set; }

    /// <summary>Allows anonymous access outside Development.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// What anonymous callers may do: names of <see cref="CallerScopeNames.All"/>, separated by commas. If not set, anonymous callers get <c>read</c> and
    /// <c>details</c>, and also <c>operator</c> if <c>Anonymous</c> is the only mode.
    /// </summary>
    public string? AnonymousScopes { get; set; }

    /// <summary>Who may open <c>/swagger</c>.</summary>
    public PageAccess Swagger { get; set; } = PageAccess.Anyone;

    /// <summary>Who may read <c>/metrics</c>.</summary>
    public PageAccess Metrics { get; set; } = PageAccess.Operators;

    /// <summary>Who may read <c>/health/doctor</c>. Running the checks sends Genesys requests, so this endpoint can be opened to operators only.</summary>
    public DoctorAccess Doctor { get; set; } = DoctorAccess.Operators;

    /// <summary>Addresses and networks of proxies. The service trusts <c>X-Forwarded-For</c> only from these proxies. By default, the list is empty.</summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>The API keys. The name of an entry is arbitrary: <c>Auth:Keys:0:Name</c>, <c>Auth:Keys:wallboard:Name</c>.</summary>
    public Dictionary<string, ApiKeyOptions> Keys { get; set; } = [];

    public JwtOptions Jwt { get; set; } = new();
}

/// <summary>One API key, stored as a hash only.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>
    /// The name of the caller. Several keys with the same name are one caller, so an old key can stay valid until all clients use the new key.
    /// </summary>
    [Required(ErrorMessage = "Give a name: the log shows it, and keys with the same name share one rate limit")]
    [RegularExpression(@"\P{Cc}{1,100}", ErrorMessage = "is not a name. Give at most 100 characters, none of them a control character.")]
    public string? Name { get; set; }

    /// <summary>The SHA-256 of the key, in hexadecimal. It is marked as secret, because an operator might have entered the key itself by mistake.</summary>
    [Secret]
    [Required(ErrorMessage = "Give the SHA-256 of the key, as `keys new` prints it")]
    [RegularExpression("[0-9A-Fa-f]{64}", ErrorMessage = "is not a SHA-256 hash, which has 64 hexadecimal digits. `keys new` prints the hash and the key; only the holder needs the key itself.")]
    public string? Sha256 { get; set; }

    /// <summary>The scopes of the key: <c>read</c>, <c>details</c>, <c>agents</c>, <c>operator</c>. If the list is empty, the key has <c>read</c>.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>
    /// Ids, names or patterns of queues that the key can see. If both this list and <see cref="Divisions"/> are empty, the key can see all queues.
    /// </summary>
    public List<string> Queues { get; set; } = [];

    /// <summary>Ids of divisions. The key can see all queues of these divisions.</summary>
    public List<string> Divisions { get; set; } = [];

    /// <summary>The rate limit of this caller; overrides <c>Callers:RequestsPerMinute</c>.</summary>
    [Range(1, CallerRateLimitOptions.MaxRequestsPerMinute)]
    public int? RequestsPerMinute { get; set; }

    /// <summary>The instant at which the key expires; null if the key does not expire.</summary>
    public DateTimeOffset? Expires { get; set; }
}

/// <summary>Settings for the bearer tokens of an identity provider.</summary>
internal sealed class JwtOptions
{
    /// <summary>The address of the issuer. The metadata is read from <c>/.well-known/openid-configuration</c> below this address.</summary>
    public Uri? Authority { get; set; }

    /// <summary>The audience that a token must name.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// The claim with ids, names or patterns of queues. If this setting is not set, every token can see all queues. If it is set, a token without the claim can
    /// see no queue.
    /// </summary>
    public string? QueuesClaim { get; set; }

    /// <summary>The claim with the scopes: a list, or one text with scopes separated by spaces.</summary>
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
