using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Time.Testing;
using Serilog.Core;
#if GENESYS_SDK
using EntryPoint = GenesysAnalyticsApi.PureCloud.GenesysSdkGateway;
#else
using EntryPoint = Program;
#endif

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// The real service with the given settings, a clock that stands still and a fake upstream. Created with <c>using</c>:
/// <code>
/// using var service = new RunningService { Upstream = … };
/// var response = await service.CreateClient().GetAsync("/aggregates", cancellationToken);
/// </code>
/// It starts as in its own process: through the entry point of the build, which decides which Genesys clients are available.
/// </summary>
internal sealed class RunningService : WebApplicationFactory<EntryPoint>
{
    public const string PlantedSecret = "planted-secret-7f3a";

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 15, 0, TimeSpan.Zero);

    private readonly Dictionary<string, string> _settings = new()
    {
        // With a real server: a free port. UseKestrel(0) would race with the program, which may have started the server already.
        ["urls"] = "http://127.0.0.1:0",
        // Any value counts as a configured sink, so the console stays quiet.
        ["Serilog:WriteTo"] = "",
        ["Auth:AllowAnonymous"] = "true",
        // A test may send more requests than any caller, and its clock stands still.
        ["Callers:RequestsPerMinute"] = "10000000",
        // OpenTelemetry finds instruments by name, so each service would collect those of all other services in this process, for 176 KB each.
        ["Auth:Metrics"] = "Off",
        // Tests count requests, and reading the limits would add some.
        ["Genesys:ReadLimits"] = "false",
        ["Genesys:Client"] = $"{TestedClient.Client}",
        ["Genesys:Mode"] = "Live",
        ["Genesys:Region"] = "mypurecloud.test",
        ["Genesys:ClientId"] = "test-client",
        ["Genesys:ClientSecret"] = PlantedSecret,
    };

    public string Environment { get; init; } = Environments.Production;

    public TimeProvider Clock { get; init; } = new FakeTimeProvider(Start);

    /// <summary>Null keeps the real sockets, for an upstream that listens on loopback.</summary>
    public FakeUpstream? Upstream { get; init; } = new();

    public RecordedLog Log { get; } = new();

    /// <summary>Replaces or adds settings; an empty value removes one.</summary>
    public Dictionary<string, string> Settings
    {
        init
        {
            foreach (var (key, setting) in value)
            {
                _settings[key] = setting;
            }
        }
    }

    /// <summary>Replaces any other service.</summary>
    public Action<IServiceCollection> Replace { get; init; } = _ => { };

    /// <summary>Additional endpoints behind the real middleware.</summary>
    public Action<IApplicationBuilder>? Map { get; init; }

    /// <summary>The service as the launch profile "demo" starts it without credentials: a simulator replies on the loopback interface.</summary>
    public static RunningService Simulated() => Simulated(new FakeTimeProvider(Start), []);

    /// <summary>The same on a clock that runs ten times too fast, for tests that wait for asynchronous queries of Genesys or for its rate limit.</summary>
    public static RunningService SimulatedWithTime() => Simulated(
        new FastClock(Start, 10),
        new()
        {
            // Long timeouts, because the fast clock can run ahead of a busy machine.
            ["Genesys:AttemptTimeout"] = "00:10:00",
            ["Genesys:TotalTimeout"] = "00:30:00",
            ["Aggregates:Timeout"] = "01:00:00",
            ["Reconciliation:Timeout"] = "01:00:00",
        });

    private static RunningService Simulated(TimeProvider clock, Dictionary<string, string> settings) => new()
    {
        Environment = Environments.Development,
        Upstream = null,
        Clock = clock,
        Settings = new(settings)
        {
            ["Auth:Metrics"] = "Operators",
            ["Genesys:Mode"] = "Auto",
            ["Genesys:Region"] = "",
            ["Genesys:ClientId"] = "",
            ["Genesys:ClientSecret"] = "",
            ["Auth:AnonymousScopes"] = "read,details,agents,operator",
        },
    };

    /// <summary>
    /// Advances a clock that stands still: Polly waits by the clock of the service for calls that are still unwinding, and would wait forever.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        var disposing = Task.Run(async () => await base.DisposeAsync());
        while (await Task.WhenAny(disposing, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System)) != disposing)
        {
            (Clock as FakeTimeProvider)?.Advance(TimeSpan.FromSeconds(1));
        }

        await disposing;
        GC.SuppressFinalize(this);
    }

    /// <summary>The default of 100 seconds can be too short for a long query on a busy machine.</summary>
    protected override void ConfigureClient(HttpClient client)
    {
        base.ConfigureClient(client);
        client.Timeout = TimeSpan.FromMinutes(10);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environment);
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(Clock);
            services.AddSingleton<ILogEventSink>(Log);
            if (Upstream is not null)
            {
                services.PostConfigureAll<HttpClientFactoryOptions>(client =>
                    client.HttpMessageHandlerBuilderActions.Add(handlers => handlers.PrimaryHandler = Upstream));
            }

            if (Map is not null)
            {
                services.AddSingleton<IStartupFilter>(new EndOfPipeline(Map));
            }

            Replace(services);
        });
    }

    private sealed class EndOfPipeline(Action<IApplicationBuilder> map) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            map(app);
        };
    }
}
