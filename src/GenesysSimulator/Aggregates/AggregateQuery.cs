using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>A valid aggregates query.</summary>
internal sealed record AggregateQuery(
    Buckets Buckets, IReadOnlyList<string> Metrics, IReadOnlyList<string> GroupBy, IReadOnlyList<MetricView> Views, DimensionFilter Filter)
{
    /// <summary>Equal for equal queries; determines the order of the reply.</summary>
    public ulong Fingerprint { get; init; }

    public int? PageSize { get; init; }

    public bool Mentions(string dimension) => GroupBy.Contains(dimension) || Filter.Dimensions.Contains(dimension);
}

/// <summary>A view that counts the events of a timer with a value in [Min, Below).</summary>
internal sealed record MetricView(string Name, Metric? Target, double Min, double Below);
