using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Directories;

/// <summary>A list of Genesys, read page by page. If any page fails, the whole read fails.</summary>
/// <param name="Entities">Distinct entities.</param>
/// <param name="Pages">Number of pages read.</param>
/// <param name="IsComplete">False if Genesys stopped before the announced last page.</param>
/// <param name="InvalidEntries">One sentence for each entry that was repaired or omitted.</param>
internal sealed record EntityListing<T>(IReadOnlyCollection<T> Entities, int Pages, bool IsComplete, IReadOnlyList<string> InvalidEntries);

internal static class EntityListing
{
    // Half a million queues or users at 500 per page, or 100,000 wrap-up codes at 100 per page. A longer listing probably never ends.
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

        // Compares whole pages, because a single repeated entity may only have moved to another page.
        if (ids is not [] && earlier.Any(ids.SequenceEqual))
        {
            throw Unreadable($"Genesys repeated the {entryNoun}s of an earlier page as page {expected} of the {entryNoun} listing.", expected);
        }
    }

    private static GenesysException Unreadable(string message, int calls) =>
        new(new GenesysFailure(GenesysFailureKind.Unreadable, message), calls);
}

/// <summary>Formats invalid entries of a listing for the log and the doctor. Shows only the first few, because every entry can be invalid.</summary>
internal static class InvalidEntryReport
{
    private const int MaxShown = 5;

    public static string Shown(IReadOnlyList<string> invalid) =>
        string.Join("; ", invalid.Take(MaxShown)) + (invalid.Count > MaxShown ? $"; and {invalid.Count - MaxShown} more." : ".");
}
