namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// A misspelt parameter would be ignored in silence and its caller would trust an answer to another question:
/// every name that an endpoint does not know is an error, with the name that was meant where that is plain.
/// </summary>
internal static class UnknownParameters
{
    // An address has room for thousands; no caller misspells so many.
    private const int Most = 20;

    /// <param name="query">As it came. Names are compared with their case.</param>
    /// <param name="known">The wire names of the endpoint's parameters.</param>
    public static IEnumerable<(string Name, string Message)> Find(IQueryCollection query, IReadOnlyList<string> known) =>
        query.Keys
            .Where(name => !known.Contains(name, StringComparer.Ordinal))
            .Take(Most)
            .Select(name => (Excerpt.Of(name), Message(name, known)));

    private static string Message(string name, IReadOnlyList<string> known) =>
        known is [] ? $"'{Excerpt.Of(name)}' is not a parameter; none are accepted here."
        : Closest.To(name, known, ParameterSynonyms.All) is { } meant ? $"'{Excerpt.Of(name)}' is not a parameter here. Did you mean '{meant}'?"
        : $"'{Excerpt.Of(name)}' is not a parameter here: accepted are {string.Join(", ", known)}.";
}
