using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Genesys splits some cells: by a qualifier of the metric, or by a dimension of the group beyond queue and media type. Rows of a cell that
/// differ in these are its parts. Rows that do not are one figure that was sent twice: one of two equals is taken, and of two that differ
/// neither can be believed.
/// </summary>
/// <param name="cells">By row.</param>
/// <param name="splits">By row; null where nothing is split.</param>
/// <param name="isSame">Two rows have the same statistics.</param>
/// <param name="metric">For the failure's text.</param>
internal sealed class RepeatedCells(int[] cells, int[]? splits, Func<int, int, bool> isSame, string metric)
{
    /// <param name="order">Rows by cell.</param>
    /// <returns>The same without repetitions.</returns>
    /// <exception cref="GenesysException">Unreadable: a repetition says something else.</exception>
    public int[] Without(int[] order)
    {
        var kept = new List<int>(order.Length);
        var first = new Dictionary<int, int>();
        for (var i = 0; i < order.Length; i++)
        {
            var row = order[i];
            if (i > 0 && cells[row] != cells[order[i - 1]])
            {
                first.Clear();
            }

            if (first.TryAdd(splits?[row] ?? 0, row))
            {
                kept.Add(row);
            }
            else if (!isSame(first[splits?[row] ?? 0], row))
            {
                throw GenesysFailures.Unreadable($"it has '{Excerpt.Of(metric)}' twice for one queue, media type and bucket, and the figures differ");
            }
        }

        return [.. kept];
    }
}
