using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>Limits the size of one request and the number of requests in progress.</summary>
internal sealed class RequestLimitsOptions
{
    public const string Section = "Limits";

    /// <summary>The longest accepted address. It is not a setting, because most proxies allow less.</summary>
    public const int UrlCharacters = 16 * 1024;

    /// <summary>The maximum request line that is read. It exceeds the longest address, so that a response can explain that the address is too long.</summary>
    public const int RequestLineBytes = 512 * 1024;

    /// <summary>A larger body is rejected with 413.</summary>
    [Range(1024, 1024d * 1024 * 1024)]
    public long BodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Queries of all callers that wait for Genesys Cloud at the same time. More are rejected with 503.</summary>
    [Range(1, 100_000)]
    public int MaxFetching { get; set; } = 32;

    /// <summary>Queries of all callers that wait for a processor, for at most half a second each. More are rejected with 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueued { get; set; } = 2_000;

    /// <summary>Connections of all callers. A further connection is closed without a response, because any response would take memory.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long the service still accepts new connections after a stop signal, while it reports that it is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.Zero;
}
