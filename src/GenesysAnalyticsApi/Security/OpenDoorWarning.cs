namespace GenesysAnalyticsApi.Security;

/// <summary>Says at each start outside Development that anybody is let in: nobody shall find that out from somebody else.</summary>
internal sealed partial class OpenDoorWarning(ChosenModes chosen, IHostEnvironment environment, ILogger<OpenDoorWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (chosen.Modes.HasFlag(AuthModes.Anonymous) && !environment.IsDevelopment())
        {
            Log.Open(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(4000, LogLevel.Warning, "Whoever reaches this service is answered: Auth:AllowAnonymous is true. See docs/callers.md")]
        public static partial void Open(ILogger logger);
    }
}
