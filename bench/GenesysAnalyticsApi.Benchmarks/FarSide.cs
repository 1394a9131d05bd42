using System.Globalization;
using System.Text;
using GenesysSimulator;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>The simulator in this process, where its calls can be counted, and a service in another that asks it.</summary>
internal sealed class FarSide(Simulator simulator) : IAsyncDisposable
{
    private const int Port = 5294;
    private const int Unlimited = 100_000;
    private const string AggregatesPath = "/api/v2/analytics/conversations/aggregates/query";

    /// <summary>Questions that another direction has slices of its own for: they compile the service's code and leave its cache cold.</summary>
    private const string Elsewhere = "&direction=outbound";

    public IReadOnlyList<RecordedCall> AggregateCalls => [.. simulator.Calls.Where(call => call.Path == AggregatesPath)];

    public static async Task<FarSide> StartAsync() =>
        new(await Simulator.StartAsync(new SimulatorSettings { RequestsPerMinute = Unlimited }, TimeProvider.System, CancellationToken.None));

    /// <summary>A service whose code is warm, and whose cache holds nothing of the question.</summary>
    public async Task<ServiceProcess> ServeColdAsync(string path, int warmUps, params (string Name, string Value)[] settings)
    {
        var service = ServiceProcess.Start(
            ServiceProcess.BuiltService,
            Port,
            [
                ("Genesys__ApiBaseUrl", simulator.BaseAddress.OriginalString),
                ("Genesys__LoginBaseUrl", simulator.BaseAddress.OriginalString),
                ("Genesys__ClientId", "simulator"),
                ("Genesys__ClientSecret", "simulator"),
                ("Genesys__RequestsPerMinute", Unlimited.ToString(CultureInfo.InvariantCulture)),
                .. settings,
            ]);
        await service.FirstAnswerAsync("/health/ready");
        for (var time = 0; time < warmUps; time++)
        {
            // Never prepared, never from the cache: the whole way each time.
            await service.AskAsync($"{path}{Elsewhere}&maxAge=0&groupBy={(time % 2 == 0 ? "queueId" : "mediaType")}");
        }

        simulator.ClearCalls();
        return service;
    }

    /// <summary>The same call once more, with the same headers; its bytes are looked at by nobody.</summary>
    public async Task DrainAsync(HttpClient client, RecordedCall call, CancellationToken cancellationToken)
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
