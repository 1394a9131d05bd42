using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>Bytes to and from the service on a real socket, where no client sets anything right. Text is one letter a byte.</summary>
internal sealed class RawConnection(int port)
{
    /// <summary>Makes the service listen on the loopback interface.</summary>
    public static RawConnection To(RunningService service)
    {
        service.UseKestrel(0);
        service.StartServer();
        return new(new Uri(service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port);
    }

    /// <summary>Everything that comes back until the server hangs up.</summary>
    /// <param name="patience">Then, or once an answer has begun, the server is told that nothing more comes from here.</param>
    public async Task<string> AskAsync(string sent, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var socket = await OpenAsync(cancellationToken);
        using var answer = new MemoryStream();
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(sent), cancellationToken);
            var first = new byte[64 * 1024];
            var beginning = stream.ReadAsync(first, cancellationToken).AsTask();
            await Task.WhenAny(beginning, Task.Delay(patience, TimeProvider.System, cancellationToken));
            socket.Shutdown(SocketShutdown.Send);
            answer.Write(first, 0, await beginning);
            await stream.CopyToAsync(answer, cancellationToken);
        }
        catch (Exception hungUp) when (hungUp is SocketException or IOException)
        {
            // It need not listen to the end of nonsense.
        }

        return Encoding.Latin1.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length));
    }

    public async Task<Socket> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return socket;
    }
}
