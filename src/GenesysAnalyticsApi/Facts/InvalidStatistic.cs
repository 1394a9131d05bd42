using GenesysAnalyticsApi.Text;
using MemoryPack;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// An invalid statistic: a negative count, text instead of a number, or a sum beyond the representable range. In the column, the
/// value is replaced by 0 if the statistic is additive, and by NaN otherwise.
/// </summary>
/// <param name="Row">Index in the arrays of the column.</param>
/// <param name="Statistic">The statistic; <see cref="Statistic.All"/> if the whole metric is invalid.</param>
/// <param name="Value">The value that Genesys sent, sanitized.</param>
[MemoryPackable]
internal readonly partial record struct InvalidStatistic(int Row, Statistic Statistic, [property: CheckedString] string Value);

/// <summary>Tracks which statistics of which rows lack an invalid value. Invalid values are rare, so the bits are allocated on first use.</summary>
internal sealed class InvalidStatistics(int rows)
{
    private readonly List<InvalidStatistic> _all = [];
    private ushort[]? _bitsOfRow;

    public IReadOnlyList<InvalidStatistic> All => _all;

    public void Add(InvalidStatistic statistic)
    {
        _all.Add(statistic);
        (_bitsOfRow ??= new ushort[rows])[statistic.Row] |= (ushort)(1 << (int)statistic.Statistic);
    }

    /// <param name="invalid">Invalid statistics whose row refers to the source column.</param>
    /// <param name="rowOf">Maps each row of the source column to a row of the target column; negative if the row is dropped.</param>
    public void Add(InvalidStatistic[]? invalid, ReadOnlySpan<int> rowOf)
    {
        foreach (var statistic in invalid ?? [])
        {
            if (rowOf[statistic.Row] >= 0)
            {
                Add(statistic with { Row = rowOf[statistic.Row] });
            }
        }
    }

    public bool IsInvalid(int row, Statistic statistic) =>
        _bitsOfRow is not null && (_bitsOfRow[row] & ((1 << (int)statistic) | (1 << (int)Statistic.All))) != 0;
}
