using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Checks whether the client gets a token. A valid token of the service is reused, because Genesys limits logins and the later checks use the
/// same token.
/// </summary>
internal sealed class TokenCheck(AccessTokenProvider tokens, IOptions<GenesysOptions> options) : IDiagnosticCheck
{
    private const string Clients = "Integrations > OAuth in Genesys Admin";

    public string Name => DiagnosticNames.Token;

    // A skipped TLS check (http addresses) does not prevent this check; a failed one does.
    public IReadOnlyList<string> Needs => [DiagnosticNames.Dns, DiagnosticNames.Tls];

    /// <summary>A rate-limited login is tried four times with pauses, which takes up to 21 s.</summary>
    public TimeSpan Limit => TimeSpan.FromSeconds(25);

    public string Subject => "The login of Genesys, asked repeatedly,";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        try
        {
            var token = await tokens.GetAsync(cancellationToken, isDiagnostic: true);
            return CheckOutcome.Ok($"There is a token, valid until {token.ExpiresAt:u}.");
        }
        catch (GenesysException refused)
        {
            return Judged(refused.Failure) with { Details = GenesysRemedies.DetailsOf(refused.Failure) };
        }
    }

    private CheckOutcome Judged(GenesysFailure failure) => failure.Kind switch
    {
        GenesysFailureKind.Unauthorized when Says(failure, "client not found") => CheckOutcome.Failed(
            $"Genesys does not know the OAuth client {Where}.",
            $"Compare Genesys:ClientId with the id under {Clients}. A client exists in its own region only: if the id is right, Genesys:Region is wrong."),
        GenesysFailureKind.Unauthorized when Says(failure, "authentication failed") => CheckOutcome.Failed(
            $"Genesys refuses the secret of the OAuth client {Where}.",
            $"Give Genesys:ClientSecret as it is under {Clients}, where a new one can be made too. If it is right, look whether the client belongs to this region (Genesys:Region)."),
        GenesysFailureKind.Unauthorized => CheckOutcome.Failed(
            $"Genesys refuses the OAuth client {Where} ({failure.Status}).",
            $"Check Genesys:ClientId, Genesys:ClientSecret and Genesys:Region; under {Clients} the client must be active, and of the grant type Client Credentials."),
        GenesysFailureKind.RateLimited => CheckOutcome.Failed(
            "Genesys limits the logins of the client, and this one has waited in vain.",
            "Wait some minutes. Then look for what logs in again and again as this client: a service that restarts without end, or a script without a memory of its token."),
        _ when failure.IsPage => CheckOutcome.Failed(failure.Message, GenesysRemedies.Page),
        GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout when failure.Status is null => CheckOutcome.Failed(failure.Message, GenesysRemedies.Reach),
        GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout => CheckOutcome.Failed(
            failure.Message, "Nothing is wrong here: wait, and look at the status page of Genesys Cloud."),
        _ => CheckOutcome.Failed(failure.Message, "Something else than the login of Genesys answers there: check Genesys:Region and Genesys:LoginBaseUrl, and the proxy on the way (HTTPS_PROXY)."),
    };

    private string Where => options.Value.LoginBaseUrl is { } url ? $"at {ConfigurationCheck.HostOf(url)}" : $"in region {options.Value.Region}";

    private static bool Says(GenesysFailure failure, string text) => failure.UpstreamMessage?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}
