using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// Ports for servers that have to know theirs before they start. They lie below those that the system gives to connections: one of
/// these could be taken between the look and the start.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000;
    private const int Ports = 20_000;

    // Test runs that go on at the same time begin in different places.
    private static int _taken = (int)(Environment.ProcessId * 97L % Ports);

    /// <summary>One that nobody listens on, and that is given to nobody else.</summary>
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
                // Somebody else has it.
            }
        }
    }
}
