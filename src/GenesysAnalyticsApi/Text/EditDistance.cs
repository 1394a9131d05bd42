namespace GenesysAnalyticsApi.Text;

/// <summary>Case-insensitive edit distance: insertions, deletions, replacements and transpositions of adjacent letters (optimal string alignment).</summary>
internal static class EditDistance
{
    // The cost grows with the product of both lengths, and callers can send long values. The first characters are enough to rank names.
    private const int MaxCompared = 64;

    /// <summary>The distance relative to the length: "Billing EMEA" is closer to "Biling" than "Sales" is, although its distance is greater.</summary>
    public static double Relative(string first, string second) => (double)Between(first, second) / Math.Max(1, Math.Max(first.Length, second.Length));

    public static int Between(string first, string second)
    {
        var (left, right) = (Comparable(first), Comparable(second));
        var (before, last, row) = (new int[right.Length + 1], new int[right.Length + 1], Enumerable.Range(0, right.Length + 1).ToArray());
        for (var i = 1; i <= left.Length; i++)
        {
            (before, last, row) = (last, row, before);
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                row[j] = Math.Min(last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1), Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }
        }

        return row[^1];
    }

    private static string Comparable(string value) =>
        (value.Length > MaxCompared ? value[..MaxCompared] : value).ToUpperInvariant();
}
