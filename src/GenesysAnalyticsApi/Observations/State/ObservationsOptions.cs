using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Settings for reading and streaming the current state of the queues.</summary>
internal sealed class ObservationsOptions
{
    public const string Section = "Observations";

    /// <summary>
    /// The maximum age of the state. The service reads the state again when a caller needs a newer one, and at this interval while there are streams or alert
    /// rules with live figures.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum age of the state if it cannot be read again. Until then, the service returns the last state, labeled stale.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxStaleAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The maximum number of queues in one query, if Genesys requires queries to name queues. If Genesys has a lower limit, that limit applies.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxPredicates { get; set; } = 200;

    /// <summary>The maximum number of concurrent streams, for all callers together.</summary>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 2_000;

    /// <summary>The maximum number of concurrent streams per caller; at most half of <see cref="MaxStreams"/> applies.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerCaller { get; set; } = 1_000;
}
