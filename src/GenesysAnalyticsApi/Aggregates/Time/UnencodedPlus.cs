namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>
/// Restores plus signs in the text of a query string. A plus sign that is not encoded arrives as a space. The service searches for time zones by the restored
/// text, and errors show it, because it is what the caller wrote.
/// </summary>
internal static class UnencodedPlus
{
    /// <summary>
    /// Replaces a space before a digit with a plus sign if the space is at the start, after a letter (<c>UTC 5</c>, <c>now 1h</c>), or after the T of a time.
    /// </summary>
    public static string Restore(string text)
    {
        if (!text.Contains(' ', StringComparison.Ordinal))
        {
            return text;
        }

        var restored = text.ToCharArray();
        var isAfterT = false;
        for (var i = 0; i < text.Length - 1; i++)
        {
            // The slash of an interval ends a time.
            isAfterT = text[i] == 'T' || (isAfterT && text[i] != '/');
            if (text[i] == ' ' && char.IsAsciiDigit(text[i + 1]) && (i == 0 || char.IsAsciiLetter(text[i - 1]) || isAfterT))
            {
                restored[i] = '+';
            }
        }

        return new string(restored);
    }
}
