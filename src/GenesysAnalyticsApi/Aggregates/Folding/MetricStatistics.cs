using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>The raw statistics of a metric. Null where they cannot be computed from merged parts.</summary>
internal readonly record struct MetricStatistics
{
    /// <summary>Number of events; 0 if there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }

    /// <summary>Sum of the values, in milliseconds for timers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Sum { get; init; }

    /// <summary>Minimum, in milliseconds for timers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Min { get; init; }

    /// <summary>Maximum, in milliseconds for timers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Max { get; init; }

    /// <summary>95th percentile; only where no parts were merged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? P95 { get; init; }

    /// <summary>99th percentile; only where no parts were merged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? P99 { get; init; }

    /// <summary>For a service level: the interactions within it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Numerator { get; init; }

    /// <summary>For a service level: the interactions that it includes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Denominator { get; init; }

    /// <summary>numerator / denominator, computed after merging.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Ratio { get; init; }

    /// <summary>Target of the service level, 0–1; omitted where merged parts differ.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Target { get; init; }

    /// <summary>The statistic with this name (<see cref="GenesysMetrics.StatisticNames"/>).</summary>
    public double? Of(string name) => name switch
    {
        "count" => Count,
        "sum" => Sum,
        "min" => Min,
        "max" => Max,
        "p95" => P95,
        "p99" => P99,
        "numerator" => Numerator,
        "denominator" => Denominator,
        "ratio" => Ratio,
        "target" => Target,
        _ => throw new ArgumentException($"No metric has the statistic {name}.", nameof(name)),
    };
}
