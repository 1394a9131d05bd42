using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// Names in Redis. They begin with the organisation and client that the figures are of: services of two organisations, or of two
/// clients that may see different queues, can use one Redis and never read each other's.
/// </summary>
internal sealed class RedisKeys(IOptions<GenesysOptions> options)
{
    private readonly Lazy<string> _scope = new(() => ScopeOf(options.Value));

    /// <param name="kind">What it is, such as <c>slice</c>.</param>
    public string Of(string kind, string name = "") => $"genesys-analytics:{_scope.Value}:{kind}:{name}";

    private static string ScopeOf(GenesysOptions options)
    {
        // The simulator's address differs in each process; its figures do not.
        var source = options.Mode == GenesysMode.Simulator
            ? "simulator"
            : $"{GenesysRegions.ApiBaseUrlOf(options)}\n{options.ClientId}";

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)).AsSpan(0, 6));
    }
}
