using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>Limits the size of one request and the number of requests in progress.</summary>
internal sealed class RequestLimitsOptions
{
    public const string Section = "Limits";

    /// <summary>The longest accepted address. It is not a setting, because most proxies allow less.</summary>
    public const int UrlCharacters = 16 * 1024;

    /// <summary>The longest request line that Kestrel reads. It exceeds the longest accepted address, so that a problem can explain the rejection.</summary>
    public const int RequestLineBytes = 512 * 1024;

    /// <summary>The maximum size of a request body. A larger one is rejected with 413.</summary>
    [Range(1024, 1024d * 1024 * 1024)]
    public long BodyBytes { get; set; } = 1024 * 1024;

    /// <summary>The maximum number of queries, of all callers together, that wait for Genesys Cloud. Further queries are rejected with 503.</summary>
    [Range(1, 100_000)]
    public int MaxFetching { get; set; } = 32;

    /// <summary>The maximum number of queries that wait for a processor, each for at most half a second. Further queries are rejected with 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueued { get; set; } = 2_000;

    /// <summary>The maximum number of connections. A further one is closed without a response, because any response would take memory.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long the service continues to accept new connections after a stop signal, while it reports that it is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.Zero;
}
