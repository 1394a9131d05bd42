using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>Nothing that a caller sends creates a log line, a terminal control sequence, or a header.</summary>
public sealed class InjectionTests
{
    public static TheoryData<string> Orders =>
    [
        "\r\n09:15:00.000 FTL forged", "\n{\"@t\":\"2026\",\"@m\":\"forged\"}", "\u001b[2J", "\u001b]0;title\u0007", "\u009b31m", "\u0085forged", "\u2028forged", "\u2029forged", "\u202Eforged", "\u2066forged\u2069", "\uFEFF", "\0", "\b\b\b",
        "\r\nSet-Cookie: forged=1", "\r\n\r\n<html>",
    ];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Input_creates_no_log_line_control_sequence_or_header(string order)
    {
        using var service = new RunningService
        {
            Settings = new()
            {
                ["Serilog:MinimumLevel:Default"] = "Verbose",
                ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore"] = "Verbose",
                ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore.HostFiltering"] = "Information",
            },
        };
        var escaped = Uri.EscapeDataString(order);

        foreach (var fill in new Action<HttpRequest>[]
        {
            request => request.Path = $"/queues/{order}",
            request => request.Path = $"/{order}",
            request => request.Path = $"/problems/{order}",
            request => (request.Path, request.QueryString) = ("/aggregates", new($"?{escaped}={escaped}&queueId={escaped}&granularity={escaped}&from={escaped}")),
            request => (request.Path, request.QueryString) = ("/queues", new($"?name={escaped}&cursor={escaped}")),
            // No server would pass this on; the code behind it does not rely on that.
            request => (request.Path, request.QueryString) = ("/aggregates", new($"?queueId={order}")),
            request => (request.Path, request.Headers.Accept) = ("/aggregates", order),
            request => (request.Path, request.Headers["X-Api-Key"]) = ("/aggregates", order),
            request => (request.Path, request.Headers["traceparent"]) = ("/aggregates", order),
            request => (request.Path, request.Headers["X-Request-Id"], request.Headers.IfNoneMatch) = ("/health/live", order, order),
            request => (request.Path, request.Method) = ("/health/live", $"GET{order}"),
        })
        {
            var response = await service.Server.SendAsync(
                http =>
                {
                    (http.Request.Method, http.Request.Host) = ("GET", new("localhost"));
                    fill(http.Request);
                },
                TestContext.Current.CancellationToken);
            using var body = new StreamReader(response.Response.Body);

            response.Response.Headers.ShouldNotContain(header => header.Key == "Set-Cookie");
            response.Response.Headers.SelectMany(header => header.Value.Append(header.Key)).ShouldAllBe(text => text!.All(letter => letter >= ' ' && letter <= '~'));
            (await body.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain(order);
        }

        foreach (var logged in service.Log.Events.Where(logged => logged.Exception is null))
        {
            LinesOf(RecordedLog.Text(logged));
            JsonSerializer.Deserialize<JsonElement>(LinesOf(RecordedLog.Json(logged))).TryGetProperty("@t", out _).ShouldBeTrue();
        }
    }

    /// <summary>Checks that the text is a single line.</summary>
    private static string LinesOf(string written)
    {
        var line = written.TrimEnd('\r', '\n');
        line.ShouldAllBe(letter => !char.IsControl(letter) && letter != '\u2028' && letter != '\u2029' && letter != '\u202e' && letter != '\u2066' && letter != '\u2069' && letter != '\ufeff');
        return line;
    }
}
