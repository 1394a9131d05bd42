using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// Takes over a client secret that changes in a source that is watched (<c>appsettings.json</c>, user secrets), so that a rotated secret
/// needs no restart. Only the secret: with another client or region, everything that is cached would belong to another organisation.
/// </summary>
internal sealed partial class ClientSecretReload(
    IOptions<GenesysOptions> options, IOptionsFactory<GenesysOptions> read, IEnumerable<IOptionsChangeTokenSource<GenesysOptions>> changes,
    ILogger<ClientSecretReload> logger) : IHostedService
{
    private List<IDisposable> _watched = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watched = [.. changes.Select(change => ChangeToken.OnChange(change.GetChangeToken, TakeOver))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _watched.ForEach(watched => watched.Dispose());
        return Task.CompletedTask;
    }

    private void TakeOver()
    {
        var used = options.Value;
        if (used.Mode == GenesysMode.Simulator)
        {
            // It has credentials of its own.
            return;
        }

        try
        {
            if (read.Create(Options.DefaultName).ClientSecret is { Length: > 0 } secret && secret != used.ClientSecret)
            {
                used.ClientSecret = secret;
                Log.SecretChanged(logger);
            }
        }
        catch (InvalidOperationException unreadable)
        {
            // A value that cannot be read stops a start. A service that runs keeps the settings that it has.
            Log.Unreadable(logger, unreadable.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Information, "Genesys:ClientSecret has changed; the next login uses the new one")]
        public static partial void SecretChanged(ILogger logger);

        [LoggerMessage(1013, LogLevel.Warning, "The settings have changed and cannot be read ({Reason}); the service keeps those it has")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
