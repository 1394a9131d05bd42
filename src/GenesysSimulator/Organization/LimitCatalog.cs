using GenesysSimulator.Wire;

namespace GenesysSimulator.Organization;

/// <summary>A limit with its default and its value for this organization.</summary>
internal sealed record OrganizationLimit(string Namespace, string Key, int Default, int Value, string Description);

/// <summary>
/// The limits that the simulator reports. It enforces all standard limits except details.jobs.rate.per.second. The Limits setting adds limits that are only
/// reported, and changes reported values but not enforced ones. The keys of platform.api and the details.jobs.* keys are known from public sources; the
/// other keys are not confirmed.
/// </summary>
internal sealed class LimitCatalog
{
    private const string Platform = "platform.api";
    private const string Analytics = "analytics";
    private const string RealTime = "analytics.realtime";
    private const string Notifications = "notifications";

    private static readonly SimulatorSettings Default = new();

    private static readonly IReadOnlyList<string> KnownNamespaces =
    [
        Analytics, "analytics.agents", "analytics.alerting", "analytics.data.extraction", RealTime, "analytics.reporting.settings", "auth.api",
        "multi.org", Notifications, Platform, "routing", "usage", "users",
    ];

    private readonly ILookup<string, OrganizationLimit> _limits;

    public LimitCatalog(SimulatorSettings settings)
    {
        var limits = StandardLimits(settings).ToDictionary(limit => (limit.Namespace, limit.Key));
        foreach (var (name, value) in settings.Limits)
        {
            var id = ParseName(name);
            limits[id] = limits.TryGetValue(id, out var limit)
                ? limit with { Value = value }
                : new OrganizationLimit(id.Namespace, id.Key, value, value, "A limit from the settings");
        }

        _limits = limits.Values.ToLookup(limit => limit.Namespace, StringComparer.Ordinal);
        Namespaces = [.. KnownNamespaces.Union(_limits.Select(group => group.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>All namespaces, including namespaces without limits.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    public IEnumerable<OrganizationLimit> Of(string name) => _limits[name];

    private static IEnumerable<OrganizationLimit> StandardLimits(SimulatorSettings settings) =>
    [
        new(Platform, "client.credentials.token.rate.per.minute", Default.RequestsPerMinute, settings.RequestsPerMinute, "The maximum number of requests per client credentials grant token per minute"),
        new(Platform, "token.rate.per.minute", Default.RequestsPerMinute, settings.RequestsPerMinute, "The maximum number of requests per token per minute"),
        new(Platform, "request.bytes.max", RequestBody.MaxBytes, RequestBody.MaxBytes, "The maximum content length of a request payload"),
        new(Analytics, "details.jobs.concurrent.access.max", Default.ConcurrentJobs, settings.ConcurrentJobs, "The maximum number of concurrent asynchronous details queries"),
        new(Analytics, "details.jobs.rate.per.second", 10, 10, "The maximum number of asynchronous details queries per second"),
        new(Analytics, "query.results.max", Default.RowLimit, settings.RowLimit, "The maximum number of results of an aggregates query"),
        new(RealTime, "query.predicates.max", Default.MaxPredicates, settings.MaxPredicates, "The maximum number of predicates in the filter of a query"),
        new(RealTime, "activity.page.size.max", Default.MaxActivityPageSize, settings.MaxActivityPageSize, "The maximum number of groups on a page of an activity query"),
        new(Notifications, "channels.max", Default.MaxChannels, settings.MaxChannels, "The maximum number of channels per user and client"),
        new(Notifications, "channel.topics.max", Default.MaxTopics, settings.MaxTopics, "The maximum number of topics per channel"),
    ];

    private static (string Namespace, string Key) ParseName(string name) => name.Split('/') is [{ Length: > 0 } space, { Length: > 0 } key]
        ? (space, key)
        : throw new ArgumentException(
            $"Limits:{name} is not a namespace and a key separated by a slash, such as Limits:analytics/query.rate.per.minute.", nameof(name));
}
