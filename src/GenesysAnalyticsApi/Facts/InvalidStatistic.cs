using GenesysAnalyticsApi.Text;
using MemoryPack;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// An invalid statistic: a negative count, text instead of a number, or a sum beyond the representable range. Its column contains 0 in its
/// place if the statistic is additive, and NaN otherwise.
/// </summary>
/// <param name="Row">Index in the arrays of the column.</param>
/// <param name="Statistic">The statistic; <see cref="Statistic.Other"/> stands for all.</param>
/// <param name="Value">The value that Genesys sent, sanitized.</param>
[MemoryPackable]
internal readonly partial record struct InvalidStatistic(int Row, Statistic Statistic, [property: CheckedString] string Value);

/// <summary>Tracks the statistics of rows that lack an invalid part. Usually there are none, so memory is allocated on first use.</summary>
internal sealed class InvalidRows(int rows)
{
    private readonly List<InvalidStatistic> _all = [];
    private ushort[]? _statistics;

    public IReadOnlyList<InvalidStatistic> All => _all;

    public void Add(InvalidStatistic statistic)
    {
        _all.Add(statistic);
        (_statistics ??= new ushort[rows])[statistic.Row] |= (ushort)(1 << (int)statistic.Statistic);
    }

    /// <param name="invalid">Invalid statistics, with rows of their source column.</param>
    /// <param name="rowOf">Maps a row of the source column to a row here; negative if the row is dropped.</param>
    public void Add(InvalidStatistic[]? invalid, ReadOnlySpan<int> rowOf)
    {
        foreach (var one in invalid ?? [])
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
