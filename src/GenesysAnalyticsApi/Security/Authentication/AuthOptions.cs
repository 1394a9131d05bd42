namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Settings for authentication and access.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary><c>ApiKey</c>, <c>Jwt</c>, <c>Anonymous</c>, or several separated by commas. If not set, see <see cref="AuthModes"/>.</summary>
    public string? Mode { get; set; }

    /// <summary>Required for anonymous access outside Development.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Who may open <c>/swagger</c>.</summary>
    public PageAccess Swagger { get; set; } = PageAccess.Anyone;

    /// <summary>Who may read <c>/metrics</c>.</summary>
    public PageAccess Metrics { get; set; } = PageAccess.Operators;

    /// <summary>Who may read <c>/health/doctor</c>. Each request calls Genesys, so it is never open to other callers.</summary>
    public DoctorAccess Doctor { get; set; } = DoctorAccess.Operators;

    /// <summary>Addresses and networks of proxies whose <c>X-Forwarded-For</c> is trusted. If empty, the header is ignored.</summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>API keys, by any name: <c>Auth:Keys:0:Name</c>, <c>Auth:Keys:wallboard:Name</c>.</summary>
    public Dictionary<string, ApiKeyOptions> Keys { get; set; } = [];

    public JwtOptions Jwt { get; set; } = new();
}

/// <summary>One API key. The settings contain its hash, never the key.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>The owner. Keys of one name are one caller, so that an old key can stay valid until every client has the new one.</summary>
    public string? Name { get; set; }

    /// <summary>Hexadecimal SHA-256 of the key.</summary>
    public string? Sha256 { get; set; }

    /// <summary><c>read</c>, <c>details</c>, <c>operator</c>. If empty, only <c>read</c>.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>Ids, names or patterns of the queues that the key may see. Without queues and divisions, it may see all.</summary>
    public List<string> Queues { get; set; } = [];

    /// <summary>Ids of the divisions whose queues the key may see.</summary>
    public List<string> Divisions { get; set; } = [];

    /// <summary>Overrides <c>Callers:RequestsPerMinute</c>.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>The key is rejected from this time on.</summary>
    public DateTimeOffset? Expires { get; set; }
}

/// <summary>Bearer tokens of an identity provider.</summary>
internal sealed class JwtOptions
{
    /// <summary>The issuer's address. Its metadata is read from <c>/.well-known/openid-configuration</c> below it.</summary>
    public Uri? Authority { get; set; }

    /// <summary>The audience that tokens must have.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim with ids, names or patterns of queues. If not set, tokens may see all queues. If set, a token without the claim sees none.</summary>
    public string? QueuesClaim { get; set; }

    /// <summary>The claim with the scopes, either space-separated or a list.</summary>
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
