using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether the host names of Genesys can be resolved, or that of the proxy if one is used.</summary>
internal sealed class DnsCheck(IOptions<GenesysOptions> options) : IDiagnosticCheck
{
    private const string Network = "ask whoever runs the network, or give the address of the proxy in HTTPS_PROXY.";

    public string Name => DiagnosticNames.Dns;

    public IReadOnlyList<string> Needs => [DiagnosticNames.Configuration];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Subject => "The name server";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
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

        return CheckOutcome.Ok((isProxied ? "There is a proxy: " : "") + string.Join(' ', found.Select(host => host.Key == host.Value ? $"{host.Key} is an address." : $"{host.Key} is at {host.Value}."))) with { Details = found };
    }

    /// <summary>The proxy that the HTTP clients of the service use for this address; null if there is none.</summary>
    internal static Uri? ProxyTo(Uri url) => HttpClient.DefaultProxy.IsBypassed(url) ? null : HttpClient.DefaultProxy.GetProxy(url);

    private static CheckOutcome Unresolved(string host, bool isProxy, SocketError error) => (isProxy, error) switch
    {
        (true, _) => CheckOutcome.Failed($"The proxy's name '{host}' has no address ({error}).", "Correct HTTPS_PROXY, or leave it out where no proxy is needed."),
        (_, SocketError.HostNotFound or SocketError.NoData) => CheckOutcome.Failed(
            $"There is no host '{host}' ({error}).",
            IsOfKnownRegion(host)
                ? $"The name is right, so that this machine's name server does not know the outside: {Network}"
                : "Check Genesys:Region (or Genesys:ApiBaseUrl and Genesys:LoginBaseUrl) for a slip of the pen: give an AWS region such as eu-west-1, or the domain that the "
                    + $"address bar shows, such as mypurecloud.ie. If it is right, this machine's name server does not know the outside: {Network}"),
        _ => CheckOutcome.Failed(
            $"The name server could not be asked for '{host}' ({error}).", "Give this machine or container a name server that works (/etc/resolv.conf, or the dns setting of the container)."),
    };

    private static bool IsOfKnownRegion(string host) => GenesysRegions.All.Any(region => host == region.ApiBaseUrl.Host || host == region.LoginBaseUrl.Host);
}
