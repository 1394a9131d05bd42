namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Who may ask.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary><c>ApiKey</c>, <c>Jwt</c>, <c>Anonymous</c>, or several, with commas between them. Not set: see <see cref="AuthModes"/>.</summary>
    public string? Mode { get; set; }

    /// <summary>Outside Development, anonymous callers are let in with this only.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Who may open <c>/swagger</c>.</summary>
    public PageAccess Swagger { get; set; } = PageAccess.Anyone;

    /// <summary>Who may read <c>/metrics</c>.</summary>
    public PageAccess Metrics { get; set; } = PageAccess.Operators;

    /// <summary>Whether <c>/health/doctor</c> is there. Each visit asks Genesys, so that it is for operators at most.</summary>
    public DoctorAccess Doctor { get; set; } = DoctorAccess.Operators;

    /// <summary>Addresses and networks of proxies whose <c>X-Forwarded-For</c> is believed. None: nobody's is.</summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>API keys, by any name: <c>Auth:Keys:0:Name</c>, <c>Auth:Keys:wallboard:Name</c>.</summary>
    public Dictionary<string, ApiKeyOptions> Keys { get; set; } = [];

    public JwtOptions Jwt { get; set; } = new();
}

/// <summary>One API key. The key itself is nowhere: its holder has it.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>Whose it is. Several keys of one name are one caller: the old key stays valid until everybody has the new one.</summary>
    public string? Name { get; set; }

    /// <summary>Hexadecimal SHA-256 of the key.</summary>
    public string? Sha256 { get; set; }

    /// <summary><c>read</c>, <c>details</c>, <c>operator</c>; none for <c>read</c> alone.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>Ids, names or patterns of the queues it sees. With no queue and no division it sees all.</summary>
    public List<string> Queues { get; set; } = [];

    /// <summary>Ids of divisions whose queues it sees.</summary>
    public List<string> Divisions { get; set; } = [];

    /// <summary>Instead of <c>Callers:RequestsPerMinute</c>.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Refused from then on.</summary>
    public DateTimeOffset? Expires { get; set; }
}

/// <summary>Bearer tokens of an identity provider.</summary>
internal sealed class JwtOptions
{
    /// <summary>The issuer's address; its metadata is read from <c>/.well-known/openid-configuration</c> below it.</summary>
    public Uri? Authority { get; set; }

    /// <summary>What the token must be for.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim with ids, names or patterns of queues. Not set: tokens see all queues. Set: a token without it sees none.</summary>
    public string? QueuesClaim { get; set; }

    /// <summary>The claim with the scopes; a space between several, or a list.</summary>
    public string ScopesClaim { get; set; } = "scope";
}

/// <summary>Who may open a page that shows no figures.</summary>
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
