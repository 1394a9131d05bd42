using GenesysSimulator.Aggregates;
using GenesysSimulator.Faults;
using GenesysSimulator.Organization;
using GenesysSimulator.Queues;
using GenesysSimulator.Tokens;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace GenesysSimulator;

/// <summary>A Genesys Cloud on a port: login and API at one address. Quiet, and of its own: it reads no configuration of its host.</summary>
public sealed class Simulator : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly IssuedTokens _tokens;
    private readonly CallRecorder _recorder;

    private Simulator(WebApplication host, SimulatedWorld world, SimulatorFaults faults, IssuedTokens tokens, CallRecorder recorder)
    {
        (_host, World, Faults, _tokens, _recorder) = (host, world, faults, tokens, recorder);
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        BaseAddress = new Uri(addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal));
    }

    public Uri BaseAddress { get; }

    public SimulatedWorld World { get; }

    public SimulatorFaults Faults { get; }

    /// <summary>The last 10 000 requests received, oldest first; those to /simulator are not among them.</summary>
    public IReadOnlyList<RecordedCall> Calls => _recorder.All;

    public static async Task<Simulator> StartAsync(SimulatorSettings settings, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        var world = new SimulatedWorld(settings, clock.GetUtcNow());
        var (faults, recorder, tokens) = (new SimulatorFaults(), new CallRecorder(), new IssuedTokens(settings, clock));
        var routes = new SimulatorRoutes(
            new TokenEndpoint(settings, tokens),
            new AggregatesEndpoint(world, settings, clock),
            new AggregatesJobs(world, clock),
            new QueuesEndpoint(world, clock),
            new LimitsEndpoint(settings),
            new FaultsEndpoint(faults));
        var pipeline = new SimulatorPipeline(settings, clock, faults, tokens, recorder, routes);

        // Empty: no settings file, environment or console of the process that hosts it reaches this host.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().UseUrls(settings.Url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var host = await BuildAsync(builder, ct);
        host.Run(pipeline.HandleAsync);
        await host.StartAsync(ct);
        return new Simulator(host, world, faults, tokens, recorder);
    }

    public void ClearCalls() => _recorder.Clear();

    /// <summary>Every token dies before its time, as when a client is disabled.</summary>
    public void RevokeTokens() => _tokens.RevokeAll();

    public async ValueTask DisposeAsync()
    {
        // No grace: a request that hangs on purpose would use all of it.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _host.StopAsync(now.Token);
        await _host.DisposeAsync();
    }

    /// <summary>
    /// Who waits for the host of a program to be built, as WebApplicationFactory does, knows it by its execution context: in that one
    /// this host could be taken for the program's own, and get a server without a port.
    /// </summary>
    private static Task<WebApplication> BuildAsync(WebApplicationBuilder builder, CancellationToken ct)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(builder.Build, ct);
        }
    }

    /// <summary>The process' signals belong to whoever hosts this.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
