using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// Ports for servers that must know their port before they start. They lie below the ephemeral ports of the system, which
/// could be taken between the check and the start.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000;
    private const int Ports = 20_000;

    // Concurrent test runs start at different places.
    private static int _taken = (int)(Environment.ProcessId * 97L % Ports);

    /// <summary>A free port, which is handed out only once.</summary>
    public static int Take()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _taken) % Ports);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another process uses it.
            }
        }
    }
}
