using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>In Development, logs the address of the page as the first line, once the service listens. The buffered events of the startup follow.</summary>
internal sealed partial class StartupAddressLog(IServer server, BufferedStartupLog startupLog, ILogger<StartupAddressLog> logger) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        // An http address is preferred, because it needs no certificate that the browser trusts.
        var first = addresses.Select(BrowserAddressOf).OfType<string>().OrderByDescending(address => address.StartsWith("http:", StringComparison.OrdinalIgnoreCase)).FirstOrDefault();
        startupLog.Flush(() =>
        {
            if (first is not null)
            {
                Log.Open(logger, $"{first}/");
            }
        });
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>Null for a Unix socket or a named pipe, which a browser cannot open.</returns>
    private static string? BrowserAddressOf(string address)
    {
        var parsed = BindingAddress.Parse(address);
        // These hosts mean every address of the machine. A browser cannot open such an address.
        var host = parsed.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : parsed.Host;
        return parsed.IsUnixPipe || parsed.IsNamedPipe ? null : $"{parsed.Scheme}://{host}:{parsed.Port}";
    }

    private static partial class Log
    {
        [LoggerMessage(2301, LogLevel.Information, "Open {Address} in a browser. Ctrl+C ends the service")]
        public static partial void Open(ILogger logger, string address);
    }
}
