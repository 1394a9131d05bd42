using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether the OAuth client of this service may list queues, by requesting the first page.</summary>
internal sealed class QueuesPermissionCheck(IGenesysGateway gateway)
    : DiagnosticCheck(DiagnosticNames.QueuesPermission, "The request for the list of queues", 8, DiagnosticNames.Token)
{
    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        context.FirstQueuePage = await context.SendAsync(() => gateway.ListQueuesAsync(1, DiagnosticContext.Origin, cancellationToken), page => page.Calls);
        return CheckOutcome.Ok($"Genesys lists queues: '{GenesysPermissions.Queues}' is granted.");
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) => GenesysRemedies.Of(failure, "Listing queues", GenesysPermissions.Queues);
}
