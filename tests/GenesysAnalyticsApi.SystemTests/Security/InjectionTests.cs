using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>Nothing that a caller sends creates a log line, a terminal control sequence, or a header.</summary>
public sealed class InjectionTests
{
    public static TheoryData<string> Payloads =>
    [
        "\r\n09:15:00.000 FTL forged", "\n{\"@t\":\"2026\",\"@m\":\"forged\"}", "\u001b[2J", "\u001b]0;title\u0007", "\u009b31m", "\u0085forged", "\u2028forged", "\u2029forged", "\u202Eforged", "\u2066forged\u2069", "\uFEFF", "\0", "\b\b\b",
        "\r\nSet-Cookie: forged=1", "\r\n\r\n<html>",
    ];

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Input_creates_no_log_line_control_sequence_or_header(string payload)
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
        var escaped = Uri.EscapeDataString(payload);

        foreach (var fill in new Action<HttpRequest>[]
        {
            request => request.Path = $"/queues/{payload}",
            request => request.Path = $"/{payload}",
            request => request.Path = $"/problems/{payload}",
            request => (request.Path, request.QueryString) = ("/aggregates", new($"?{escaped}={escaped}&queueId={escaped}&granularity={escaped}&from={escaped}")),
            request => (request.Path, request.QueryString) = ("/queues", new($"?name={escaped}&cursor={escaped}")),
            // No HTTP server would pass this on, but the service does not rely on that.
            request => (request.Path, request.QueryString) = ("/aggregates", new($"?queueId={payload}")),
            request => (request.Path, request.Headers.Accept) = ("/aggregates", payload),
            request => (request.Path, request.Headers["X-Api-Key"]) = ("/aggregates", payload),
            request => (request.Path, request.Headers["traceparent"]) = ("/aggregates", payload),
            request => (request.Path, request.Headers["X-Request-Id"], request.Headers.IfNoneMatch) = ("/health/live", payload, payload),
            request => (request.Path, request.Method) = ("/health/live", $"GET{payload}"),
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
            (await body.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain(payload);
        }

        foreach (var logged in service.Log.Events.Where(logged => logged.Exception is null))
        {
            SingleLineOf(RecordedLog.Text(logged));
            JsonSerializer.Deserialize<JsonElement>(SingleLineOf(RecordedLog.Json(logged))).TryGetProperty("@t", out _).ShouldBeTrue();
        }
    }

    /// <summary>Checks that the text is a single line, and returns it.</summary>
    private static string SingleLineOf(string written)
    {
        var line = written.TrimEnd('\r', '\n');
        line.ShouldAllBe(letter => !char.IsControl(letter) && letter != '\u2028' && letter != '\u2029' && letter != '\u202e' && letter != '\u2066' && letter != '\u2069' && letter != '\ufeff');
        return line;
    }
}
