namespace GenesysAnalyticsApi.Errors;

/// <summary>The known name that somebody most likely meant.</summary>
internal static class Closest
{
    /// <summary>The nearest of <paramref name="known"/>, or null when none is near enough to be a slip of the finger.</summary>
    public static string? To(string given, IEnumerable<string> known)
    {
        // Names are short; a value of the length of a page is nobody's slip and would only cost time.
        if (given.Length is 0 or > 64)
        {
            return null;
        }

        var best = known.Select(name => (name, distance: Distance(given, name))).DefaultIfEmpty().MinBy(pair => pair.distance);
        return best.name is not null && best.distance <= Math.Max(2, best.name.Length / 3) ? best.name : null;
    }

    /// <summary>"'x' is not …: accepted are …", with the nearest name when there is one.</summary>
    public static string Message(string given, string what, IReadOnlyCollection<string> known)
    {
        var nearest = To(given, known);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return known.Count <= 16
            ? $"'{given}' is not {what}: accepted are {string.Join(", ", known)}.{hint}"
            : $"'{given}' is not {what}.{hint}";
    }

    /// <summary>Levenshtein's distance, upper and lower case alike except that a mere difference of case still counts as near.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (same ? 0 : 1)));
            }
        }

        return row[right.Length];
    }
}
