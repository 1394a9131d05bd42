namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// A misspelt parameter would be ignored in silence and its caller would trust an answer to another question:
/// every name that an endpoint does not know is an error, with the closest name it does know.
/// </summary>
internal static class UnknownParameters
{
    // An address has room for thousands; nobody misspells so many.
    private const int Most = 20;

    /// <param name="query">As it came. Names are compared with their case.</param>
    /// <param name="known">The wire names of the endpoint's parameters.</param>
    public static IEnumerable<(string Name, string Message)> Find(IQueryCollection query, IReadOnlyList<string> known) =>
        query.Keys
            .Where(name => !known.Contains(name, StringComparer.Ordinal))
            .Take(Most)
            .Select(name => (Excerpt.Of(name), EditDistance.Closest(name, known, 1) is [var closest]
                ? $"'{Excerpt.Of(name)}' is not a parameter here; the closest is '{closest}'."
                : $"'{Excerpt.Of(name)}' is not a parameter; none are accepted here."));
}

/// <summary>Finds what somebody probably meant: the fewest letters to insert, drop or replace (Levenshtein), whatever their case.</summary>
internal static class EditDistance
{
    // The cost grows with the product of both lengths and the value comes from outside; what is alike is alike in its first letters.
    private const int Compared = 64;

    /// <summary>The <paramref name="count"/> closest of <paramref name="known"/>, closest first, equally close ones in the order given.</summary>
    public static IReadOnlyList<string> Closest(string value, IEnumerable<string> known, int count) =>
        // In proportion to the length: "Billing EMEA" is closer to "Biling" than "Sales" is, though more letters apart.
        [.. known.OrderBy(name => (double)Between(value, name) / Math.Max(1, Math.Max(value.Length, name.Length))).Take(count)];

    public static int Between(string first, string second)
    {
        var left = Comparable(first);
        var right = Comparable(second);
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static string Comparable(string value) =>
        (value.Length > Compared ? value[..Compared] : value).ToUpperInvariant();
}
