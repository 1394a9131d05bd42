using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;
using Serilog.Events;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>An authenticated caller with its scopes and visible queues.</summary>
/// <param name="Identity">See <see cref="CallerIdentity"/>. Rate limits, concurrency limits and fair queues distinguish callers by identity.</param>
/// <param name="Name">
/// The name of the key, the subject of the token, or the network of an anonymous caller. Logs and traces show this name; metrics show only the names of keys.
/// </param>
/// <param name="RequestsPerMinute">The caller's own limit; null for the default.</param>
internal sealed record Caller(string Identity, string Name, CallerScopes Scopes, QueueVisibility Visibility, int? RequestsPerMinute = null)
{
    /// <summary>When the credentials expire. Other responses in progress at this time are completed, but a stream of server-sent events ends.</summary>
    public DateTimeOffset Expires { get; init; } = DateTimeOffset.MaxValue;

    public bool May(CallerScopes scope) => (Scopes & scope) == scope;

    /// <summary>The origin of this caller's Genesys requests, for the rate limiter's fair queue.</summary>
    public RequestOrigin Origin { get; init; } = new(Identity, IsBackground: false);
}

/// <summary>The principal of a caller for ASP.NET Core. All requests with one API key share an instance.</summary>
internal sealed class CallerPrincipal(Caller caller, string scheme)
    : ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], scheme, ClaimTypes.Name, roleType: null))
{
    public const string LogName = "Caller";

    public Caller Caller => caller;

    /// <summary>The caller's name as a property of each request log event.</summary>
    public LogEventProperty LogProperty { get; } = new(LogName, new ScalarValue(caller.Name));
}

internal static class CallerExtensions
{
    /// <summary>Returns the caller of an authorized request. Throws on endpoints that do not require a caller.</summary>
    public static Caller Caller(this HttpContext http) => http.User.Caller();

    /// <inheritdoc cref="Caller(HttpContext)"/>
    public static Caller Caller(this ClaimsPrincipal user) =>
        user is CallerPrincipal principal ? principal.Caller : throw new InvalidOperationException("The endpoint does not require a caller.");

    /// <summary>Returns whether the caller is authenticated and has the scope.</summary>
    public static bool CallerMay(this HttpContext http, CallerScopes scope) => http.User is CallerPrincipal principal && principal.Caller.May(scope);
}

/// <summary>
/// Builds caller identities from the authentication mode and the name of the caller. A key, a token subject and an anonymous network with the same name are
/// three callers. Equal subjects of two issuers are two callers.
/// </summary>
internal static class CallerIdentity
{
    /// <summary>Keys with the same name are one caller.</summary>
    public static string OfKey(string name) => $"key:{name}";

    /// <summary>
    /// Hashes the issuer and the subject. The issuer decides how long a subject is, and the identity stays in memory while the rate limit is tracked.
    /// </summary>
    // Issuers contain no line break, so different pairs never produce the same text.
    public static string OfToken(string issuer, string subject) =>
        $"token:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")).AsSpan(0, 16))}";

    public static string OfNetwork(string network) => $"network:{network}";
}
