using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>Reads the queue listing of Genesys page by page. If any page fails, the whole read fails.</summary>
/// <param name="Queues">Distinct queues.</param>
/// <param name="Pages">Number of pages read.</param>
/// <param name="IsComplete">False if Genesys stopped before the announced last page.</param>
/// <param name="InvalidEntries">One sentence for each entry that was repaired or omitted.</param>
internal sealed record QueueListing(IReadOnlyCollection<GenesysQueue> Queues, int Pages, bool IsComplete, IReadOnlyList<string> InvalidEntries)
{
    // Half a million queues at 500 per page. A longer listing probably never ends.
    internal const int MaxPages = 1_000;

    public static async Task<QueueListing> ReadAsync(IGenesysGateway gateway, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var queues = new Dictionary<string, GenesysQueue>(StringComparer.OrdinalIgnoreCase);
        var pages = new List<string[]>();
        var invalid = new List<string>();
        while (true)
        {
            var page = await gateway.ListQueuesAsync(pages.Count + 1, origin, cancellationToken);
            var ids = page.Queues.Select(queue => queue.Id).ToArray();
            RejectRepeatedPage(page, ids, pages);
            pages.Add(ids);
            invalid.AddRange(page.InvalidEntries);
            foreach (var queue in page.Queues)
            {
                // A queue renamed during paging can appear twice. The later entry is newer.
                queues[GenesysId.Canonical(queue.Id)] = queue;
            }

            var isLast = page.PageNumber >= page.PageCount;
            if (isLast || (ids is [] && page.InvalidEntries is []) || !page.HasNext)
            {
                return new(queues.Values, pages.Count, IsComplete: isLast, invalid);
            }

            if (pages.Count == MaxPages)
            {
                throw Unreadable($"The queue listing of Genesys did not end after {MaxPages} pages.", pages.Count);
            }
        }
    }

    private static void RejectRepeatedPage(QueuePage page, string[] ids, List<string[]> earlier)
    {
        var expected = earlier.Count + 1;
        if (page.PageNumber != expected)
        {
            throw Unreadable($"Genesys returned page {page.PageNumber} of the queue listing instead of page {expected}.", expected);
        }

        // Compares whole pages: a single repeated queue has only moved.
        if (ids is not [] && earlier.Any(ids.SequenceEqual))
        {
            throw Unreadable($"Genesys repeated the queues of an earlier page as page {expected} of the queue listing.", expected);
        }
    }

    private static GenesysException Unreadable(string message, int calls) =>
        new(new GenesysFailure(GenesysFailureKind.Unreadable, message), calls);
}

/// <summary>Formats invalid entries of the queue listing for the log and the doctor. Shows only the first few, because every entry can be invalid.</summary>
internal static class InvalidEntryReport
{
    private const int MaxShown = 5;

    public static string Shown(IReadOnlyList<string> invalid) =>
        string.Join("; ", invalid.Take(MaxShown)) + (invalid.Count > MaxShown ? $"; and {invalid.Count - MaxShown} more." : ".");
}
