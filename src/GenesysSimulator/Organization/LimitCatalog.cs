using GenesysSimulator.Wire;

namespace GenesysSimulator.Organization;

/// <summary>A limit: Genesys' default, and the value for this organization.</summary>
internal sealed record OrganizationLimit(string Namespace, string Key, int Default, int Value, string Description);

/// <summary>
/// The limits that the simulator reports. Those that it enforces have the values of the settings. The keys of platform.api and
/// details.jobs.* are known from public sources; the others are not confirmed.
/// </summary>
internal sealed class LimitCatalog
{
    private const string Platform = "platform.api";
    private const string Analytics = "analytics";
    private const string RealTime = "analytics.realtime";
    private const string Notifications = "notifications";

    private static readonly SimulatorSettings Default = new();

    private static readonly IReadOnlyList<string> Known =
    [
        Analytics, "analytics.agents", "analytics.alerting", "analytics.data.extraction", RealTime, "analytics.reporting.settings", "auth.api",
        "multi.org", Notifications, Platform, "routing", "usage", "users",
    ];

    private readonly ILookup<string, OrganizationLimit> _limits;

    public LimitCatalog(SimulatorSettings settings)
    {
        var enforced = Enforced(settings).ToDictionary(limit => (limit.Namespace, limit.Key));
        foreach (var (name, value) in settings.Limits)
        {
            var place = PlaceOf(name);
            enforced[place] = enforced.TryGetValue(place, out var limit)
                ? limit with { Value = value }
                : new OrganizationLimit(place.Namespace, place.Key, value, value, "A limit from the settings");
        }

        _limits = enforced.Values.ToLookup(limit => limit.Namespace, StringComparer.Ordinal);
        Namespaces = [.. Known.Union(_limits.Select(limits => limits.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>All namespaces, including those without limits.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    public IEnumerable<OrganizationLimit> Of(string name) => _limits[name];

    private static IEnumerable<OrganizationLimit> Enforced(SimulatorSettings settings) =>
    [
        new(Platform, "client.credentials.token.rate.per.minute", Default.RequestsPerMinute, settings.RequestsPerMinute, "The maximum number of requests per client credentials grant token per minute"),
        new(Platform, "token.rate.per.minute", Default.RequestsPerMinute, settings.RequestsPerMinute, "The maximum number of requests per token per minute"),
        new(Platform, "request.bytes.max", RequestBody.MaxBytes, RequestBody.MaxBytes, "The maximum content length of a request payload"),
        new(Analytics, "details.jobs.concurrent.access.max", Default.ConcurrentJobs, settings.ConcurrentJobs, "The maximum number of concurrent asynchronous queries of details"),
        new(Analytics, "details.jobs.rate.per.second", 10, 10, "The maximum number of asynchronous queries of details per second"),
        new(Analytics, "query.results.max", Default.RowLimit, settings.RowLimit, "The maximum number of results of an aggregates query"),
        new(RealTime, "query.predicates.max", Default.MaxPredicates, settings.MaxPredicates, "The maximum number of predicates in the filter of a query"),
        new(RealTime, "activity.page.size.max", Default.MaxActivityPageSize, settings.MaxActivityPageSize, "The maximum number of groups on a page of an activity query"),
        new(Notifications, "channels.max", Default.MaxChannels, settings.MaxChannels, "The maximum number of channels of a user and client"),
        new(Notifications, "channel.topics.max", Default.MaxTopics, settings.MaxTopics, "The maximum number of topics of a channel"),
    ];

    private static (string Namespace, string Key) PlaceOf(string name) => name.Split('/') is [{ Length: > 0 } space, { Length: > 0 } key]
        ? (space, key)
        : throw new ArgumentException(
            $"Limits:{name} is not a namespace and a key separated by a slash, such as Limits:analytics/query.rate.per.minute.", nameof(name));
}
