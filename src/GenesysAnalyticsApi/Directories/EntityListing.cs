using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Directories;

/// <summary>A Genesys list that was read page by page. If any page fails, the whole read fails.</summary>
/// <param name="Entities">The entities, with distinct ids.</param>
/// <param name="Pages">The number of pages that were read.</param>
/// <param name="IsComplete">False if the list ended before the last page that Genesys announced.</param>
/// <param name="InvalidEntries">One sentence for each problem with an entry that was repaired or omitted.</param>
internal sealed record EntityListing<T>(IReadOnlyCollection<T> Entities, int Pages, bool IsComplete, IReadOnlyList<string> InvalidEntries);

internal static class EntityListing
{
    // Enough for half a million queues or users at 500 per page, or for 100,000 wrap-up codes at 100 per page. A longer listing probably never ends.
    internal const int MaxPages = 1_000;

    /// <param name="entryNoun">The singular noun for an entry in messages, such as 'user'.</param>
    /// <param name="readPage">Reads one page (1-based).</param>
    public static async Task<EntityListing<T>> ReadAsync<T>(string entryNoun, Func<int, Task<ListPage<T>>> readPage)
        where T : IGenesysEntity
    {
        var entities = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        var pages = new List<string[]>();
        var invalid = new List<string>();
        while (true)
        {
            var page = await readPage(pages.Count + 1);
            var ids = page.Entities.Select(entity => entity.Id).ToArray();
            RejectUnexpectedPage(entryNoun, page.PageNumber, ids, pages);
            pages.Add(ids);
            invalid.AddRange(page.InvalidEntries);
            foreach (var entity in page.Entities)
            {
                // An entity renamed during paging can appear twice. The later entry is newer.
                entities[GenesysId.Canonical(entity.Id)] = entity;
            }

            var isLast = page.PageNumber >= page.PageCount;
            if (isLast || (ids is [] && page.InvalidEntries is []) || !page.HasNext)
            {
                return new(entities.Values, pages.Count, IsComplete: isLast, invalid);
            }

            if (pages.Count == MaxPages)
            {
                throw Unreadable($"The {entryNoun} listing of Genesys did not end after {MaxPages} pages.", pages.Count);
            }
        }
    }

    private static void RejectUnexpectedPage(string entryNoun, int number, string[] ids, List<string[]> earlier)
    {
        var expected = earlier.Count + 1;
        if (number != expected)
        {
            throw Unreadable($"Genesys returned page {number} of the {entryNoun} listing instead of page {expected}.", expected);
        }

        // Whole pages are compared, because a single repeated entity might only have moved to another page.
        if (ids is not [] && earlier.Any(ids.SequenceEqual))
        {
            throw Unreadable($"Genesys repeated the {entryNoun}s of an earlier page as page {expected} of the {entryNoun} listing.", expected);
        }
    }

    private static GenesysException Unreadable(string message, int calls) =>
        new(new GenesysFailure(GenesysFailureKind.Unreadable, message), calls);
}

/// <summary>Formats messages about invalid entries for the log and the doctor. Only the first few are shown, because every entry can be invalid.</summary>
internal static class InvalidEntryReport
{
    private const int MaxShown = 5;

    public static string Shown(IReadOnlyList<string> invalid) =>
        string.Join("; ", invalid.Take(MaxShown)) + (invalid.Count > MaxShown ? $"; and {invalid.Count - MaxShown} more." : ".");
}
