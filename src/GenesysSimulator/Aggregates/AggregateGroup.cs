namespace GenesysSimulator.Aggregates;

/// <summary>A group of the reply, with a row of statistics for each bucket that contains events.</summary>
internal sealed class AggregateGroup(IReadOnlyList<KeyValuePair<string, string>> dimensions, int buckets)
{
    public IReadOnlyList<KeyValuePair<string, string>> Dimensions => dimensions;

    public Statistic[]?[] Rows { get; } = new Statistic[]?[buckets];

    public int RowCount { get; private set; }

    public int TargetThousandths { get; private set; }

    private int TargetOrder { get; set; } = int.MaxValue;

    public Statistic[] Row(int bucket, int columns)
    {
        if (Rows[bucket] is { } row)
        {
            return row;
        }

        RowCount++;
        return Rows[bucket] = new Statistic[columns];
    }

    /// <summary>
    /// Sets the service level target. If a group contains streams with different targets, the target of the first stream is used, regardless of the merge
    /// order.
    /// </summary>
    public void SetTarget(int thousandths, int order)
    {
        if (order < TargetOrder)
        {
            (TargetThousandths, TargetOrder) = (thousandths, order);
        }
    }

    public void Add(AggregateGroup other)
    {
        SetTarget(other.TargetThousandths, other.TargetOrder);
        for (var bucket = 0; bucket < Rows.Length; bucket++)
        {
            if (other.Rows[bucket] is not { } row)
            {
                continue;
            }

            if (Rows[bucket] is not { } own)
            {
                RowCount++;
                Rows[bucket] = row;
                continue;
            }

            for (var column = 0; column < row.Length; column++)
            {
                own[column].Add(row[column]);
            }
        }
    }
}
