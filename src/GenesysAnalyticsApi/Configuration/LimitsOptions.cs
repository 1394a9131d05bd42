namespace GenesysAnalyticsApi.Configuration;

/// <summary>What one request may bring along, and how much there may be of all at once.</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>The longest address that is answered; nobody configures this, proxies in between allow less anyway.</summary>
    public const int UrlCharacters = 16 * 1024;

    /// <summary>What is read of a request line at all, so that an address that is too long gets an answer that explains it.</summary>
    public const int RequestLineBytes = 512 * 1024;

    /// <summary>A longer body is refused with 413.</summary>
    public long BodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Questions of all callers for which Genesys Cloud is asked at the same time. More are refused with 503.</summary>
    public int MaxFetching { get; set; } = 32;

    /// <summary>Questions of all callers that wait for a processor, half a second each. More are refused with 503.</summary>
    public int MaxQueued { get; set; } = 2_000;

    /// <summary>Connections of all callers. One more is closed without a word: nothing else would keep it from taking memory.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long the service goes on answering after it was told to stop, not ready any more, before it takes no new connections.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.Zero;
}
