using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Checks whether the OAuth client gets a token. If the service has a valid token, the check uses that token, because Genesys throttles logins. A throttled
/// login is attempted four times, with pauses of up to 21 s in total, unless the previous login failed too. This check runs even if the TLS check was
/// skipped because the addresses are http, but not if the TLS check failed.
/// </summary>
internal sealed class TokenCheck(AccessTokenProvider tokens, IOptions<GenesysOptions> options)
    : DiagnosticCheck(DiagnosticNames.Token, "The login to Genesys, with its retries,", 25, DiagnosticNames.Dns, DiagnosticNames.Tls)
{
    private const string Clients = "Integrations > OAuth in Genesys Admin";

    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken, isDiagnostic: true);
        return CheckOutcome.Ok($"A token was obtained, valid until {token.ExpiresAt:u}.");
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) => Explain(failure) with { Details = GenesysRemedies.DetailsOf(failure) };

    private CheckOutcome Explain(GenesysFailure failure) => failure.Kind switch
    {
        GenesysFailureKind.Unauthorized when Says(failure, "client not found") => CheckOutcome.Failed(
            $"Genesys does not know the OAuth client {Where}.",
            $"Compare Genesys:ClientId with the id under {Clients}. A client exists only in its own region: if the id is correct, Genesys:Region is wrong."),
        GenesysFailureKind.Unauthorized when Says(failure, "authentication failed") => CheckOutcome.Failed(
            $"Genesys rejects the secret of the OAuth client {Where}.",
            $"Set Genesys:ClientSecret to the secret under {Clients}, where you can also create a new one. If it is correct, check that the client belongs to this region (Genesys:Region)."),
        GenesysFailureKind.Unauthorized => CheckOutcome.Failed(
            $"Genesys rejects the OAuth client {Where} ({failure.Status}).",
            $"Check Genesys:ClientId, Genesys:ClientSecret and Genesys:Region; under {Clients} the client must be active and have the grant type Client Credentials."),
        GenesysFailureKind.RateLimited => CheckOutcome.Failed(
            "Genesys is throttling the logins of the client, and the retries of this login were throttled too.",
            "Wait some minutes. Then find the program that logs in repeatedly with this client: a service that restarts in a loop, or a script that does not reuse its token."),
        _ when failure.IsHtmlPage => CheckOutcome.Failed(failure.Message, GenesysRemedies.HtmlPage),
        GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout when failure.Status is null => CheckOutcome.Failed(failure.Message, GenesysRemedies.Reach),
        GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout => CheckOutcome.Failed(
            failure.Message, "This service works: wait, and check the status page of Genesys Cloud."),
        _ => CheckOutcome.Failed(failure.Message, "Another server responds instead of the Genesys login: check Genesys:Region and Genesys:LoginBaseUrl, and any proxy in between (HTTPS_PROXY)."),
    };

    private string Where => options.Value.LoginBaseUrl is { } url ? $"at {ConfigurationCheck.HostOf(url)}" : $"in region {options.Value.Region}";

    private static bool Says(GenesysFailure failure, string text) => failure.UpstreamMessage?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}
