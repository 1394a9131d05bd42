namespace GenesysAnalyticsApi.Genesys;

/// <summary>The far side: which Genesys Cloud, as whom, and how hard it may be asked.</summary>
internal sealed class GenesysOptions
{
    public const string Section = "Genesys";

    /// <summary>AWS region (<c>eu-west-1</c>), SDK name (<c>eu_west_1</c>) or domain (<c>mypurecloud.ie</c>, or any raw domain).</summary>
    public string? Region { get; set; }

    /// <summary>OAuth client-credentials client.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its secret. Never logged, never part of an error or a page.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Instead of <c>https://api.{domain}</c>, for proxies and test stands.</summary>
    public Uri? ApiBaseUrl { get; set; }

    /// <summary>Instead of <c>https://login.{domain}</c>.</summary>
    public Uri? LoginBaseUrl { get; set; }

    /// <summary><c>Http</c>, or <c>Sdk</c> in a build that contains the official SDK.</summary>
    public GenesysClient Client { get; set; } = GenesysClient.Http;

    /// <summary><c>Live</c>, <c>Simulator</c>, or <c>Auto</c>: the simulator in Development when no credentials are set.</summary>
    public GenesysMode Mode { get; set; } = GenesysMode.Auto;

    /// <summary>Our ceiling, whatever Genesys allows.</summary>
    public int RequestsPerMinute { get; set; } = 300;

    public int MaxConcurrentRequests { get; set; } = 8;

    /// <summary>One attempt.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>One upstream call with its retries.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>A longer wait asked for by Genesys is refused at once.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Data younger than this can still change; a record is final only beyond it.</summary>
    public int SettleHours { get; set; } = 72;

    /// <summary>Estimated rows (queue × media type × bucket) that one call may ask for.</summary>
    public int SliceRows { get; set; } = 20_000;

    /// <summary>
    /// Bytes of one aggregates answer, decompressed; a longer one is asked for in smaller pieces. A row of the standard metrics takes up to
    /// 3 KB, so this is room for a call of <see cref="SliceRows"/>.
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
    /// <summary><c>Live</c> or <c>Simulator</c>: simulated figures come uninvited only on a developer's machine without credentials.</summary>
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
