using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Checks whether the visible queues have figures. Listing queues and reading figures require different permissions, and each permission applies only in the
/// divisions in which its role is assigned. The check requests a whole day only if the last complete hour has no figures for these queues.
/// </summary>
internal sealed class RecentDataCheck(IGenesysGateway gateway, TimeProvider clock)
    : DiagnosticCheck(DiagnosticNames.Data, "The request for the figures of one day", 8, DiagnosticNames.AggregatesPermission, DiagnosticNames.Queues)
{
    private const int Hours = 24;

    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        if (context.QueueIds is not { Count: > 0 } visible)
        {
            return CheckOutcome.Skipped("Not checked: the client sees no queues.");
        }

        var found = Found.In(context.LastHour!, visible);
        return found.Queues > 0
            ? Some(found, "the last complete hour")
            : OutcomeOf(Found.In(await AggregatesPermissionCheck.SendAsync(gateway, context, AggregatesPermissionCheck.LastHours(clock, Hours), cancellationToken), visible), visible.Count);
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) => GenesysRemedies.Of(failure, "Reading figures", GenesysPermissions.Aggregates);

    private static CheckOutcome OutcomeOf(Found found, int visible) => found switch
    {
        { Queues: > 0 } => Some(found, $"the last {Hours} hours"),
        { Unlisted: > 0 } => CheckOutcome.Warning(
            $"The last {Hours} hours have figures only for queues that are not listed ({found.Unlisted}).",
            $"Two roles may have different divisions: assign '{GenesysPermissions.Queues}' in the divisions in which '{GenesysPermissions.Aggregates}' is assigned."),
        _ => CheckOutcome.Warning(
            $"The last {Hours} hours have no figures for any of the {visible} queues.",
            $"If they had traffic, '{GenesysPermissions.Aggregates}' is assigned in divisions other than those of the queues: see Integrations > OAuth > the client > Roles in Genesys Admin."),
    };

    private static CheckOutcome Some(Found found, string interval) =>
        CheckOutcome.Ok($"In {interval} there were {found.Interactions} interactions in {found.Queues} of the queues.");

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
