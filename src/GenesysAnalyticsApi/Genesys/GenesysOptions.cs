namespace GenesysAnalyticsApi.Genesys;

/// <summary>The connection to Genesys Cloud: region, credentials and limits.</summary>
internal sealed class GenesysOptions
{
    public const string Section = "Genesys";

    /// <summary>AWS region (<c>eu-west-1</c>), SDK name (<c>eu_west_1</c>) or domain (<c>mypurecloud.ie</c>, or any raw domain).</summary>
    public string? Region { get; set; }

    /// <summary>OAuth client-credentials client.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret. Never logged and never part of a response.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Replaces <c>https://api.{domain}</c>, for proxies and tests.</summary>
    public Uri? ApiBaseUrl { get; set; }

    /// <summary>Replaces <c>https://login.{domain}</c>.</summary>
    public Uri? LoginBaseUrl { get; set; }

    /// <summary><c>Http</c>, or <c>Sdk</c> in a build that contains the official SDK.</summary>
    public GenesysClient Client { get; set; } = GenesysClient.Http;

    /// <summary><c>Live</c>, <c>Simulator</c>, or <c>Auto</c>: the simulator in Development if no credentials are set.</summary>
    public GenesysMode Mode { get; set; } = GenesysMode.Auto;

    /// <summary>Upper limit, even if Genesys allows more.</summary>
    public int RequestsPerMinute { get; set; } = 300;

    public int MaxConcurrentRequests { get; set; } = 8;

    /// <summary>Timeout of one attempt.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Timeout of one call, including its retries.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>If Genesys requests a longer wait, the call fails immediately.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Data younger than this can still change; older data is final.</summary>
    public int SettleHours { get; set; } = 72;

    /// <summary>Estimated rows (queue × media type × bucket) that one call may request.</summary>
    public int SliceRows { get; set; } = 20_000;

    /// <summary>
    /// Maximum size of one decompressed aggregates reply; a larger one is requested again in smaller parts. A row of the standard metrics
    /// takes up to 3 KB, so this is enough for a call of <see cref="SliceRows"/>.
    /// </summary>
    public long MaxAnswerBytes { get; set; } = 64 * 1024 * 1024;
}

internal enum GenesysClient
{
    Http,
    Sdk,
}

internal enum GenesysMode
{
    Auto,
    Live,
    Simulator,
}

internal static class GenesysModeDecision
{
    /// <summary>Returns <c>Live</c> or <c>Simulator</c>. Simulated data is the default only in Development without credentials.</summary>
    public static GenesysMode DecideMode(this GenesysOptions options, IHostEnvironment environment)
    {
        if (options.Mode != GenesysMode.Auto)
        {
            return options.Mode;
        }

        var hasCredentials = !string.IsNullOrWhiteSpace(options.ClientId) || !string.IsNullOrWhiteSpace(options.ClientSecret);
        return environment.IsDevelopment() && !hasCredentials ? GenesysMode.Simulator : GenesysMode.Live;
    }
}
