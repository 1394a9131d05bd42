using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Genesys.Settings;

/// <summary>The settings of the connection to Genesys Cloud: region, credentials, limits and optional features.</summary>
internal sealed class GenesysOptions
{
    public const string Section = "Genesys";

    /// <summary>AWS region (<c>eu-west-1</c>), SDK name (<c>eu_west_1</c>) or domain (<c>mypurecloud.ie</c>, or any raw domain).</summary>
    public string? Region { get; set; }

    /// <summary>The id of an OAuth client with the Client Credentials grant type.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret of the OAuth client.</summary>
    [Secret]
    public string? ClientSecret { get; set; }

    /// <summary>Replaces <c>https://api.{domain}</c>, for proxies and test systems. The address is secret, because it can contain credentials.</summary>
    [Secret]
    public Uri? ApiBaseUrl { get; set; }

    /// <summary>Replaces <c>https://login.{domain}</c>, for proxies and test systems. The address is secret, because it can contain credentials.</summary>
    [Secret]
    public Uri? LoginBaseUrl { get; set; }

    /// <summary><c>Http</c>, or <c>Sdk</c> in a build that contains the official SDK.</summary>
    public GenesysClient Client { get; set; } = GenesysClient.Http;

    /// <summary><c>Live</c>, <c>Simulator</c>, or <c>Auto</c>, which means the simulator in Development without credentials, and otherwise Live.</summary>
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

    /// <summary>The maximum wait before a retry. If Genesys requests a longer wait, the request fails at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The age in hours at which figures become final. Younger figures can still change.</summary>
    [Range(0, 24 * 365)]
    public int SettleHours { get; set; } = 72;

    /// <summary>The maximum number of rows (queue × media type × bucket) that one reply is estimated to contain.</summary>
    [Range(1, 1_000_000)]
    public int SliceRows { get; set; } = 20_000;

    /// <summary>
    /// The maximum decompressed size, in bytes, of one reply with figures, conversations or the current state of queues. If a reply with figures or a list of
    /// conversations is larger, its data is requested again in smaller parts. A row of the standard metrics takes up to 3 KB, so the default is sufficient for
    /// the default of <see cref="SliceRows"/>.
    /// </summary>
    [Range(1024 * 1024, 1024d * 1024 * 1024)]
    public long MaxAnswerBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether to use an asynchronous query as a last resort, when even the smallest request for the figures is too large.</summary>
    public bool AsyncQueries { get; set; } = true;

    /// <summary>
    /// Time limit of one asynchronous query for figures, from its submission until its last page has been read. A query for conversations can have many pages,
    /// so its limit applies until Genesys has computed the query, and then to each page separately.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "06:00:00")]
    public TimeSpan AsyncQueryTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How old data must be before the results of an asynchronous query for figures are assumed to contain all of the data. Genesys does not publish how far
    /// these queries lag behind. Asynchronous details queries are up to a day behind, and their results omit newer data without notice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan AsyncQueryLag { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Results per page of an asynchronous query. If null, Genesys' default applies to figures, and 1,000 to conversations.</summary>
    [Range(1, 100_000)]
    public int? AsyncQueryPageSize { get; set; }

    /// <summary>
    /// Whether to keep the current state of the queues up to date with Genesys' notification channels, instead of querying the state every few seconds.
    /// </summary>
    public bool Notifications { get; set; }

    /// <summary>Maximum topics per notification channel. If Genesys reports a lower limit, the lower limit applies.</summary>
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
