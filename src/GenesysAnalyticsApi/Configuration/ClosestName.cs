namespace GenesysAnalyticsApi.Configuration;

/// <summary>Finds the known name that somebody most likely meant.</summary>
internal static class ClosestName
{
    /// <returns>The nearest of <paramref name="known"/>, or null when none is near enough to be worth naming.</returns>
    public static string? Find(string given, IEnumerable<string> known)
    {
        var closest = known
            .Select(name => (Name: name, Distance: Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();

        return closest.Name is not null && closest.Distance <= Math.Max(2, given.Length / 2) ? closest.Name : null;
    }

    /// <summary>Edits (insert, delete, replace) between two names; see https://en.wikipedia.org/wiki/Levenshtein_distance.</summary>
    private static int Distance(string left, string right)
    {
        // Keys come from outside: a very long one is far from everything, and needs no table to know it.
        if (left.Length > 64)
        {
            return int.MaxValue;
        }

        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        foreach (var (row, letter) in left.Index())
        {
            var current = new int[right.Length + 1];
            current[0] = row + 1;
            for (var column = 0; column < right.Length; column++)
            {
                var replaced = previous[column] + (letter == right[column] ? 0 : 1);
                current[column + 1] = Math.Min(replaced, Math.Min(previous[column + 1], current[column]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
