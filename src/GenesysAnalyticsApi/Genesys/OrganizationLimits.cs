using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// The limits that an organisation has. Every client may read them, without any permission; nothing in the service depends on it.
/// The same call serves whichever client words the other requests.
/// </summary>
internal sealed class OrganizationLimits(GenesysApiClient sending)
{
    /// <summary>Requests a minute of one token of a client-credentials client.</summary>
    public const string RequestsPerMinute = "client.credentials.token.rate.per.minute";

    private const string Path = "/api/v2/organizations/limits/namespaces/platform.api";

    public async Task<LimitsReply> ReadAsync(RequestOrigin asker, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, double> limits = new Dictionary<string, double>();
        var call = sending.Call(asker, permission: null, async (body, token) => limits = await ReadAsync(body, token));

        await sending.SendAsync(call, () => sending.Request(HttpMethod.Get, Path), cancellationToken);
        return new LimitsReply(limits, call.Attempts);
    }

    private static async Task<IReadOnlyDictionary<string, double>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await JsonSerializer.DeserializeAsync(body, GenesysLimitsJson.Default.LimitListing, cancellationToken);
            return (listing?.Entities ?? [])
                .Where(limit => limit is { Key: not null, Value: not null })
                .GroupBy(limit => limit!.Key!, limit => limit!.Value!.Value, StringComparer.Ordinal)
                .ToDictionary(limit => limit.Key, limit => limit.First(), StringComparer.Ordinal);
        }
        catch (JsonException broken)
        {
            throw GenesysFailures.Unreadable("the listing of limits is not whole JSON", cause: broken);
        }
    }
}

/// <param name="Limits">Of the platform's API, by key.</param>
/// <param name="Calls">Attempts that reached out to Genesys.</param>
internal sealed record LimitsReply(IReadOnlyDictionary<string, double> Limits, int Calls);

internal sealed record LimitListing(List<ListedLimit?>? Entities);

internal sealed record ListedLimit(string? Key, double? Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LimitListing))]
internal sealed partial class GenesysLimitsJson : JsonSerializerContext;
