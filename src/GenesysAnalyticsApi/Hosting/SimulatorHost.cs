using GenesysAnalyticsApi.Genesys;
using GenesysSimulator;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// The demo mode: a Genesys Cloud of one's own in this process, on a free port of the loopback interface. Registered before every other
/// hosted service, so that the addresses are in the options before anybody asks for them, and so that it stops last.
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
        [LoggerMessage(2200, LogLevel.Warning, "The figures are simulated: no Genesys Cloud is asked, but a simulator at {Address}. For real ones see docs/configuration.md")]
        public static partial void Simulated(ILogger logger, Uri address);
    }
}
