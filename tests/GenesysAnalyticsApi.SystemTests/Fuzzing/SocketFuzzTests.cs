using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CsCheck;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Sends bytes directly to the real server, without a client that would correct them.</summary>
[Collection(Alone.Name)]
public sealed partial class SocketFuzzTests
{
    private const int MaxProblemBytes = 32 * 1024;

    /// <summary>How long the test waits for a response. This only decides which side closes the connection first.</summary>
    private static readonly TimeSpan ResponseWait = TimeSpan.FromMilliseconds(20);

    private static readonly int[] Known = [100, 200, 202, 206, 301, 302, 304, 400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 422, 429, 431, 501, 505];

    private static int Cases { get; } = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SOCKETS") ?? "3000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task The_server_survives_arbitrary_bytes()
    {
        await using var service = new FuzzedService();
        var server = RawConnection.To(service.Service);

        await GenBytes.Any.SampleAsync(
            async sent =>
            {
                CheckResponses(sent, await server.QueryAsync(sent, ResponseWait, TestContext.Current.CancellationToken));
                service.Log.Faults.TryDequeue(out var fault).ShouldBeFalse(fault);
            },
            iter: Cases,
            print: Printed);

        // Connections that send nothing or only part of a request, and then close.
        for (var i = 0; i < 200; i++)
        {
            using var silent = await server.OpenAsync(TestContext.Current.CancellationToken);
            await silent.SendAsync("GET /queues HTTP/1.1\r\nHost: local"u8.ToArray().AsMemory(0, i % 33), TestContext.Current.CancellationToken);
            silent.LingerState = new LingerOption(enable: i % 2 == 0, 0);
        }

        (await server.QueryAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken)).ShouldStartWith("HTTP/1.1 200 OK\r\n");
        service.Log.Faults.ShouldBeEmpty();
        service.Genesys.Violations.ShouldBeEmpty();
        service.Upstream.Requests.ShouldAllBe(url => url.Host.EndsWith(".mypurecloud.test", StringComparison.Ordinal));
    }

    private static void CheckResponses(string sent, string responses)
    {
        // A connection that starts like HTTP/2 is rejected with an HTTP/2 frame.
        if (responses.Length == 0 || (sent.StartsWith("PRI ", StringComparison.Ordinal) && responses[0] == '\0'))
        {
            return;
        }

        responses.ShouldStartWith("HTTP/1.1 ");
        foreach (var head in Head().Matches(responses).Select(match => match.Value))
        {
            var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
            Known.ShouldContain(status);
            foreach (var line in head.Split("\r\n"))
            {
                line.AsSpan().ContainsAnyExceptInRange(' ', '~').ShouldBeFalse(line);
                (line.Length == 0 || line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || HeaderLine().IsMatch(line)).ShouldBeTrue(line);
            }

            if (status >= 400 && Length().Match(head) is { Success: true } length)
            {
                int.Parse(length.Groups[1].ValueSpan, CultureInfo.InvariantCulture).ShouldBeLessThan(MaxProblemBytes);
            }
        }
    }

    /// <summary>The bytes as an argument for <c>printf '…' | nc</c>.</summary>
    private static string Printed(string sent) => string.Concat(sent.Take(3000).Select(letter => letter is >= ' ' and <= '~' and not '\\' and not '%' and not '\'' ? $"{letter}" : $"\\x{(int)letter:x2}"));

    [GeneratedRegex("HTTP/1\\.1 [0-9]{3} [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n")]
    private static partial Regex Head();

    [GeneratedRegex("^[A-Za-z0-9-]+: ?")]
    private static partial Regex HeaderLine();

    [GeneratedRegex("Content-Length: ([0-9]+)")]
    private static partial Regex Length();
}
