using GenesysAnalyticsApi.Aggregates.Planning;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>
/// Counts the parts of a job. All shards of a slice are one part, because their number would reveal to a caller that is limited to some queues how large the
/// organization is.
/// </summary>
internal sealed class JobParts
{
    private readonly Dictionary<SliceKey, int> _slicesLeft = [];

    public JobParts(IEnumerable<Slice> slices)
    {
        foreach (var slice in slices)
        {
            var part = PartOf(slice);
            _slicesLeft[part] = _slicesLeft.GetValueOrDefault(part) + 1;
        }
    }

    public int Total => _slicesLeft.Count;

    public int Done { get; private set; }

    public static int Count(IEnumerable<Slice> slices) => slices.Select(PartOf).Distinct().Count();

    public void Complete(Slice slice)
    {
        var left = --_slicesLeft[PartOf(slice)];
        Done += left == 0 ? 1 : 0;
    }

    private static SliceKey PartOf(Slice slice) => slice.Key with { Scope = "" };
}
