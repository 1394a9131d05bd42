using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Reads the limits of the organisation. Every OAuth client may read them without a permission. The request is the same for the HTTP client and the
/// official SDK.
/// </summary>
internal sealed class OrganizationLimits(GenesysApiClient api)
{
    /// <summary>Requests per minute for one token of a client-credentials client.</summary>
    public const string RequestsPerMinute = "client.credentials.token.rate.per.minute";

    private const string Platform = "platform.api";
    private const string Realtime = "analytics.realtime";
    private const string Notifications = "notifications";

    private const string Path = "/api/v2/organizations/limits/namespaces/";

    /// <summary>A larger value limits nothing.</summary>
    private const double MaxCeiling = 1_000_000;

    public Task<LimitsReply> ReadAsync(RequestOrigin origin, CancellationToken cancellationToken) => ReadAsync(Platform, origin, cancellationToken);

    /// <summary>Reads the limits that this service must keep. One that Genesys does not tell is null.</summary>
    /// <param name="platform">The limits of the platform API, if they were read already.</param>
    /// <returns>The limits, and the attempts that were sent to Genesys.</returns>
    /// <exception cref="GenesysException">The limits of the platform API could not be read.</exception>
    public async Task<(OrganizationCeilings Ceilings, int Calls)> ReadCeilingsAsync(RequestOrigin origin, CancellationToken cancellationToken, LimitsReply? platform = null)
    {
        var known = platform ?? await ReadAsync(Platform, origin, cancellationToken);
        var realtime = await FindAsync(Realtime, origin, cancellationToken);
        var notifications = await FindAsync(Notifications, origin, cancellationToken);
        return (Of(known.Limits, realtime.Limits, notifications.Limits), (platform is null ? known.Calls : 0) + realtime.Calls + notifications.Calls);
    }

    // Genesys documents the namespaces, but not all keys. The smallest of several limits of a kind is the safe one.
    private static OrganizationCeilings Of(
        IReadOnlyDictionary<string, double> platform, IReadOnlyDictionary<string, double> realtime, IReadOnlyDictionary<string, double> notifications) => new(
        Smallest(platform, key => key == RequestsPerMinute),
        Smallest(realtime, key => key.Contains("predicate", StringComparison.OrdinalIgnoreCase)),
        Smallest(notifications, key => key.Contains("topic", StringComparison.OrdinalIgnoreCase)),
        Smallest(notifications, key => key.Contains("channel", StringComparison.OrdinalIgnoreCase) && !key.Contains("topic", StringComparison.OrdinalIgnoreCase)),
        Smallest(realtime, key => key.Contains("activity", StringComparison.OrdinalIgnoreCase) && key.Contains("page", StringComparison.OrdinalIgnoreCase)));

    private static int? Smallest(IReadOnlyDictionary<string, double> limits, Predicate<string> isMeant) => limits
        .Where(limit => isMeant(limit.Key) && limit.Value is >= 1 and <= MaxCeiling)
        .Select(limit => (int?)limit.Value)
        .Min();

    /// <summary>An organisation need not have every namespace.</summary>
    private async Task<LimitsReply> FindAsync(string name, RequestOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(name, origin, cancellationToken);
        }
        catch (GenesysException failed)
        {
            return new LimitsReply(new Dictionary<string, double>(), failed.Calls);
        }
    }

    private async Task<LimitsReply> ReadAsync(string name, RequestOrigin origin, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, double> limits = new Dictionary<string, double>();
        var call = api.CreateCall(origin, permission: null, async (body, token) => limits = await ReadAsync(body, token));

        await api.SendAsync(call, () => api.CreateRequest(HttpMethod.Get, $"{Path}{name}"), cancellationToken);
        return new LimitsReply(limits, call.Attempts);
    }

    private static async Task<IReadOnlyDictionary<string, double>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await JsonSerializer.DeserializeAsync(body, GenesysJson.Default.LimitListing, cancellationToken);
            return (listing?.Entities ?? [])
                .Where(limit => limit is { Key: not null, Value: not null })
                .GroupBy(limit => limit!.Key!, limit => limit!.Value!.Value, StringComparer.Ordinal)
                .ToDictionary(limit => limit.Key, limit => limit.First(), StringComparer.Ordinal);
        }
        catch (JsonException broken)
        {
            throw GenesysFailureFactory.Unreadable("the list of limits is not valid JSON", cause: broken);
        }
    }
}

/// <param name="Limits">The limits of a namespace, by key.</param>
/// <param name="Calls">Attempts sent to Genesys.</param>
internal sealed record LimitsReply(IReadOnlyDictionary<string, double> Limits, int Calls);

internal sealed record LimitListing(List<ListedLimit?>? Entities);

internal sealed record ListedLimit(string? Key, double? Value);
