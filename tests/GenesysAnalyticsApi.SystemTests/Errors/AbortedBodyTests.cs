using System.Net.Sockets;
using System.Text;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>A caller that disconnects while sending its body does not cause an error in the log, which would alert operators.</summary>
public sealed class AbortedBodyTests
{
    private const string Head = "POST /aggregates/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n";

    /// <summary>The server throws this exception before it cancels <see cref="HttpContext.RequestAborted"/>.</summary>
    [Fact]
    public async Task A_connection_that_is_reset_ends_the_request_with_499()
    {
        using var service = new RunningService();

        await Should.ThrowAsync<OperationCanceledException>(() => service.Server.SendAsync(
            http =>
            {
                (http.Request.Method, http.Request.Path, http.Request.Host) = ("POST", "/aggregates/query", new("localhost"));
                (http.Request.ContentType, http.Request.ContentLength, http.Request.Body) = ("application/json", 50, new ResetBody());
            },
            TestContext.Current.CancellationToken));

        RecordedLog.Text(await service.Log.NextRequestAsync()).ShouldContain("POST /aggregates/query responded 499 in");
        Errors(service).ShouldBeEmpty();
    }

    [Fact]
    public async Task Callers_that_disconnect_while_sending_a_body_are_logged_without_errors()
    {
        await using var service = new RunningService();
        var server = RawConnection.To(service);

        // One connection in four is closed gracefully, and only its request is certain to be logged.
        for (var i = 0; i < 200; i++)
        {
            using var caller = await server.OpenAsync(TestContext.Current.CancellationToken);
            await caller.SendAsync(Encoding.ASCII.GetBytes($"{Head}{{\"last\":"), TestContext.Current.CancellationToken);
            caller.LingerState = new LingerOption(enable: i % 4 > 0, 0);
        }

        for (var i = 0; i < 50; i++)
        {
            RecordedLog.Text(await service.Log.NextRequestAsync()).ShouldMatch("responded 4(00|99) in");
        }

        Errors(service).ShouldBeEmpty();
    }

    private static IEnumerable<string> Errors(RunningService service) =>
        service.Log.Events.Where(logged => logged.Level >= LogEventLevel.Error || logged.Exception is not null).Select(RecordedLog.Text);

    private sealed class ResetBody : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new ConnectionResetException("Connection reset by peer");
    }
}
