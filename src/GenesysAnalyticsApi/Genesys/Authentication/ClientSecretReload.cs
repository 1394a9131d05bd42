using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.Extensions.Primitives;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// Applies a changed client secret from a watched source (<c>appsettings.json</c>, user secrets), so rotating the secret needs no restart. No other setting is
/// reloaded. With another client or region, for example, all cached data would belong to another organization.
/// </summary>
internal sealed partial class ClientSecretReload(
    IOptions<GenesysOptions> options, IOptionsFactory<GenesysOptions> factory, IEnumerable<IOptionsChangeTokenSource<GenesysOptions>> changes,
    ILogger<ClientSecretReload> logger) : IHostedService
{
    private List<IDisposable> _registrations = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registrations = [.. changes.Select(change => ChangeToken.OnChange(change.GetChangeToken, Apply))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _registrations.ForEach(registration => registration.Dispose());
        return Task.CompletedTask;
    }

    private void Apply()
    {
        var current = options.Value;
        if (current.Mode == GenesysMode.Simulator)
        {
            // The simulator has its own credentials.
            return;
        }

        try
        {
            if (factory.Create(Options.DefaultName).ClientSecret is { Length: > 0 } secret && secret != current.ClientSecret)
            {
                current.ClientSecret = secret;
                Log.SecretChanged(logger);
            }
        }
        catch (InvalidOperationException exception)
        {
            // At startup, an unreadable value would prevent the service from starting. A running service keeps its current settings.
            Log.Unreadable(logger, exception.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Information, "Genesys:ClientSecret changed; the next login uses the new value")]
        public static partial void SecretChanged(ILogger logger);

        [LoggerMessage(1013, LogLevel.Warning, "Settings changed and could not be read ({Reason}); the service kept the previous settings")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
