using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>A valid aggregates query.</summary>
internal sealed record AggregateQuestion(
    Buckets Buckets, IReadOnlyList<string> Metrics, IReadOnlyList<string> GroupBy, IReadOnlyList<MetricView> Views, DimensionFilter Filter)
{
    /// <summary>What is the same for equal questions; decides the order of an answer that has none.</summary>
    public ulong Fingerprint { get; init; }

    public int? PageSize { get; init; }
}

/// <summary>A count of the events of a timer whose value lies in [Least, Below).</summary>
internal sealed record MetricView(string Name, Metric? Target, double Least, double Below);
