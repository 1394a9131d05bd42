using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Checks whether the OAuth client of this service may read conversation details. It requests only the time up to which bulk data is available, because
/// that reply contains no conversations. A failure is only a warning, because figures do not need conversation details.
/// </summary>
internal sealed class DetailsPermissionCheck(IConversationDetails details)
    : DiagnosticCheck(DiagnosticNames.DetailsPermission, "The request for the availability of conversation details", 8, DiagnosticNames.Token)
{
    private const string What = "Reading conversation details";

    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        await context.SendAsync(() => details.GetDataAvailabilityAsync(DiagnosticContext.Origin, cancellationToken), availability => availability.Calls);
        return CheckOutcome.Ok($"Genesys returns conversation details: '{GenesysPermissions.ConversationDetails}' is granted.");
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure)
    {
        var outcome = GenesysRemedies.Of(failure, What, GenesysPermissions.ConversationDetails) with { Condition = CheckStatus.Warning, BlocksDependents = false };
        return failure is { Kind: GenesysFailureKind.Forbidden, IsHtmlPage: false }
            ? outcome with { Text = $"{outcome.Text} Without this permission, GET /conversations and the reconciliation of figures do not work." }
            : outcome;
    }
}
