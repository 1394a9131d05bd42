using System.Globalization;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Counts the queues that the OAuth client sees, by division. The client does not see queues in divisions that its roles do not cover.
/// </summary>
internal sealed class VisibleQueuesCheck(IGenesysGateway gateway, QueueDirectory directory)
    : DiagnosticCheck(DiagnosticNames.Queues, "The request for the list of queues", 8, DiagnosticNames.QueuesPermission)
{
    /// <summary>
    /// The maximum number of pages, of 500 queues each, that the check uses. If there is more than one page and the queue directory has been read, as in a
    /// running service, the check uses the directory instead.
    /// </summary>
    internal const int MaxPages = 10;

    private const int MaxDivisionsInText = 5;

    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var (queues, isWhole, invalidEntries) = await ListAsync(context, cancellationToken);
        context.QueueIds = queues.Select(queue => GenesysId.Canonical(queue.Id)).ToHashSet();
        return context.QueueIds.Count == 0 && invalidEntries is [] ? None() : Some(queues, isWhole, invalidEntries);
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) => GenesysRemedies.Of(failure, "Listing queues", GenesysPermissions.Queues);

    private async Task<(IReadOnlyList<(string Id, string? Division)> Queues, bool IsWhole, IReadOnlyList<string> InvalidEntries)> ListAsync(
        DiagnosticContext context, CancellationToken cancellationToken)
    {
        var page = context.FirstQueuePage!;
        if (page.HasNext && directory.Current is { } known)
        {
            return ([.. known.Queues.Where(queue => queue.Listed).Select(queue => (queue.Id, queue.DivisionName ?? queue.DivisionId))], true, directory.InvalidEntries);
        }

        var (queues, invalidEntries) = (page.Entities.ToList(), page.InvalidEntries.ToList());
        while (page.HasNext && page.PageNumber < MaxPages)
        {
            var next = page.PageNumber + 1;
            page = await context.SendAsync(() => gateway.ListQueuesAsync(next, DiagnosticContext.Origin, cancellationToken), listed => listed.Calls);
            queues.AddRange(page.Entities);
            invalidEntries.AddRange(page.InvalidEntries);
        }

        return ([.. queues.DistinctBy(queue => queue.Id).Select(queue => (queue.Id, queue.DivisionName ?? queue.DivisionId))], !page.HasNext, invalidEntries);
    }

    private static CheckOutcome None() => CheckOutcome.Warning(
        "The client sees no queues: its roles are not assigned in any division with queues.",
        $"In Genesys Admin, under Integrations > OAuth > the client > Roles, assign the role with '{GenesysPermissions.Queues}' and '{GenesysPermissions.Aggregates}' "
        + "in the divisions of the queues.");

    private static CheckOutcome Some(IReadOnlyList<(string Id, string? Division)> queues, bool isWhole, IReadOnlyList<string> invalidEntries)
    {
        var divisions = queues.CountBy(queue => queue.Division ?? "no division").OrderByDescending(division => division.Value).ThenBy(division => division.Key, StringComparer.Ordinal).ToList();
        var named = string.Join(", ", divisions.Take(MaxDivisionsInText).Select(division => $"{LogSanitizer.Of(division.Key)} {division.Value}"));
        var visible = $"{(isWhole ? "" : "At least ")}{queues.Count} {(queues.Count == 1 ? "queue is" : "queues are")} visible, "
            + $"in {divisions.Count} {(divisions.Count == 1 ? "division" : "divisions")}: {named}{(divisions.Count > MaxDivisionsInText ? ", …" : "")}.";
        var found = invalidEntries is []
            ? CheckOutcome.Ok(visible)
            : CheckOutcome.Warning(
                $"{visible} The queue list of Genesys has {invalidEntries.Count} invalid {(invalidEntries.Count == 1 ? "entry" : "entries")}: {LogSanitizer.Of(InvalidEntryReport.Shown(invalidEntries))}",
                "Correct these queues in Genesys Admin, under Contact Center > Queues. If they look correct there, report the list to Genesys Cloud Care.");
        return found with
        {
            Details = divisions.ToDictionary(division => division.Key, division => division.Value.ToString(CultureInfo.InvariantCulture)),
        };
    }
}
