using GenesysAnalyticsApi.Aggregates.Planning;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>
/// Counts the parts of a job that reads figures. All shards of a piece of time for one metric group are one part, because the number of shards would reveal to
/// a caller that is limited to some queues how large the organization is.
/// </summary>
internal sealed class JobParts
{
    private readonly Dictionary<SliceKey, int> _remainingSlices = [];

    public JobParts(IEnumerable<Slice> slices)
    {
        foreach (var slice in slices)
        {
            var part = PartOf(slice);
            _remainingSlices[part] = _remainingSlices.GetValueOrDefault(part) + 1;
        }
    }

    public int Total => _remainingSlices.Count;

    public int Done { get; private set; }

    public static int Count(IEnumerable<Slice> slices) => slices.Select(PartOf).Distinct().Count();

    public void Complete(Slice slice)
    {
        var remaining = --_remainingSlices[PartOf(slice)];
        Done += remaining == 0 ? 1 : 0;
    }

    private static SliceKey PartOf(Slice slice) => slice.Key with { Scope = "" };
}
