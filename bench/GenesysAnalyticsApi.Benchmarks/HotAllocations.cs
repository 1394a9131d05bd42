using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// What a repeated question costs the server in allocated bytes and processor time. The servers run in this process, the load comes from
/// another (<c>wrk</c>): so nothing of a client is in the figures. Start it with its output to a file or /dev/null; it reports on stderr.
/// </summary>
internal static class HotAllocations
{
    private const string ServiceUrl = "http://127.0.0.1:5291";
    private const string WithMiddlewareUrl = "http://127.0.0.1:5292";
    private const string KestrelOnlyUrl = "http://127.0.0.1:5293";

    public static async Task MeasureAsync(string path)
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Development");
        // One load generator is one caller, who asks more than a caller may.
        Environment.SetEnvironmentVariable("Callers__RequestsPerMinute", "10000000");
        var main = typeof(ResponseCache).Assembly.EntryPoint!;
        _ = Task.Run(() => main.Invoke(null, [new[] { "--urls", ServiceUrl }]));
        var sent = await AskAsync(ServiceUrl + path);
        await using var withMiddleware = await Baseline.StartAsync(WithMiddlewareUrl, sent, withMiddleware: true);
        await using var kestrelOnly = await Baseline.StartAsync(KestrelOnlyUrl, sent, withMiddleware: false);
        (string Name, string Url)[] servers = [("service", ServiceUrl), ("with middleware", WithMiddlewareUrl), ("Kestrel only", KestrelOnlyUrl)];
        foreach (var (_, url) in servers)
        {
            await LoadAsync(url + path);
        }

        // What is compiled anew for it has been by now.
        foreach (var (name, url) in servers)
        {
            var (allocated, processor) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
            var requests = await LoadAsync(url + path);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            processor = Environment.CpuUsage.TotalTime - processor;
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-15} {allocated / requests,6} bytes allocated and {processor.TotalMicroseconds / requests:0.0} us of processor time a request ({requests} requests of {sent.Body.Length} bytes)"));
        }
    }

    /// <summary>Until it is up; then often enough to be prepared.</summary>
    private static async Task<SentBytes> AskAsync(string url)
    {
        using var client = new HttpClient();
        for (var again = 0; ; again++)
        {
            try
            {
                using var response = await client.GetAsync(url);
                if (response.IsSuccessStatusCode && again >= 4)
                {
                    var headers = response.Headers.Concat(response.Content.Headers);
                    return SentBytes.Of(await response.Content.ReadAsByteArrayAsync(), headers.Select(one => KeyValuePair.Create(one.Key, string.Join(", ", one.Value))));
                }
            }
            catch (HttpRequestException) when (again < 300)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private static async Task<long> LoadAsync(string url) => (await Wrk.RunAsync(url, connections: 32, seconds: 3)).Requests;
}
