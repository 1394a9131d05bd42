using GenesysSimulator.Wire;

namespace GenesysSimulator.Organization;

/// <summary>A limit: the default of Genesys, and the value of this organisation.</summary>
internal sealed record OrganizationLimit(string Namespace, string Key, int Default, int Value, string Description);

/// <summary>
/// The limits that the simulator reports. Those that it enforces have the values of the settings. The keys of platform.api and
/// details.jobs.* are known from public sources; the others are not confirmed.
/// </summary>
internal sealed class LimitCatalog(SimulatorSettings settings)
{
    private const string Platform = "platform.api";
    private const string Analytics = "analytics";
    private const string RealTime = "analytics.realtime";
    private const string Notifications = "notifications";

    private static readonly SimulatorSettings Default = new();

    private readonly IReadOnlyList<OrganizationLimit> _limits =
    [
        .. new OrganizationLimit[]
        {
            new(Platform, "client.credentials.token.rate.per.minute", Default.RequestsPerMinute, settings.RequestsPerMinute, "Requests per minute for one client credentials token"),
            new(Platform, "token.rate.per.minute", Default.RequestsPerMinute, settings.RequestsPerMinute, "Requests per minute for one token"),
            new(Platform, "request.bytes.max", RequestBody.MaxBytes, RequestBody.MaxBytes, "Bytes of a request body"),
            new(Analytics, "details.jobs.concurrent.access.max", Default.ConcurrentJobs, settings.ConcurrentJobs, "Asynchronous queries of details at the same time"),
            new(Analytics, "details.jobs.rate.per.second", 10, 10, "Asynchronous queries of details per second"),
            new(Analytics, "query.results.max", Default.RowLimit, settings.RowLimit, "Results of a query of aggregates"),
            new(RealTime, "query.predicates.max", Default.MaxPredicates, settings.MaxPredicates, "Predicates in the filter of a query"),
            new(RealTime, "activity.page.size.max", Default.MaxActivityPageSize, settings.MaxActivityPageSize, "Groups on a page of an activity query"),
            new(Notifications, "channels.max", Default.MaxChannels, settings.MaxChannels, "Channels of a user and client"),
            new(Notifications, "channel.topics.max", Default.MaxTopics, settings.MaxTopics, "Topics of a channel"),
        }.Select(limit => settings.Limits.TryGetValue($"{limit.Namespace}/{limit.Key}", out var value) ? limit with { Value = value } : limit),
    ];

    public static IReadOnlyList<string> Namespaces { get; } =
    [
        Analytics, "analytics.agents", "analytics.alerting", "analytics.data.extraction", RealTime, "analytics.reporting.settings", "auth.api",
        "multi.org", Notifications, Platform, "routing", "usage", "users",
    ];

    /// <summary>The limits of a namespace, those included that only the settings know.</summary>
    public IEnumerable<OrganizationLimit> Of(string name) =>
    [
        .. _limits.Where(limit => limit.Namespace == name),
        .. settings.Limits
            .Where(limit => limit.Key.StartsWith(name + "/", StringComparison.Ordinal) && !_limits.Any(known => $"{known.Namespace}/{known.Key}" == limit.Key))
            .Select(limit => new OrganizationLimit(name, limit.Key[(name.Length + 1)..], limit.Value, limit.Value, "A limit of the settings")),
    ];
}
