using System.Net;
using GenesysAnalyticsApi.Queues;
using Microsoft.AspNetCore.Authentication;

namespace GenesysAnalyticsApi.Security;

/// <summary>Callers without a name, where they are let in: told apart by where they call from, so that each has its own share.</summary>
/// <param name="chosen">Where others have keys, how the service is doing is theirs to know.</param>
internal sealed class AnonymousCallers(ChosenModes chosen)
{
    public const string Scheme = "Anonymous";

    private readonly AuthenticateResult _local = Of("anonymous", chosen.Modes);

    // Nearly every anonymous caller is on the same machine.
    public AuthenticateResult Authenticate(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address) ? _local : Of(RemoteNetwork.NameOf(address), chosen.Modes);

    private static AuthenticateResult Of(string name, AuthModes modes)
    {
        var scopes = CallerScopes.Read | CallerScopes.Details | (modes == AuthModes.Anonymous ? CallerScopes.Operator : CallerScopes.None);
        return AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(new Caller(CallerIdentity.OfNetwork(name), name, scopes, QueueView.All), Scheme), Scheme));
    }
}
