using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Checks whether there are figures for the queues that the client sees. Listing queues and querying figures need different permissions, and each
/// is effective only in the divisions of its own role. If the hour that <see cref="AggregatesPermissionCheck"/> read has figures, no further
/// request is sent.
/// </summary>
internal sealed class RecentDataCheck(IGenesysGateway gateway, TimeProvider clock) : IDiagnosticCheck
{
    private const int Hours = 24;

    public string Name => DiagnosticNames.Data;

    public IReadOnlyList<string> Needs => [DiagnosticNames.AggregatesPermission, DiagnosticNames.Queues];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Subject => "A question to Genesys for the figures of a day";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        if (visit.QueueIds is not { Count: > 0 } visible)
        {
            return CheckOutcome.Skipped("Not examined: the client sees no queue.");
        }

        try
        {
            var found = Found.In(visit.LastHour!, visible);
            return found.Queues > 0
                ? Some(found, "the last hour that is over")
                : Judged(Found.In(await AggregatesPermissionCheck.AskAsync(gateway, visit, AggregatesPermissionCheck.LastHours(clock, Hours), cancellationToken), visible), visible.Count);
        }
        catch (GenesysException failed)
        {
            return GenesysRemedies.Of(failed.Failure, "Asking for figures", GenesysWire.AggregatesPermission);
        }
    }

    private static CheckOutcome Judged(Found found, int visible) => found switch
    {
        { Queues: > 0 } => Some(found, $"the last {Hours} hours"),
        { Unlisted: > 0 } => CheckOutcome.Warning(
            $"Of the last {Hours} hours there are figures, all of them of queues that are not listed ({found.Unlisted}).",
            $"Two roles may differ in their divisions: assign '{GenesysWire.QueuesPermission}' in the divisions in which '{GenesysWire.AggregatesPermission}' is assigned."),
        _ => CheckOutcome.Warning(
            $"Of the last {Hours} hours there are no figures of any of the {visible} queues.",
            $"If they had traffic, '{GenesysWire.AggregatesPermission}' is assigned in other divisions than these queues': see Integrations > OAuth > the client > Roles in Genesys Admin."),
    };

    private static CheckOutcome Some(Found found, string when) =>
        CheckOutcome.Ok($"Of {when} there are {found.Interactions} interactions in {found.Queues} of the queues.");

    private sealed record Found(int Queues, int Unlisted, long Interactions)
    {
        public static Found In(AggregateFacts facts, IReadOnlyCollection<string> visible)
        {
            var ids = facts.Series.Select(series => GenesysId.Canonical(series.QueueId)).Distinct().ToList();
            var listed = ids.Count(visible.Contains);
            return new(listed, ids.Count - listed, facts.Columns.Sum(column => column.Count?.Sum() ?? 0));
        }
    }
}
