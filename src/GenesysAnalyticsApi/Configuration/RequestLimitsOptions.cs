using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>Limits of requests: their size, the number of queries and connections, and the drain time before a shutdown.</summary>
internal sealed class RequestLimitsOptions
{
    public const string Section = "Limits";

    /// <summary>The maximum length of a path with its query string. The maximum is not a setting, because most proxies allow less.</summary>
    public const int UrlCharacters = 16 * 1024;

    /// <summary>
    /// The maximum length of a request line that Kestrel reads. It exceeds <see cref="UrlCharacters"/>, so a problem can explain why a long URL is rejected.
    /// </summary>
    public const int RequestLineBytes = 512 * 1024;

    /// <summary>The maximum size of a request body. A larger one is rejected with 413.</summary>
    [Range(1024, 1024d * 1024 * 1024)]
    public long BodyBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The maximum number of queries of all callers that fetch from Genesys Cloud at the same time. A further query waits, or is rejected with 503 if its
    /// caller already uses an equal part of the limit.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxFetching { get; set; } = 32;

    /// <summary>
    /// The maximum number of queries waiting for a processor, each for at most half a second. If the queue is full, a query of the caller with the most waiting
    /// queries is rejected with 503.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxQueued { get; set; } = 2_000;

    /// <summary>The maximum number of connections. A further connection is closed without a response, because any response would take memory.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long the service continues to accept new connections after a stop signal, while it reports that it is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.Zero;
}
