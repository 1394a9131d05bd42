namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// A statistic that cannot be right: a negative count, a text that is no number, a sum beyond all bounds. It is left out of its column:
/// its place there says 0 where parts are added up, and NaN elsewhere.
/// </summary>
/// <param name="Row">Its place in the arrays of the column.</param>
/// <param name="Statistic">Which statistic; <see cref="Statistic.Other"/> for all of them.</param>
/// <param name="Value">What Genesys wrote, fit to be shown.</param>
internal readonly record struct InvalidStatistic(int Row, Statistic Statistic, string Value);

/// <summary>Which statistics of which rows lack a part. Mostly none: nothing is allocated until there is one.</summary>
internal sealed class InvalidRows(int rows)
{
    private readonly List<InvalidStatistic> _all = [];
    private ushort[]? _statistics;

    public IReadOnlyList<InvalidStatistic> All => _all;

    public void Add(InvalidStatistic odd)
    {
        _all.Add(odd);
        (_statistics ??= new ushort[rows])[odd.Row] |= (ushort)(1 << (int)odd.Statistic);
    }

    /// <param name="odd">By row of their own column.</param>
    /// <param name="rowOf">For each of these rows the one it is added to here; negative where it is left out.</param>
    public void Add(InvalidStatistic[]? odd, ReadOnlySpan<int> rowOf)
    {
        foreach (var one in odd ?? [])
        {
            if (rowOf[one.Row] >= 0)
            {
                Add(one with { Row = rowOf[one.Row] });
            }
        }
    }

    public bool Has(int row, Statistic statistic) =>
        _statistics is not null && (_statistics[row] & ((1 << (int)statistic) | (1 << (int)Statistic.Other))) != 0;
}
