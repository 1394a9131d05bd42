using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>
/// Opens the connections to webhooks. The address is checked here, after the name was resolved and before the socket connects to that very address, so that
/// a name cannot lead to a public address when it is checked and to a private one afterwards.
/// </summary>
/// <param name="resolve">Resolves a host name.</param>
internal sealed class WebhookConnector(bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Names may have moved since.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public WebhookConnector(IOptions<AlertsOptions> options)
        : this(options.Value.AllowPrivateAddresses, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>Without redirects, which could lead anywhere; without a proxy, which would resolve the name itself; without cookies and trace headers.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = ConnectionLifetime,
        MaxConnectionsPerServer = 4,
        MaxResponseHeadersLength = 32,
        ConnectCallback = ConnectAsync,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken);
        var allowed = allowsPrivate ? addresses : Array.FindAll(addresses, PublicAddress.Is);
        if (allowed is [])
        {
            throw new WebhookAddressException(addresses is [] ? "The name of the host has no address." : "The name of the host leads to no public address. Set Alerts:AllowPrivateAddresses for a receiver in your own network.");
        }

        Exception? failure = null;
        foreach (var address in allowed)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
            }
            catch (SocketException unreachable)
            {
                // The host may have another address.
                failure = unreachable;
            }
        }

        throw failure!;
    }

    private static async Task<NetworkStream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        finally
        {
            socket?.Dispose();
        }
    }
}

/// <summary>A webhook leads to an address that the service must not connect to.</summary>
internal sealed class WebhookAddressException(string message) : Exception(message);
