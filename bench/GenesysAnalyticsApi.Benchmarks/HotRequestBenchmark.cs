using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Measures the allocated bytes and the processor time per request of a repeated query. The servers run in this process and the load generator
/// (<c>wrk</c>) in another, so the figures include no work of a client. The request log goes to standard output: redirect it to a file or /dev/null.
/// The results go to standard error.
/// </summary>
internal static class HotRequestBenchmark
{
    private const string ServiceUrl = "http://127.0.0.1:5291";
    private const string WithMiddlewareUrl = "http://127.0.0.1:5292";
    private const string KestrelOnlyUrl = "http://127.0.0.1:5293";

    public static async Task MeasureAsync(string path)
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Development");
        // To the service, the load generator is a single caller, which exceeds the default rate limit.
        Environment.SetEnvironmentVariable("Callers__RequestsPerMinute", "10000000");
        var main = typeof(ResponseCache).Assembly.EntryPoint!;
        _ = Task.Run(() => main.Invoke(null, [new[] { "--urls", ServiceUrl }]));
        var response = await RecordResponseAsync(ServiceUrl + path);
        await using var withMiddleware = await Baseline.StartAsync(WithMiddlewareUrl, response, withMiddleware: true);
        await using var kestrelOnly = await Baseline.StartAsync(KestrelOnlyUrl, response, withMiddleware: false);
        (string Name, string Url)[] servers = [("service", ServiceUrl), ("with middleware", WithMiddlewareUrl), ("Kestrel only", KestrelOnlyUrl)];
        foreach (var (_, url) in servers)
        {
            await LoadAsync(url + path);
        }

        // By now, the JIT compiler has compiled the code of all servers.
        foreach (var (name, url) in servers)
        {
            var (allocated, processor) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
            var requests = await LoadAsync(url + path);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            processor = Environment.CpuUsage.TotalTime - processor;
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-15} {allocated / requests,6} bytes allocated and {processor.TotalMicroseconds / requests:0.0} µs of processor time per request ({requests} requests, body of {response.Body.Length} bytes)"));
        }
    }

    /// <summary>Waits until the service is up, then sends the query often enough for its response to be cached.</summary>
    private static async Task<RecordedResponse> RecordResponseAsync(string url)
    {
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var response = await client.GetAsync(url);
                if (response.IsSuccessStatusCode && attempt >= 4)
                {
                    var headers = response.Headers.Concat(response.Content.Headers);
                    return RecordedResponse.Of(await response.Content.ReadAsByteArrayAsync(), headers.Select(one => KeyValuePair.Create(one.Key, string.Join(", ", one.Value))));
                }
            }
            catch (HttpRequestException) when (attempt < 300)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private static async Task<long> LoadAsync(string url) => (await Wrk.RunAsync(url, connections: 32, seconds: 3)).Requests;
}
