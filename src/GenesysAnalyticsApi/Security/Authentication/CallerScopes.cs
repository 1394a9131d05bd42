using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>What a caller may do. No scope includes another.</summary>
[Flags]
internal enum CallerScopes
{
    None = 0,

    /// <summary>Aggregates, queues and their current state, wrap-up codes, alerts, jobs, MCP, the catalog, and the reconciliation of exports.</summary>
    Read = 1,

    /// <summary>Individual conversations, and figures counted from them.</summary>
    Details = 2,

    /// <summary>The state of the service: the rate limiter, Genesys, Redis, metrics and the doctor.</summary>
    Operator = 4,

    /// <summary>Figures and names of individual agents.</summary>
    Agents = 8,
}

/// <summary>The names of scopes in settings, tokens and problems.</summary>
internal static class CallerScopeNames
{
    public const string Read = "read";

    public const string Details = "details";

    public const string Agents = "agents";

    public static IReadOnlyDictionary<string, CallerScopes> All { get; } = new Dictionary<string, CallerScopes>(StringComparer.OrdinalIgnoreCase)
    {
        [Read] = CallerScopes.Read,
        [Details] = CallerScopes.Details,
        [Agents] = CallerScopes.Agents,
        ["operator"] = CallerScopes.Operator,
    };

    /// <summary>Reads names separated by commas.</summary>
    /// <returns>False if a name is unknown, or if the text contains no name.</returns>
    public static bool TryRead(string text, out CallerScopes scopes)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        scopes = Of(names);
        return names is not [] && names.All(All.ContainsKey);
    }

    /// <summary>Returns the scopes with these names. Unknown names are ignored, because tokens also contain scopes of other services.</summary>
    public static CallerScopes Of(IEnumerable<string> names) =>
        names.Aggregate(CallerScopes.None, (scopes, name) => scopes | All.GetValueOrDefault(name.Trim()));
}

internal sealed class ScopeRequirement(CallerScopes scope)
    : AssertionRequirement(context => context.User is CallerPrincipal principal && principal.Caller.May(scope))
{
    public CallerScopes Scope => scope;
}
