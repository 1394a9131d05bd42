using System.Net;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.AspNetCore.Authentication;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Authenticates anonymous callers. Each network is one caller with its own rate limit.</summary>
internal sealed class AnonymousAuthenticator(AnonymousScopes scopes)
{
    public const string Scheme = "Anonymous";

    private readonly AuthenticateResult _local = Of("anonymous", scopes.Granted);

    // All callers on this machine share one result, because nearly every anonymous caller is on this machine.
    public AuthenticateResult Authenticate(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address) ? _local : Of(ClientNetwork.NameOf(address), scopes.Granted);

    private static AuthenticateResult Of(string name, CallerScopes granted) => AuthenticateResult.Success(
        new AuthenticationTicket(new CallerPrincipal(new Caller(CallerIdentity.OfNetwork(name), name, granted, QueueVisibility.All), Scheme), Scheme));
}

/// <summary>The scopes of anonymous callers, determined once.</summary>
internal sealed class AnonymousScopes
{
    public AnonymousScopes(ActiveAuthModes active, IOptions<AuthOptions> auth, IOptions<GenesysOptions> genesys)
    {
        if (!CallerScopeNames.TryRead(auth.Value.AnonymousScopes ?? "", out var configured))
        {
            // If Auth:Mode also accepts credentials, anonymous callers do not get the operator scope.
            Granted = CallerScopes.Read | CallerScopes.Details | (active.Modes == AuthModes.Anonymous ? CallerScopes.Operator : CallerScopes.None);
            return;
        }

        // The demo grants this scope, to show simulated agents. The same setting must not expose real agents once Genesys credentials are configured.
        WithholdsAgents = configured.HasFlag(CallerScopes.Agents) && genesys.Value.Mode != GenesysMode.Simulator && !auth.Value.AllowAnonymous;
        Granted = WithholdsAgents ? configured & ~CallerScopes.Agents : configured;
    }

    public CallerScopes Granted { get; }

    /// <summary>Whether <c>agents</c> is configured but not granted. For real agents, the scope also requires <c>Auth:AllowAnonymous</c>.</summary>
    public bool WithholdsAgents { get; }
}
