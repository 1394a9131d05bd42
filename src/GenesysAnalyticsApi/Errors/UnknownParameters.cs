using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// Rejects unknown query parameters. A misspelt parameter that is ignored would give the caller a response to a different query. The message suggests
/// the probable name.
/// </summary>
internal static class UnknownParameters
{
    // A URL has room for thousands of parameters. This many messages are enough.
    private const int MaxReported = 20;

    /// <param name="query">The query string. Names are case-sensitive.</param>
    /// <param name="known">The wire names of the endpoint's parameters.</param>
    public static IEnumerable<(string Name, string Message)> Find(IQueryCollection query, IReadOnlyList<string> known) =>
        query.Keys
            .Where(name => !known.Contains(name, StringComparer.Ordinal))
            .Take(MaxReported)
            .Select(name => (InputExcerpt.Of(name), Message(name, known)));

    private static string Message(string name, IReadOnlyList<string> known) =>
        known is [] ? $"'{InputExcerpt.Of(name)}' is not a parameter; none are accepted here."
        : DidYouMean.To(name, known, ParameterSynonyms.All) is { } meant ? $"'{InputExcerpt.Of(name)}' is not a parameter here. Did you mean '{meant}'?"
        : $"'{InputExcerpt.Of(name)}' is not a parameter here: accepted are {string.Join(", ", known)}.";
}
