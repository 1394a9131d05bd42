using GenesysSimulator.Aggregates;
using GenesysSimulator.Details;
using GenesysSimulator.Directory;
using GenesysSimulator.Faults;
using GenesysSimulator.Notifications;
using GenesysSimulator.Organization;
using GenesysSimulator.Queues;
using GenesysSimulator.RealTime;
using GenesysSimulator.Tokens;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace GenesysSimulator;

/// <summary>A simulated Genesys Cloud with the login and the API at one address. It writes no log and reads no configuration of the host process.</summary>
public sealed class Simulator : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly IssuedTokens _tokens;
    private readonly CallRecorder _recorder;
    private readonly ChannelRegistry _channels;
    private readonly NotificationPump _pump;

    private Simulator(
        WebApplication host, SimulatedWorld world, ActiveFaults faults, IssuedTokens tokens, CallRecorder recorder, ChannelRegistry channels, NotificationPump pump)
    {
        (_host, World, Faults, _tokens, _recorder, _channels, _pump) = (host, world, faults, tokens, recorder, channels, pump);
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        BaseAddress = new Uri(addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal));
    }

    public Uri BaseAddress { get; }

    public SimulatedWorld World { get; }

    public ActiveFaults Faults { get; }

    /// <summary>The last 10,000 requests, oldest first. Requests to /simulator are not included.</summary>
    public IReadOnlyList<RecordedCall> Calls => _recorder.All;

    /// <summary>The number of notification channels with a connected socket.</summary>
    public int ConnectedChannels => _channels.Connected().Count;

    public static async Task<Simulator> StartAsync(SimulatorSettings settings, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        var world = new SimulatedWorld(settings, clock.GetUtcNow());
        var (faults, recorder, tokens) = (new ActiveFaults(), new CallRecorder(), new IssuedTokens(settings, clock));
        var (indexes, channels) = (new RecordIndexes(world), new ChannelRegistry(settings, clock));
#pragma warning disable CA2000 // The simulator owns the pump; if the simulator does not start, the catch block disposes of the pump.
        var pump = new NotificationPump(world, settings, faults, channels, clock);
#pragma warning restore CA2000
        try
        {
            var sockets = new NotificationSockets(channels, pump, faults, recorder, clock);
            var routes = new SimulatorRoutes(
                new TokenEndpoint(settings, tokens),
                new AggregatesEndpoint(world, settings, clock),
                new AggregatesJobs(world, settings, clock),
                new DetailsRoutes(new DetailsEndpoint(world, settings, indexes, clock), new DetailsJobs(world, settings, indexes, clock)),
                new RealTimeRoutes(
                    new ConversationActivityEndpoint(world, settings, clock),
                    new RoutingActivityEndpoint(world, settings, clock),
                    new ObservationsEndpoint(world, settings, clock)),
                new NotificationRoutes(channels, new ChannelsEndpoint(channels, pump)),
                new QueuesEndpoint(world, clock),
                new UsersEndpoint(world),
                new WrapUpCodesEndpoint(world),
                new LimitsEndpoint(settings),
                new FaultsEndpoint(faults));
            var pipeline = new SimulatorPipeline(settings, clock, faults, tokens, recorder, routes);

            // An empty builder ignores the settings files, environment and console of the host process.
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
            builder.WebHost.UseKestrelCore().UseUrls(settings.Url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
            var host = await BuildAsync(builder, ct);
            host.UseWebSockets();
            host.Run(context => NotificationSockets.Accepts(context) ? sockets.HandleAsync(context) : pipeline.HandleAsync(context));
            await host.StartAsync(ct);
            return new Simulator(host, world, faults, tokens, recorder, channels, pump);
        }
        catch
        {
            await pump.DisposeAsync();
            throw;
        }
    }

    public void ClearCalls() => _recorder.Clear();

    /// <summary>Revokes all tokens, as if the client were disabled.</summary>
    public void RevokeTokens() => _tokens.RevokeAll();

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();

        // The host stops without a grace period, because a request with the "hang" fault would always use all of it.
        using var noGracePeriod = new CancellationTokenSource();
        await noGracePeriod.CancelAsync();
        await _host.StopAsync(noGracePeriod.Token);
        await _host.DisposeAsync();
    }

    /// <summary>
    /// Builds the host without the execution context of the caller. By this context, WebApplicationFactory identifies the host of the program under test. With
    /// the context, the factory could mistake this host for that of the program, and replace this host's server with one that has no port.
    /// </summary>
    private static Task<WebApplication> BuildAsync(WebApplicationBuilder builder, CancellationToken ct)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(builder.Build, ct);
        }
    }

    /// <summary>Leaves process signals to the host process.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
