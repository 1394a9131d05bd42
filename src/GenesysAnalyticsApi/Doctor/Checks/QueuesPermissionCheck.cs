using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether the client may list queues, using the first page.</summary>
internal sealed class QueuesPermissionCheck(IGenesysGateway gateway) : IDiagnosticCheck
{
    public string Name => DiagnosticNames.QueuesPermission;

    public IReadOnlyList<string> DependsOn => [DiagnosticNames.Token];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Subject => "The queue list of Genesys";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        try
        {
            context.FirstPage = await context.SendAsync(() => gateway.ListQueuesAsync(1, DiagnosticContext.Asker, cancellationToken), page => page.Calls);
            return CheckOutcome.Ok($"Genesys lists queues: '{GenesysWire.QueuesPermission}' is granted.");
        }
        catch (GenesysException failed)
        {
            return GenesysRemedies.Of(failed.Failure, "Listing queues", GenesysWire.QueuesPermission);
        }
    }
}
