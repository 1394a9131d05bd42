using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Redis.Connection;

/// <summary>
/// Builds Redis keys. Each key contains a hash of the API address and the client id, so services for two organizations, or for two clients with different
/// permissions, can use one Redis without reading each other's data.
/// </summary>
internal sealed class RedisKeys(IOptions<GenesysOptions> options)
{
    private readonly Lazy<string> _scope = new(() => ScopeOf(options.Value));

    /// <param name="kind">The kind of value, such as <c>slice</c>.</param>
    public string Of(string kind, string name = "") => $"genesys-analytics:{_scope.Value}:{kind}:{name}";

    private static string ScopeOf(GenesysOptions options)
    {
        // The simulator has a different address in each process but returns the same data everywhere.
        var source = options.Mode == GenesysMode.Simulator
            ? "simulator"
            : $"{GenesysRegions.ApiBaseUrlOf(options)}\n{options.ClientId}";

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)).AsSpan(0, 6));
    }
}
