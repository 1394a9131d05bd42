namespace GenesysSimulator.RealTime;

/// <summary>A metric of an activity query, and whether the query requests the metric's entities.</summary>
internal sealed record ActivityMetric(string Name, bool HasDetails);

/// <summary>A valid activity query for conversations or for users.</summary>
internal sealed record ActivityQuery(
    IReadOnlyList<ActivityMetric> Metrics, IReadOnlyList<string> GroupBy, LiveFilter Filter, bool IsDescending)
{
    public required int PageSize { get; init; }

    public required int PageNumber { get; init; }

    public bool HasDetails => Metrics.Any(metric => metric.HasDetails);

    /// <summary>Returns the groups of the page, sorted by <paramref name="key"/>.</summary>
    public IEnumerable<TGroup> PageOf<TGroup>(IEnumerable<TGroup> groups, Func<TGroup, string> key)
    {
        var sorted = IsDescending ? groups.OrderByDescending(key, StringComparer.Ordinal) : groups.OrderBy(key, StringComparer.Ordinal);
        return sorted.Skip((int)Math.Min(int.MaxValue, (PageNumber - 1L) * PageSize)).Take(PageSize);
    }
}
