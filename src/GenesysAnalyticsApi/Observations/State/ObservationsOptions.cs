using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Decides how often the current state of the queues is read.</summary>
internal sealed class ObservationsOptions
{
    public const string Section = "Observations";

    /// <summary>How old the state may be. It is read again when a caller needs a newer one, and this often while there are subscribers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How old the state may be if it cannot be read again. It is then labelled stale.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxStaleAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Queues that one query may name, where Genesys requires that they are named. A smaller limit of Genesys takes precedence.</summary>
    [Range(1, 10_000)]
    public int MaxPredicates { get; set; } = 200;

    /// <summary>Streams of all callers at the same time.</summary>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 2_000;

    /// <summary>Streams of one caller at the same time.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerCaller { get; set; } = 1_000;
}
