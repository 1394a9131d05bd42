using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether the host names of Genesys can be resolved or, if there is a proxy, the name of the proxy.</summary>
internal sealed class DnsCheck(IOptions<GenesysOptions> options)
    : DiagnosticCheck(DiagnosticNames.Dns, "The DNS lookup", 5, DiagnosticNames.Configuration)
{
    private const string Network = "ask the administrator of the network, or set the proxy in HTTPS_PROXY.";

    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>();
        var isProxied = false;
        foreach (var url in new[] { GenesysRegions.LoginBaseUrlOf(options.Value), GenesysRegions.ApiBaseUrlOf(options.Value) })
        {
            var proxy = ProxyTo(url);
            var host = (proxy ?? url).Host;
            isProxied |= proxy is not null;
            try
            {
                var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
                found[host] = string.Join(", ", addresses.Select(address => address.ToString()));
            }
            catch (SocketException unresolved)
            {
                return Unresolved(host, isProxy: proxy is not null, unresolved.SocketErrorCode);
            }
        }

        return CheckOutcome.Ok((isProxied ? "The service uses a proxy: " : "") + string.Join(' ', found.Select(host => host.Key == host.Value ? $"{host.Key} is an address." : $"{host.Key} is at {host.Value}."))) with { Details = found };
    }

    /// <summary>Returns the proxy that the HTTP clients of the service use for the address.</summary>
    internal static Uri? ProxyTo(Uri url) => HttpClient.DefaultProxy.IsBypassed(url) ? null : HttpClient.DefaultProxy.GetProxy(url);

    private static CheckOutcome Unresolved(string host, bool isProxy, SocketError error) => (isProxy, error) switch
    {
        (true, _) => CheckOutcome.Failed($"The proxy '{host}' cannot be resolved ({error}).", "Correct HTTPS_PROXY, or remove it if no proxy is needed."),
        (_, SocketError.HostNotFound or SocketError.NoData) => CheckOutcome.Failed(
            $"The host '{host}' does not exist ({error}).",
            IsOfKnownRegion(host)
                ? $"The name is correct, so the name server of this machine does not resolve external names: {Network}"
                : "Check Genesys:Region (or Genesys:ApiBaseUrl and Genesys:LoginBaseUrl) for a typo: use an AWS region such as eu-west-1, or the domain in the "
                    + $"address bar of the browser, such as mypurecloud.ie. If it is correct, the name server of this machine does not resolve external names: {Network}"),
        _ => CheckOutcome.Failed(
            $"The name server did not resolve '{host}' ({error}).", "Configure a working name server for this machine or container (/etc/resolv.conf, or the dns setting of the container)."),
    };

    private static bool IsOfKnownRegion(string host) => GenesysRegions.All.Any(region => host == region.ApiBaseUrl.Host || host == region.LoginBaseUrl.Host);
}
