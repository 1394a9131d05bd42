using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Settings for reading and streaming the current state of the queues.</summary>
internal sealed class ObservationsOptions
{
    public const string Section = "Observations";

    /// <summary>How old the state may be. It is read again when a caller needs a newer one, and at this interval while there are subscribers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How old the state may be if it cannot be read again. The service then returns it, labeled stale.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxStaleAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The maximum number of queues that one query names, if Genesys requires queries to name them. If the limit of Genesys is lower, that limit applies.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxPredicates { get; set; } = 200;

    /// <summary>The maximum number of concurrent streams of all callers.</summary>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 2_000;

    /// <summary>The maximum number of concurrent streams of one caller.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerCaller { get; set; } = 1_000;
}
