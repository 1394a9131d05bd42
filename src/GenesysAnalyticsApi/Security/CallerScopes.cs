namespace GenesysAnalyticsApi.Security;

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
