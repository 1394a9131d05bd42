using System.Net;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Uses the client address that a proxy in <c>Auth:TrustedProxies</c> reports in <c>X-Forwarded-For</c>. In a chain of proxies, the client
/// is the last address that is not that of a trusted proxy: a client can forge all earlier ones.
/// </summary>
internal static class TrustedProxies
{
    public static void AddForwardedAddresses(this IServiceCollection services) =>
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<AuthOptions>>((forwarded, auth) => Configure(forwarded, auth.Value.TrustedProxies));

    /// <summary>Must run before anything that uses the client address.</summary>
    public static void UseForwardedAddresses(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }
    }

    /// <summary>Parses an address or a network.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    private static void Configure(ForwardedHeadersOptions forwarded, List<string> proxies)
    {
        if (proxies is [])
        {
            // The switch of ASP.NET Core itself (ASPNETCORE_FORWARDEDHEADERS_ENABLED) stays in effect.
            return;
        }

        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        forwarded.ForwardLimit = null;
        // The defaults trust this machine, where processes other than a proxy can run.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            // Validation rejects invalid entries at startup. If an invalid entry gets this far, it must not become a network of all addresses.
            if (TryParse(proxy, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        }
    }
}
