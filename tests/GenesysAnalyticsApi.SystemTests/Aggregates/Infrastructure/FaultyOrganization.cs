using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>The simulator behind real sockets, on a clock that runs forty times as fast as real time. Tests create services in front of it.</summary>
public sealed class FaultyOrganization : IAsyncLifetime
{
    public const string Token = "/oauth/token";
    public const string Queues = "/api/v2/routing/queues";
    public const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    /// <summary>An interval that settled long ago and spans the end of a month: hours, a day of September, days of October, and hours again.</summary>
    public const string Query = "from=2026-09-29T22:00:00Z&to=2026-10-03T06:00:00Z";

    /// <summary>The longest time that a request may take on this clock. It is 7 real seconds: a slow machine must not cause timeouts.</summary>
    private static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(280);

    private readonly ConcurrentDictionary<string, JsonObject> _truth = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _unobserved = [];

    internal FastClock Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero), speed: 40);

    internal GenesysSimulator.Simulator Simulator { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TaskScheduler.UnobservedTaskException += Unobserved;
        Simulator = await GenesysSimulator.Simulator.StartAsync(
            new SimulatorSettings { Queues = 6, Volume = 0.1, RequestsPerMinute = 100_000 }, Clock, Cancellation);
    }

    /// <summary>Fails if an exception was never observed.</summary>
    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Unobserved;

        // Other tests in this process ignore failed tasks on purpose, so only exceptions from the path of a query matter.
        _unobserved.Where(failure => failure.Contains("at GenesysAnalyticsApi.Aggregates.", StringComparison.Ordinal)
            || failure.Contains("at GenesysAnalyticsApi.Queues.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>A service in front of the simulator, without any state from earlier services.</summary>
    internal RunningService Service(params (string Key, string Value)[] settings) => new()
    {
        Upstream = null,
        Clock = Clock,
        Settings = new Dictionary<string, string>
        {
            ["Genesys:ApiBaseUrl"] = Simulator.BaseAddress.AbsoluteUri,
            ["Genesys:LoginBaseUrl"] = Simulator.BaseAddress.AbsoluteUri,
            ["Genesys:ClientId"] = "simulator",
            ["Genesys:ClientSecret"] = "simulator",
            ["Genesys:RequestsPerMinute"] = "100000",
            ["Genesys:AttemptTimeout"] = "00:02:00",
            ["Genesys:TotalTimeout"] = TotalTimeout.ToString("c"),
            ["Aggregates:Timeout"] = "00:10:00",
        }.Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
            .GroupBy(setting => setting.Key)
            .ToDictionary(setting => setting.Key, setting => setting.Last().Value),
    };

    /// <summary>The response to the query when there is no fault.</summary>
    internal async Task<JsonObject> TruthAsync(string query)
    {
        if (!_truth.TryGetValue(query, out var truth))
        {
            Simulator.Faults.Clear();
            using var service = Service();
            await service.QueryAsync("last=PT5M");
            truth = _truth[query] = await service.QueryAsync(query);
            truth.Records().ShouldNotBeEmpty();
        }

        return truth;
    }

    /// <summary>Sends a query while the faults are active, and checks what must be true of every response.</summary>
    internal async Task<FaultyResponse> QueryAsync(string query, params SimulatorFault[] faults)
    {
        var truth = await TruthAsync(query);
        Simulator.Faults.Set(faults);
        Simulator.ClearCalls();
        using var service = Service();
        try
        {
            return await QueryAsync(service, query, truth);
        }
        finally
        {
            Simulator.Faults.Clear();
        }
    }

    internal async Task<FaultyResponse> QueryAsync(RunningService service, string query, JsonObject truth)
    {
        using var client = service.CreateClient();
        var started = Clock.GetTimestamp();
        using var response = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), Cancellation);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();
        var took = Clock.GetElapsedTime(started);

        // Two more minutes, which are three real seconds, allow for a slow machine.
        took.ShouldBeLessThan(TotalTimeout + TimeSpan.FromMinutes(2));
        service.Log.Events.Where(line => line.Level >= LogEventLevel.Error && line.Exception is not null).Select(RecordedLog.Text).ShouldBeEmpty();
        var result = new FaultyResponse(response.StatusCode, response.Headers.RetryAfter?.Delta, body, took);
        result.ShouldBeHonest(truth);
        return result;
    }

    private void Unobserved(object? sender, UnobservedTaskExceptionEventArgs failed) => _unobserved.Enqueue(failed.Exception.ToString());
}
