using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Genesys.Settings;

/// <summary>The settings of the connection to Genesys Cloud: region, credentials, limits and optional features.</summary>
internal sealed class GenesysOptions
{
    public const string Section = "Genesys";

    /// <summary>AWS region (<c>eu-west-1</c>), SDK name (<c>eu_west_1</c>) or domain (<c>mypurecloud.ie</c>, or any raw domain).</summary>
    public string? Region { get; set; }

    /// <summary>The id of an OAuth client with the grant type Client Credentials.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret of that client.</summary>
    [Secret]
    public string? ClientSecret { get; set; }

    /// <summary>Replaces <c>https://api.{domain}</c>, for proxies and test systems. Secret, because it can contain credentials.</summary>
    [Secret]
    public Uri? ApiBaseUrl { get; set; }

    /// <summary>Replaces <c>https://login.{domain}</c>.</summary>
    [Secret]
    public Uri? LoginBaseUrl { get; set; }

    /// <summary><c>Http</c>, or <c>Sdk</c> in a build that contains the official SDK.</summary>
    public GenesysClient Client { get; set; } = GenesysClient.Http;

    /// <summary><c>Live</c>, <c>Simulator</c>, or <c>Auto</c>: the simulator in Development if no credentials are set.</summary>
    public GenesysMode Mode { get; set; } = GenesysMode.Auto;

    /// <summary>Maximum requests per minute, even if Genesys allows more.</summary>
    [Range(1, 100_000)]
    public int RequestsPerMinute { get; set; } = 300;

    /// <summary>Whether to read the limits that Genesys reports. They are ceilings for <see cref="RequestsPerMinute"/> and for other limits.</summary>
    public bool ReadLimits { get; set; } = true;

    [Range(1, 1_000)]
    public int MaxConcurrentRequests { get; set; } = 8;

    /// <summary>Time limit of one attempt.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time limit of one Genesys request with its retries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>If Genesys requests a longer wait, the request fails at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Figures younger than this can still change and are not final.</summary>
    [Range(0, 24 * 365)]
    public int SettleHours { get; set; } = 72;

    /// <summary>The maximum estimated rows (queue × media type × bucket) of one reply.</summary>
    [Range(1, 1_000_000)]
    public int SliceRows { get; set; } = 20_000;

    /// <summary>
    /// The maximum decompressed size, in bytes, of one reply with figures or conversations. If a reply is larger, its data is requested again in smaller parts.
    /// A row of the standard metrics takes up to 3 KB, so the default has room for <see cref="SliceRows"/>.
    /// </summary>
    [Range(1024 * 1024, 1024d * 1024 * 1024)]
    public long MaxAnswerBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether to use an asynchronous query as a last resort, when even the smallest request for the figures is too large.</summary>
    public bool AsyncQueries { get; set; } = true;

    /// <summary>
    /// Time limit of one asynchronous query, from its submission until its last page has been read. A query for conversations has many pages; for it, the
    /// limit applies until Genesys has computed the query, and then to each page separately.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "06:00:00")]
    public TimeSpan AsyncQueryTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How old data must be before the results of an asynchronous query are assumed to contain all of it. Genesys does not publish the delay of these queries.
    /// Its other asynchronous queries are up to a day behind, and their results omit newer data without notice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan AsyncQueryLag { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Results per page of an asynchronous query; null for Genesys' default, or 1,000 for conversations.</summary>
    [Range(1, 100_000)]
    public int? AsyncQueryPageSize { get; set; }

    /// <summary>
    /// Whether to keep the current state of the queues up to date with Genesys' notification channels, instead of querying it every few seconds.
    /// </summary>
    public bool Notifications { get; set; }

    /// <summary>Maximum topics of one notification channel. If Genesys reports a smaller limit, that limit applies.</summary>
    [Range(2, 1_000)]
    public int TopicsPerChannel { get; set; } = 1_000;
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
    /// <summary>The source of the figures, as responses name it.</summary>
    public static string SourceName(this GenesysOptions options) => options.Mode == GenesysMode.Simulator ? "simulator" : "genesys";

    /// <summary><c>Live</c> or <c>Simulator</c>: <c>Auto</c> selects the simulator only in Development without credentials.</summary>
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
