using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;
using Serilog.Events;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Who asks, what for, and which queues exist for them.</summary>
/// <param name="Identity">One of <see cref="CallerIdentity"/>: rates, shares and turns go by it.</param>
/// <param name="Name">Of the key, or of the token's subject; for anonymous callers where they call from. For people who read the log.</param>
/// <param name="RequestsPerMinute">Their own limit; null for the one that everybody has.</param>
internal sealed record Caller(string Identity, string Name, CallerScopes Scopes, QueueVisibility View, int? RequestsPerMinute = null)
{
    public bool May(CallerScopes scope) => (Scopes & scope) == scope;

    /// <summary>Whose turn it is at the budget of Genesys.</summary>
    public RequestOrigin Asker { get; } = new(Identity, IsBackground: false);
}

/// <summary>A caller, where ASP.NET wants a principal. Made once per key, not per request.</summary>
internal sealed class CallerPrincipal(Caller caller, string scheme)
    : ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], scheme, ClaimTypes.Name, roleType: null))
{
    public const string LogName = "Caller";

    public Caller Caller => caller;

    /// <summary>Who asked, for the line that each request has in the log.</summary>
    public LogEventProperty LogProperty { get; } = new(LogName, new ScalarValue(caller.Name));
}

internal static class CallerExtensions
{
    /// <summary>The caller of a request that has passed authorization. An endpoint without it has no caller, and asking is a mistake of ours.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.User is CallerPrincipal principal ? principal.Caller : throw new InvalidOperationException("The endpoint does not require a caller.");

    /// <summary>Whether who asks is known to have the scope; false for who is not known at all.</summary>
    public static bool CallerMay(this HttpContext http, CallerScopes scope) => http.User is CallerPrincipal principal && principal.Caller.May(scope);
}

/// <summary>What a caller may do. None of them takes in another.</summary>
[Flags]
internal enum CallerScopes
{
    None = 0,

    /// <summary>Figures and queues.</summary>
    Read = 1,

    /// <summary>Single conversations.</summary>
    Details = 2,

    /// <summary>How the service itself is doing: its budget, the state of Genesys and Redis, metrics, doctor.</summary>
    Operator = 4,
}

internal static class CallerScopeNames
{
    /// <summary>As keys, tokens and problems name them.</summary>
    public static IReadOnlyDictionary<string, CallerScopes> All { get; } = new Dictionary<string, CallerScopes>(StringComparer.OrdinalIgnoreCase)
    {
        ["read"] = CallerScopes.Read,
        ["details"] = CallerScopes.Details,
        ["operator"] = CallerScopes.Operator,
    };

    /// <summary>Names that are none of ours are left out: tokens carry scopes of other services too.</summary>
    public static CallerScopes Of(IEnumerable<string> names) =>
        names.Aggregate(CallerScopes.None, (scopes, name) => scopes | All.GetValueOrDefault(name.Trim()));
}

/// <summary>
/// What makes a caller the same caller: how it was let in, and as what. A key, a token's subject and an anonymous network that are called the
/// same are three callers, and so are the subjects of two issuers.
/// </summary>
internal static class CallerIdentity
{
    /// <summary>Keys of one name are one caller.</summary>
    public static string OfKey(string name) => $"key:{name}";

    /// <summary>Hashed: the issuer decides how long a subject is, and each takes memory while its rate is counted.</summary>
    public static string OfToken(string issuer, string subject)
    {
        // No issuer has a line break, so that no two pairs are the same text.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}"), hash);
        return $"token:{Convert.ToHexStringLower(hash[..16])}";
    }

    public static string OfNetwork(string network) => $"network:{network}";
}
