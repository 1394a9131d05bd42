namespace GenesysAnalyticsApi.Genesys;

/// <summary>Which statistics of which rows lack a part. Mostly none: nothing is allocated until there is one.</summary>
internal sealed class OddRows(int rows)
{
    private readonly List<OddFigure> _all = [];
    private ushort[]? _statistics;

    public IReadOnlyList<OddFigure> All => _all;

    public void Add(OddFigure odd)
    {
        _all.Add(odd);
        (_statistics ??= new ushort[rows])[odd.Row] |= (ushort)(1 << (int)odd.Statistic);
    }

    /// <param name="odd">By row of their own column.</param>
    /// <param name="rowOf">For each of these rows the one it is added to here; negative where it is left out.</param>
    public void Add(OddFigure[]? odd, ReadOnlySpan<int> rowOf)
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
