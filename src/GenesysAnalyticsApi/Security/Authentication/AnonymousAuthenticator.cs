using System.Net;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.RateLimiting;
using Microsoft.AspNetCore.Authentication;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Authenticates anonymous callers, if they are allowed. Callers are distinguished by network, so that each has its own rate limit.</summary>
/// <param name="active">If others have credentials, anonymous callers do not get the operator scope.</param>
internal sealed class AnonymousAuthenticator(ActiveAuthModes active)
{
    public const string Scheme = "Anonymous";

    private readonly AuthenticateResult _local = Of("anonymous", active.Modes);

    // Nearly every anonymous caller is on the same machine.
    public AuthenticateResult Authenticate(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address) ? _local : Of(ClientNetwork.NameOf(address), active.Modes);

    private static AuthenticateResult Of(string name, AuthModes modes)
    {
        var scopes = CallerScopes.Read | CallerScopes.Details | (modes == AuthModes.Anonymous ? CallerScopes.Operator : CallerScopes.None);
        return AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(new Caller(CallerIdentity.OfNetwork(name), name, scopes, QueueVisibility.All), Scheme), Scheme));
    }
}

/// <summary>Warns at each startup outside Development that anonymous access is enabled.</summary>
internal sealed partial class AnonymousAccessWarning(ActiveAuthModes active, IHostEnvironment environment, ILogger<AnonymousAccessWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (active.Modes.HasFlag(AuthModes.Anonymous) && !environment.IsDevelopment())
        {
            Log.Open(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(4000, LogLevel.Warning, "Anonymous access is enabled (Auth:AllowAnonymous=true). See docs/callers.md")]
        public static partial void Open(ILogger logger);
    }
}
