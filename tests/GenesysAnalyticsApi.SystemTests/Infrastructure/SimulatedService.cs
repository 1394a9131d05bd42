using System.Text.Json;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>The whole service in front of the simulator, over real sockets, on a clock that the test advances.</summary>
internal sealed class SimulatedService : IAsyncDisposable
{
    private readonly List<RunningService> _services = [];
    private readonly Dictionary<string, string> _settings;
    private readonly Action<IServiceCollection> _replace;

    private SimulatedService(Simulator simulator, TimeProvider clock, Dictionary<string, string> settings, Action<IServiceCollection> replace)
    {
        Simulator = simulator;
        _replace = replace;
        Clock = clock;
        _settings = new(settings)
        {
            ["Genesys:ApiBaseUrl"] = simulator.BaseAddress.ToString(),
            ["Genesys:LoginBaseUrl"] = simulator.BaseAddress.ToString(),
            ["Genesys:ClientId"] = "simulator",
            ["Genesys:ClientSecret"] = "simulator",
        };
        _settings.TryAdd("Genesys:RequestsPerMinute", "100000");
        Service = Replica();
        Client = Service.CreateClient();
    }

    public static DateTimeOffset Monday { get; } = new(2026, 11, 23, 9, 15, 20, TimeSpan.Zero);

    public Simulator Simulator { get; }

    public TimeProvider Clock { get; }

    public FakeTimeProvider FakeClock => (FakeTimeProvider)Clock;

    public RunningService Service { get; }

    public HttpClient Client { get; }

    public int AggregateCalls => Simulator.Calls.Count(call => call.Path.Contains("/aggregates/query", StringComparison.Ordinal));

    /// <param name="replace">Replaces registered services in each replica.</param>
    /// <param name="faults">Faults that are active before the service starts.</param>
    public static async Task<SimulatedService> StartAsync(
        SimulatorSettings? simulated = null, Dictionary<string, string>? settings = null, TimeProvider? clock = null,
        Action<IServiceCollection>? replace = null, params SimulatorFault[] faults)
    {
        clock ??= new FakeTimeProvider(Monday);
        var simulator = await Simulator.StartAsync(
            simulated ?? new SimulatorSettings { Queues = 8, RequestsPerMinute = 1_000_000 }, clock, TestContext.Current.CancellationToken);
        simulator.Faults.Set(faults);
        return new SimulatedService(simulator, clock, settings ?? [], replace ?? (_ => { }));
    }

    /// <summary>Creates another replica of the same service.</summary>
    /// <param name="clock">The clock of this replica, if it differs from that of the others.</param>
    public RunningService Replica(string environment = "Production", TimeProvider? clock = null)
    {
        var replica = new RunningService { Environment = environment, Clock = clock ?? Clock, Upstream = null, Settings = _settings, Replace = _replace };
        _services.Add(replica);
        return replica;
    }

    public async Task<JsonElement> QueryAsync(string query, HttpClient? client = null)
    {
        using var response = await (client ?? Client).GetAsync(new Uri(query, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue($"{query}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The number of aggregates requests that an action causes.</summary>
    public async Task<int> CallsOfAsync(Func<Task> action)
    {
        var before = AggregateCalls;
        await action();
        return AggregateCalls - before;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        await Simulator.DisposeAsync();
    }
}
