namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Rows by number, in the order in which they were met. Rows are many and groups few: a group's texts are looked at once, and a
/// row is found by two numbers.
/// </summary>
internal sealed class RowGrid(int buckets)
{
    private readonly List<RowGroup> _groups = [];
    private readonly List<int[]> _rowsOf = [];
    private readonly List<(int Group, int Bucket)> _places = [];

    public RowGrid(int buckets, IEnumerable<RowGroup> groups)
        : this(buckets)
    {
        foreach (var group in groups)
        {
            AddGroup(group);
        }
    }

    /// <summary>How many rows.</summary>
    public int Count => _places.Count;

    public int Buckets => buckets;

    /// <summary>All different.</summary>
    public IReadOnlyList<RowGroup> Groups => _groups;

    public int GroupOf(int row) => _places[row].Group;

    public int BucketOf(int row) => _places[row].Bucket;

    public FoldedRow RowAt(int row) => new(_groups[_places[row].Group], _places[row].Bucket);

    public int AddGroup(RowGroup group)
    {
        _groups.Add(group);
        _rowsOf.Add(new int[buckets]);
        return _groups.Count - 1;
    }

    /// <summary>The row's number; -1 where there is none.</summary>
    public int Find(int group, int bucket) => _rowsOf[group][bucket] - 1;

    public int FindOrAdd(int group, int bucket)
    {
        // 0 is "none yet", so that a fresh array needs no filling.
        var rows = _rowsOf[group];
        if (rows[bucket] == 0)
        {
            _places.Add((group, bucket));
            rows[bucket] = _places.Count;
        }

        return rows[bucket] - 1;
    }
}
