namespace GenesysAnalyticsApi.Text;

/// <summary>Case-insensitive edit distance: insertions, deletions, replacements and transpositions of adjacent letters (optimal string alignment).</summary>
internal static class EditDistance
{
    // The time of a comparison grows with the product of the two lengths, and callers can send long values. The first characters are enough to rank names.
    private const int MaxCompared = 64;

    /// <summary>
    /// Returns the distance relative to the longer text. "Billing EMEA" is therefore closer to "Biling" than "Sales" is, although more characters differ.
    /// </summary>
    public static double Relative(string first, string second) => (double)Between(first, second) / Math.Max(1, Math.Max(first.Length, second.Length));

    public static int Between(string first, string second)
    {
        var (left, right) = (Comparable(first), Comparable(second));
        var (secondLastRow, lastRow, row) = (new int[right.Length + 1], new int[right.Length + 1], Enumerable.Range(0, right.Length + 1).ToArray());
        for (var i = 1; i <= left.Length; i++)
        {
            (secondLastRow, lastRow, row) = (lastRow, row, secondLastRow);
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                row[j] = Math.Min(lastRow[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1), Math.Min(lastRow[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], secondLastRow[j - 2] + 1);
                }
            }
        }

        return row[^1];
    }

    private static string Comparable(string value) =>
        (value.Length > MaxCompared ? value[..MaxCompared] : value).ToUpperInvariant();
}
