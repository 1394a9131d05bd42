using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>Bytes to and from the service on a real socket, without a client that would correct them. Text has one character per byte.</summary>
internal sealed class RawConnection(int port)
{
    /// <summary>Makes the service listen on the loopback interface.</summary>
    public static RawConnection To(RunningService service)
    {
        service.UseKestrel();
        service.StartServer();
        return new(new Uri(service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port);
    }

    /// <summary>Returns everything that the server sends until it closes the connection.</summary>
    /// <param name="patience">After this time, or once a response has begun, the sending side is closed.</param>
    public async Task<string> QueryAsync(string sent, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var socket = await OpenAsync(cancellationToken);
        using var response = new MemoryStream();
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(sent), cancellationToken);
            var first = new byte[64 * 1024];
            var beginning = stream.ReadAsync(first, cancellationToken).AsTask();
            await Task.WhenAny(beginning, Task.Delay(patience, TimeProvider.System, cancellationToken));
            socket.Shutdown(SocketShutdown.Send);
            response.Write(first, 0, await beginning);
            await stream.CopyToAsync(response, cancellationToken);
        }
        catch (Exception hungUp) when (hungUp is SocketException or IOException)
        {
            // The server may close the connection before it has read all of an invalid request.
        }

        return Encoding.Latin1.GetString(response.GetBuffer().AsSpan(0, (int)response.Length));
    }

    public async Task<Socket> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return socket;
    }
}
