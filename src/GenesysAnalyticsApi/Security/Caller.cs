using System.Security.Claims;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues;
using Serilog.Events;

namespace GenesysAnalyticsApi.Security;

/// <summary>Who asks, what for, and which queues exist for them.</summary>
/// <param name="Identity">One of <see cref="CallerIdentity"/>: rates, shares and turns go by it.</param>
/// <param name="Name">Of the key, or of the token's subject; for anonymous callers where they call from. For people who read the log.</param>
/// <param name="RequestsPerMinute">Their own limit; null for the one that everybody has.</param>
internal sealed record Caller(string Identity, string Name, CallerScopes Scopes, QueueView View, int? RequestsPerMinute = null)
{
    public bool May(CallerScopes scope) => (Scopes & scope) == scope;

    /// <summary>Whose turn it is at the budget of Genesys.</summary>
    public GenesysAsker Asker { get; } = new(Identity, IsBackground: false);
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

internal static class CallerOfRequest
{
    /// <summary>The caller of a request that has passed authorization. An endpoint without it has no caller, and asking is a mistake of ours.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.User is CallerPrincipal principal ? principal.Caller : throw new InvalidOperationException("The endpoint does not require a caller.");

    /// <summary>Whether who asks is known to have the scope; false for who is not known at all.</summary>
    public static bool CallerMay(this HttpContext http, CallerScopes scope) => http.User is CallerPrincipal principal && principal.Caller.May(scope);
}
