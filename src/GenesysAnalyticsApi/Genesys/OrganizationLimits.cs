using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Reads the limits of the organisation. Every OAuth client may read them without a permission; only diagnostics use them. The request is
/// the same for the HTTP client and the official SDK.
/// </summary>
internal sealed class OrganizationLimits(GenesysApiClient api)
{
    /// <summary>Requests per minute for one token of a client-credentials client.</summary>
    public const string RequestsPerMinute = "client.credentials.token.rate.per.minute";

    private const string Path = "/api/v2/organizations/limits/namespaces/platform.api";

    public async Task<LimitsReply> ReadAsync(RequestOrigin origin, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, double> limits = new Dictionary<string, double>();
        var call = api.CreateCall(origin, permission: null, async (body, token) => limits = await ReadAsync(body, token));

        await api.SendAsync(call, () => api.CreateRequest(HttpMethod.Get, Path), cancellationToken);
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

/// <param name="Limits">Limits of the platform API, by key.</param>
/// <param name="Calls">Attempts sent to Genesys.</param>
internal sealed record LimitsReply(IReadOnlyDictionary<string, double> Limits, int Calls);

internal sealed record LimitListing(List<ListedLimit?>? Entities);

internal sealed record ListedLimit(string? Key, double? Value);
