using System.Globalization;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Reports which queues the client sees, by division. It sees only the divisions in which its roles are assigned.</summary>
internal sealed class VisibleQueuesCheck(IGenesysGateway gateway, QueueDirectory directory) : IDiagnosticCheck
{
    /// <summary>The most pages, of 500 queues each, that the check reads. It reads only the first if the service has already read the queue directory.</summary>
    internal const int MostPages = 10;

    private const int NamedDivisions = 5;

    public string Name => DiagnosticNames.Queues;

    public IReadOnlyList<string> Needs => [DiagnosticNames.QueuesPermission];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Subject => "The queue listing of Genesys";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        try
        {
            var (queues, isWhole, oddities) = await ListAsync(visit, cancellationToken);
            visit.QueueIds = queues.Select(queue => GenesysId.Canonical(queue.Id)).ToHashSet();
            return visit.QueueIds.Count == 0 && oddities is [] ? None() : Some(queues, isWhole, oddities);
        }
        catch (GenesysException failed)
        {
            return GenesysRemedies.Of(failed.Failure, "Listing queues", GenesysWire.QueuesPermission);
        }
    }

    private async Task<(IReadOnlyList<SeenQueue> Queues, bool IsWhole, IReadOnlyList<string> Oddities)> ListAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        var page = visit.FirstPage!;
        if (page.HasNext && directory.Current is { } known)
        {
            return ([.. known.Queues.Where(queue => queue.Listed).Select(queue => new SeenQueue(queue.Id, queue.DivisionName ?? queue.DivisionId))], true, directory.Oddities);
        }

        var (queues, oddities) = (page.Queues.ToList(), page.InvalidEntries.ToList());
        while (page.HasNext && page.PageNumber < MostPages)
        {
            var next = page.PageNumber + 1;
            page = await visit.AskAsync(() => gateway.ListQueuesAsync(next, DiagnosticContext.Asker, cancellationToken), listed => listed.Calls);
            queues.AddRange(page.Queues);
            oddities.AddRange(page.InvalidEntries);
        }

        return ([.. queues.DistinctBy(queue => queue.Id).Select(queue => new SeenQueue(queue.Id, queue.DivisionName ?? queue.DivisionId))], !page.HasNext, oddities);
    }

    private static CheckOutcome None() => CheckOutcome.Warning(
        "The client sees no queue: its roles are assigned in no division that has queues.",
        $"In Genesys Admin, under Integrations > OAuth > the client > Roles, assign the role with '{GenesysWire.QueuesPermission}' and '{GenesysWire.AggregatesPermission}' "
        + "in the divisions of the queues.");

    private static CheckOutcome Some(IReadOnlyList<SeenQueue> queues, bool isWhole, IReadOnlyList<string> oddities)
    {
        var divisions = queues.CountBy(queue => queue.Division ?? "no division").OrderByDescending(division => division.Value).ThenBy(division => division.Key, StringComparer.Ordinal).ToList();
        var named = string.Join(", ", divisions.Take(NamedDivisions).Select(division => $"{LogSanitizer.Of(division.Key)} {division.Value}"));
        var visible = $"{(isWhole ? "" : "At least ")}{queues.Count} {(queues.Count == 1 ? "queue is" : "queues are")} visible, "
            + $"in {divisions.Count} {(divisions.Count == 1 ? "division" : "divisions")}: {named}{(divisions.Count > NamedDivisions ? ", …" : "")}.";
        var found = oddities is []
            ? CheckOutcome.Ok(visible)
            : CheckOutcome.Warning(
                $"{visible} The listing of Genesys is odd in {oddities.Count} {(oddities.Count == 1 ? "place" : "places")}: {LogSanitizer.Of(InvalidEntryReport.Shown(oddities))}",
                "Correct these queues in Genesys Admin, under Contact Center > Queues; where they look right there, report the listing to Genesys Cloud Care.");
        return found with
        {
            Details = divisions.ToDictionary(division => division.Key, division => division.Value.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private sealed record SeenQueue(string Id, string? Division);
}
