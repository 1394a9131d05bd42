using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>A valid aggregates query.</summary>
internal sealed record AggregateQuery(
    Buckets Buckets, IReadOnlyList<string> Metrics, IReadOnlyList<string> GroupBy, IReadOnlyList<MetricView> Views, DimensionFilter Filter)
{
    /// <summary>A hash of the request body. It determines the order of the reply.</summary>
    public ulong Fingerprint { get; init; }

    /// <summary>The groups per page of an asynchronous query; null for the default.</summary>
    public int? PageSize { get; init; }

    public bool Mentions(string dimension) => GroupBy.Contains(dimension) || Filter.Dimensions.Contains(dimension);
}

/// <summary>A view that counts the events of a timer with a value in [Min, Below).</summary>
/// <param name="Target">The timer; null if the simulation does not emit it, so the view counts nothing.</param>
internal sealed record MetricView(string Name, Metric? Target, double Min, double Below);
