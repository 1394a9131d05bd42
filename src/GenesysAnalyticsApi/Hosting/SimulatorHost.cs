using GenesysAnalyticsApi.Genesys.Settings;
using GenesysSimulator;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// In the demo mode, runs the Genesys simulator in this process, on a free port of the loopback interface. This host is registered before every hosted service
/// that sends Genesys requests. It therefore sets the addresses in the options before those services read them, and stops after those services.
/// </summary>
internal sealed partial class SimulatorHost(IOptions<GenesysOptions> options, TimeProvider clock, ILogger<SimulatorHost> logger) : IHostedService
{
    private Simulator? _simulator;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var genesys = options.Value;
        if (genesys.Mode != GenesysMode.Simulator)
        {
            return;
        }

        var settings = new SimulatorSettings();
        _simulator = await Simulator.StartAsync(settings, clock, cancellationToken);
        (genesys.ApiBaseUrl, genesys.LoginBaseUrl) = (_simulator.BaseAddress, _simulator.BaseAddress);
        (genesys.ClientId, genesys.ClientSecret) = (settings.ClientId, settings.ClientSecret);
        Log.Simulated(logger, _simulator.BaseAddress);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2200, LogLevel.Warning, "The figures are simulated: they come from a simulator at {Address}, not from Genesys Cloud. For real figures, see docs/configuration.md")]
        public static partial void Simulated(ILogger logger, Uri address);
    }
}
