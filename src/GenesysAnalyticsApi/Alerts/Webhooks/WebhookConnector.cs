using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>
/// Opens the connections to webhooks. Resolves the host name, checks the resulting addresses, and connects the socket only to an address that passed the check.
/// A separate check before the connection would not suffice, because the name could resolve to a different address when the connection is opened.
/// </summary>
/// <param name="allowsPrivate">Whether every address passes the check.</param>
/// <param name="resolve">Resolves a host name.</param>
internal sealed class WebhookConnector(bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Limits the age of pooled connections, because the addresses of a host name can change.</summary>
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
                // Another address of the host might be reachable.
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
