using System.Net;
using System.Text.Json;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>Questions of two kinds, from as many connections as are wanted. Every answer is read to its end and looked at.</summary>
internal sealed class MixedLoad(Uri address, string ready, DateOnly day)
{
    /// <summary>Days that the simulator has and that are settled; with the directions more questions than are ever under way.</summary>
    private const int Days = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Directions = ["", "&direction=inbound", "&direction=outbound"];

    private int _fetched;

    public AnswerTally Ready { get; } = new();

    public AnswerTally Fetched { get; } = new();

    public async Task RunAsync(int connections, TimeSpan time)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections };
        using var client = new HttpClient(handler) { BaseAddress = address, Timeout = Patience };
        await client.GetByteArrayAsync(ready);
        await client.GetByteArrayAsync(ready);
        var expected = await client.GetByteArrayAsync(ready);
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(async () =>
        {
            for (var turn = number; TimeProvider.System.GetElapsedTime(started) < time; turn++)
            {
                await (turn % 10 == 0
                    ? AskAsync(client, NextToFetch(), Fetched, IsWhole)
                    : AskAsync(client, ready, Ready, body => body.AsSpan().SequenceEqual(expected)));
            }
        })));
    }

    private static async Task AskAsync(HttpClient client, string path, AnswerTally tally, Func<byte[], bool> isRight)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            using var answer = await client.GetAsync(path);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            if (answer.StatusCode == HttpStatusCode.OK && isRight(body))
            {
                tally.Answered(elapsed);
            }
            else if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null)
            {
                tally.Refused();
            }
            else
            {
                tally.Failed($"{(int)answer.StatusCode}");
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException or IOException)
        {
            tally.Failed(broken.Message);
        }
    }

    private static bool IsWhole(byte[] body)
    {
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("meta").GetProperty("complete").GetBoolean();
    }

    // maxAge=0: what is kept does not count. Never the day of what is ready: fetched anew, its answer would say so.
    private string NextToFetch()
    {
        var number = Interlocked.Increment(ref _fetched);
        var from = day.AddDays(-1 - (number % Days));
        return $"/aggregates?from={from:yyyy-MM-dd}&to={from.AddDays(1):yyyy-MM-dd}&granularity=PT1H&maxAge=0{Directions[number / Days % Directions.Length]}";
    }
}
