using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>
/// Opens the connections to webhooks. Resolves the host name, checks the resulting addresses, and connects the socket only to an address that it has
/// checked. A check before the connection would not be enough, because the name could resolve to another address by then.
/// </summary>
/// <param name="resolve">Resolves a host name.</param>
internal sealed class WebhookConnector(bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Limits the age of pooled connections, because the address of a name can change.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public WebhookConnector(IOptions<AlertsOptions> options)
        : this(options.Value.AllowPrivateAddresses, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>
    /// Creates a handler without redirects, which could have any target; without a proxy, which would resolve the name itself; and without cookies and trace
    /// headers.
    /// </summary>
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
            throw new WebhookAddressException(addresses is [] ? "The host name has no address." : "The host name has no public address. Set Alerts:AllowPrivateAddresses=true for a receiver in your own network.");
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

/// <summary>The host of a webhook has no address to which the service may connect.</summary>
internal sealed class WebhookAddressException(string message) : Exception(message);
