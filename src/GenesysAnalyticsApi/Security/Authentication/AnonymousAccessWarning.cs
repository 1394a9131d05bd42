namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>
/// Warns at each startup if anonymous access is enabled outside Development, and if anonymous callers do not get the configured <c>agents</c> scope.
/// </summary>
internal sealed partial class AnonymousAccessWarning(
    ActiveAuthModes active, AnonymousScopes scopes, IHostEnvironment environment, ILogger<AnonymousAccessWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (active.Modes.HasFlag(AuthModes.Anonymous) && !environment.IsDevelopment())
        {
            Log.Open(logger);
        }

        if (active.Modes.HasFlag(AuthModes.Anonymous) && scopes.WithholdsAgents)
        {
            Log.Withheld(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(4000, LogLevel.Warning, "Anonymous access is enabled (Auth:AllowAnonymous=true). See docs/callers.md")]
        public static partial void Open(ILogger logger);

        [LoggerMessage(2400, LogLevel.Warning, "Anonymous callers do not get the agents scope, although Auth:AnonymousScopes contains it: the agents are real. To grant this scope, also set Auth:AllowAnonymous=true")]
        public static partial void Withheld(ILogger logger);
    }
}
