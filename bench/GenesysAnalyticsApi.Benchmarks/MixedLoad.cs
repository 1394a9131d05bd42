using System.Net;
using System.Text.Json;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Sends two kinds of queries from several connections: nine of ten have a cached response; for the tenth, the service must fetch data. Reads and checks
/// every response.
/// </summary>
/// <param name="cachedPath">The query whose response is cached.</param>
/// <param name="day">The day of that query.</param>
internal sealed class MixedLoad(Uri address, string cachedPath, DateOnly day)
{
    /// <summary>The number of settled days to fetch. With the directions, there are more queries than can be in progress at the same time.</summary>
    private const int Days = 300;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly string[] Directions = ["", "&direction=inbound", "&direction=outbound"];

    private int _fetched;

    public LatencyRecorder Cached { get; } = new();

    public LatencyRecorder Fetched { get; } = new();

    public async Task RunAsync(int connections, TimeSpan duration)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections };
        using var client = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout };
        await client.GetByteArrayAsync(cachedPath);
        await client.GetByteArrayAsync(cachedPath);
        var expected = await client.GetByteArrayAsync(cachedPath);
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(async () =>
        {
            for (var turn = number; TimeProvider.System.GetElapsedTime(started) < duration; turn++)
            {
                await (turn % 10 == 0
                    ? SendAsync(client, NextPathToFetch(), Fetched, IsComplete)
                    : SendAsync(client, cachedPath, Cached, body => body.AsSpan().SequenceEqual(expected)));
            }
        })));
    }

    private static async Task SendAsync(HttpClient client, string path, LatencyRecorder latencies, Func<byte[], bool> isCorrect)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(path);
            var body = await response.Content.ReadAsByteArrayAsync();
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            if (response.StatusCode == HttpStatusCode.OK && isCorrect(body))
            {
                latencies.RecordSuccess(elapsed);
            }
            else if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null)
            {
                latencies.RecordRejection();
            }
            else
            {
                latencies.RecordFailure($"{(int)response.StatusCode}");
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            latencies.RecordFailure(failure.Message);
        }
    }

    private static bool IsComplete(byte[] body)
    {
        using var response = JsonDocument.Parse(body);
        return response.RootElement.GetProperty("meta").GetProperty("complete").GetBoolean();
    }

    // With maxAge=0, the service must fetch the data. The day of the cached query is excluded, because a new fetch would change its response.
    private string NextPathToFetch()
    {
        var number = Interlocked.Increment(ref _fetched);
        var from = day.AddDays(-1 - (number % Days));
        return $"/aggregates?from={from:yyyy-MM-dd}&to={from.AddDays(1):yyyy-MM-dd}&granularity=PT1H&maxAge=0{Directions[number / Days % Directions.Length]}";
    }
}
