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

        return EditDistance.Closest(given, known, 1) is [var best] && EditDistance.Between(given, best) <= Math.Max(2, best.Length / 3) ? best : null;
    }

    /// <summary>"'x' is not …: accepted are …", with the nearest name when there is one.</summary>
    public static string Message(string given, string what, IReadOnlyCollection<string> known)
    {
        var nearest = To(given, known);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return known.Count <= 16
            ? $"'{Excerpt.Of(given)}' is not {what}: accepted are {string.Join(", ", known)}.{hint}"
            : $"'{Excerpt.Of(given)}' is not {what}.{hint}";
    }
}
