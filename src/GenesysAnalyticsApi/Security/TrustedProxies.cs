using System.Net;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Whom a proxy of <c>Auth:TrustedProxies</c> names in <c>X-Forwarded-For</c> is who asks. Of a chain of them the last that is not one of
/// these counts: whatever stands before it anybody could have written.
/// </summary>
internal static class TrustedProxies
{
    public static void AddForwardedAddresses(this IServiceCollection services) =>
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<AuthOptions>>((forwarded, ours) => Describe(forwarded, ours.Value.TrustedProxies));

    /// <summary>Before anybody asks where a request comes from.</summary>
    public static void UseForwardedAddresses(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }
    }

    /// <summary>One address, or all of a network.</summary>
    public static bool TryRead(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    private static void Describe(ForwardedHeadersOptions forwarded, List<string> proxies)
    {
        if (proxies is [])
        {
            // Whoever has ASP.NET's own switch on (ASPNETCORE_FORWARDEDHEADERS_ENABLED) gets what that says.
            return;
        }

        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        forwarded.ForwardLimit = null;
        // Those that are in it by default are on this machine, where others than a proxy may run too.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            // What cannot be read has stopped the start; were it not so, it must not become a network of everybody.
            if (TryRead(proxy, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        }
    }
}
