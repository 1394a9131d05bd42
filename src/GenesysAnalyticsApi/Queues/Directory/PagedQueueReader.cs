using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>Genesys' queue listing, read page by page. It comes as a whole or not at all: any page that fails fails the read.</summary>
/// <param name="Queues">Each queue once.</param>
/// <param name="Pages">Pages read.</param>
/// <param name="IsComplete">False when Genesys stopped before the last page it had announced.</param>
internal sealed record PagedQueueReader(IReadOnlyCollection<GenesysQueue> Queues, int Pages, bool IsComplete)
{
    /// <summary>Entries that were repaired or left out, in a sentence each.</summary>
    public IReadOnlyList<string> Oddities { get; private init; } = [];

    // 500 queues a page: half a million. More than that is a listing without end.
    internal const int MaxPages = 1_000;

    public static async Task<PagedQueueReader> ReadAsync(IGenesysGateway gateway, RequestOrigin asker, CancellationToken cancellationToken)
    {
        var queues = new Dictionary<string, GenesysQueue>(StringComparer.OrdinalIgnoreCase);
        var pages = new List<string[]>();
        var oddities = new List<string>();
        while (true)
        {
            var page = await gateway.ListQueuesAsync(pages.Count + 1, asker, cancellationToken);
            var ids = page.Queues.Select(queue => queue.Id).ToArray();
            RejectRepeatedPage(page, ids, pages);
            pages.Add(ids);
            oddities.AddRange(page.InvalidEntries);
            foreach (var queue in page.Queues)
            {
                // A queue that is renamed while pages are turned can come twice: what was read later is newer.
                queues[GenesysId.Canonical(queue.Id)] = queue;
            }

            if (page.PageNumber >= page.PageCount)
            {
                return new(queues.Values, pages.Count, IsComplete: true) { Oddities = oddities };
            }

            if ((ids is [] && page.InvalidEntries is []) || !page.HasNext)
            {
                return new(queues.Values, pages.Count, IsComplete: false) { Oddities = oddities };
            }

            if (pages.Count == MaxPages)
            {
                throw Unreadable($"The queue listing of Genesys did not end after {MaxPages} pages.", pages.Count);
            }
        }
    }

    private static void RejectRepeatedPage(QueuePage page, string[] ids, List<string[]> earlier)
    {
        var asked = earlier.Count + 1;
        if (page.PageNumber != asked)
        {
            throw Unreadable($"Genesys was asked for page {asked} of the queue listing and sent page {page.PageNumber}.", asked);
        }

        // Whole pages are compared, not queues: a single queue that comes again has only moved.
        if (ids is not [] && earlier.Any(ids.SequenceEqual))
        {
            throw Unreadable($"Genesys sent the same queues again as page {asked} of the queue listing.", asked);
        }
    }

    private static GenesysException Unreadable(string message, int calls) =>
        new(new GenesysFailure(GenesysFailureKind.Unreadable, message), calls);
}

/// <summary>What the log and the doctor say of odd entries in the queue listing: the first few, since a listing can be odd throughout.</summary>
internal static class InvalidEntryReport
{
    private const int MostShown = 5;

    public static string Shown(IReadOnlyList<string> oddities) =>
        string.Join("; ", oddities.Take(MostShown)) + (oddities.Count > MostShown ? $"; and {oddities.Count - MostShown} more." : ".");
}
