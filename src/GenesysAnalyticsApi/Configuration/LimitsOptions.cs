namespace GenesysAnalyticsApi.Configuration;

/// <summary>What one request may bring along.</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>The longest address that is answered; nobody configures this, proxies in between allow less anyway.</summary>
    public const int UrlCharacters = 16 * 1024;

    /// <summary>A longer body is refused with 413.</summary>
    public long BodyBytes { get; set; } = 1024 * 1024;
}
