namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Makes one row of those that share a cell: Genesys splits some metrics by a qualifier, and a group or a bucket can come twice.
/// </summary>
/// <param name="order">The rows by cell.</param>
/// <param name="cells">By row.</param>
/// <param name="counts">By row.</param>
internal sealed class FactMerge(int[] order, int[] cells, long[]? counts)
{
    // Where in the order each cell begins, and one more for the end.
    private readonly int[] _runs = Runs(order, cells);

    public int[] Cells()
    {
        var merged = new int[_runs.Length - 1];
        for (var run = 0; run < merged.Length; run++)
        {
            merged[run] = cells[order[_runs[run]]];
        }

        return merged;
    }

    public long[]? Counts()
    {
        if (counts is null)
        {
            return null;
        }

        var merged = new long[_runs.Length - 1];
        for (var run = 0; run < merged.Length; run++)
        {
            foreach (var row in Rows(run))
            {
                merged[run] += counts[row];
            }
        }

        return merged;
    }

    /// <summary>Absent is zero, unless it is absent in all.</summary>
    public double[]? Sums(double[]? column) => Merged(column, static (soFar, next) =>
        double.IsNaN(soFar) ? next : double.IsNaN(next) ? soFar : soFar + next);

    /// <summary>Unknown, where a part that counts something does not have it.</summary>
    public double[]? Extremes(double[]? column, Func<double, double, double> extreme)
    {
        var merged = Merged(column, (soFar, next) => double.IsNaN(soFar) ? next : double.IsNaN(next) ? soFar : extreme(soFar, next));
        return Without(merged, rows => rows.Length > 1 && Lacks(rows, column!));
    }

    /// <summary>The value in which all that have one agree.</summary>
    public double[]? Agreed(double[]? column) =>
        Without(Merged(column, static (soFar, next) => double.IsNaN(soFar) ? next : soFar), rows => Disagree(rows, column!));

    /// <summary>A percentile has no meaning beyond its own row.</summary>
    public double[]? Alone(double[]? column) => Without(Merged(column, static (soFar, _) => soFar), static rows => rows.Length > 1);

    private ReadOnlySpan<int> Rows(int run) => order.AsSpan(_runs[run].._runs[run + 1]);

    private double[]? Merged(double[]? column, Func<double, double, double> merge)
    {
        if (column is null)
        {
            return null;
        }

        var merged = new double[_runs.Length - 1];
        var isThere = false;
        for (var run = 0; run < merged.Length; run++)
        {
            var rows = Rows(run);
            merged[run] = column[rows[0]];
            foreach (var row in rows[1..])
            {
                merged[run] = merge(merged[run], column[row]);
            }

            isThere |= !double.IsNaN(merged[run]);
        }

        return isThere ? merged : null;
    }

    private double[]? Without(double[]? merged, RowsPredicate isUnknown)
    {
        if (merged is null || merged.Length == order.Length)
        {
            // No cell came twice.
            return merged;
        }

        for (var run = 0; run < merged.Length; run++)
        {
            merged[run] = isUnknown(Rows(run)) ? double.NaN : merged[run];
        }

        return Array.TrueForAll(merged, double.IsNaN) ? null : merged;
    }

    private bool Lacks(ReadOnlySpan<int> rows, double[] column)
    {
        foreach (var row in rows)
        {
            if (double.IsNaN(column[row]) && counts?[row] > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Disagree(ReadOnlySpan<int> rows, double[] column)
    {
        var agreed = double.NaN;
        foreach (var row in rows)
        {
            if (!double.IsNaN(column[row]) && !double.IsNaN(agreed) && column[row] != agreed)
            {
                return true;
            }

            agreed = double.IsNaN(column[row]) ? agreed : column[row];
        }

        return false;
    }

    private static int[] Runs(int[] order, int[] cells)
    {
        var runs = new int[order.Length + 1];
        var length = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (i == 0 || cells[order[i]] != cells[order[i - 1]])
            {
                runs[length++] = i;
            }
        }

        runs[length++] = order.Length;
        Array.Resize(ref runs, length);
        return runs;
    }

    private delegate bool RowsPredicate(ReadOnlySpan<int> rows);
}
