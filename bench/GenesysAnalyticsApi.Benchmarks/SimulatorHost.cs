using System.Globalization;
using System.Text;
using GenesysSimulator;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>Hosts the simulator in this process, so that its calls can be counted, and starts services in other processes that use it.</summary>
internal sealed class SimulatorHost(Simulator simulator) : IAsyncDisposable
{
    private const int ServicePort = 5294;
    private const int Unlimited = 100_000;
    private const string AggregatesPath = "/api/v2/analytics/conversations/aggregates/query";

    /// <summary>Each direction has separate slices, so warm-up queries with this filter leave the slices of the measured query uncached.</summary>
    private const string WarmUpFilter = "&direction=outbound";

    public IReadOnlyList<RecordedCall> AggregateCalls => [.. simulator.Calls.Where(call => call.Path == AggregatesPath)];

    public static async Task<SimulatorHost> StartAsync() =>
        new(await Simulator.StartAsync(new SimulatorSettings { RequestsPerMinute = Unlimited }, TimeProvider.System, CancellationToken.None));

    /// <summary>Starts a service whose code is warmed up, but whose cache contains nothing for the path.</summary>
    /// <param name="settings">See <see cref="ServiceProcess.Start"/>.</param>
    public async Task<ServiceProcess> StartServiceAsync(string path, int warmUpQueries, params (string Name, string Value)[] settings)
    {
        var service = ServiceProcess.Start(
            ServiceProcess.BuiltService,
            ServicePort,
            [
                ("Genesys__ApiBaseUrl", simulator.BaseAddress.OriginalString),
                ("Genesys__LoginBaseUrl", simulator.BaseAddress.OriginalString),
                ("Genesys__ClientId", "simulator"),
                ("Genesys__ClientSecret", "simulator"),
                ("Genesys__RequestsPerMinute", Unlimited.ToString(CultureInfo.InvariantCulture)),
                .. settings,
            ]);
        await service.WaitForResponseAsync("/health/ready");
        for (var query = 0; query < warmUpQueries; query++)
        {
            // With maxAge=0, neither the response cache nor the slice cache is used, so each query takes the complete path.
            await service.GetAsync($"{path}{WarmUpFilter}&maxAge=0&groupBy={(query % 2 == 0 ? "queueId" : "mediaType")}");
        }

        simulator.ClearCalls();
        return service;
    }

    /// <summary>Sends a recorded call again, with the same headers, and discards the reply.</summary>
    public async Task RepeatAsync(HttpClient client, RecordedCall call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(simulator.BaseAddress, call.Path))
        {
            Content = new StringContent(call.Body, Encoding.UTF8, "application/json"),
        };
        foreach (var name in new[] { "Authorization", "Accept", "Accept-Encoding" })
        {
            request.Headers.TryAddWithoutValidation(name, call.Headers.GetValueOrDefault(name));
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
        await body.CopyToAsync(Stream.Null, cancellationToken);
    }

    public ValueTask DisposeAsync() => simulator.DisposeAsync();
}
