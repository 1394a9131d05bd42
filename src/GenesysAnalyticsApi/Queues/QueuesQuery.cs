using System.Globalization;

namespace GenesysAnalyticsApi.Queues;

/// <summary>A question for queues, made of valid parameters only.</summary>
/// <param name="Name">A name or pattern; null for all.</param>
/// <param name="DivisionIds">As Genesys writes them, sorted; empty for all.</param>
/// <param name="After">The last queue of the page before; null on the first page.</param>
internal sealed record QueuesQuery(string? Name, IReadOnlyList<string> DivisionIds, int Limit, QueuesCursor? After)
{
    public const int MostOnAPage = 1_000;
    public const int UsuallyOnAPage = 100;

    // Divisions first: they are GUIDs, so that no name can look like a division.
    private ulong Filter => QueuesCursor.HashOf($"{string.Join(',', DivisionIds)}|{(Name is null ? null : QueueNameText.Folded(Name))}");

    public static QueuesQuery From(QueuesParameters asked) => new(
        asked.Name,
        [.. (asked.DivisionId ?? []).Select(GenesysId.Canonical).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        asked.Limit is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : UsuallyOnAPage,
        asked.Cursor is { } text && QueuesCursor.TryRead(text, out var cursor) ? cursor : null);

    /// <summary>Whether the cursor came from the same filter. The size of a page may change on the way.</summary>
    public static bool Continues(QueuesParameters asked, string cursor) =>
        QueuesCursor.TryRead(cursor, out var read) && read.Filter == From(asked with { Limit = null, Cursor = null }).Filter;

    public QueuesAnswer Answer(QueueDirectorySnapshot snapshot)
    {
        var pattern = Name is null ? null : new QueueNamePattern(Name);
        var found = snapshot.Queues
            .Where(queue => After is null || QueueOrder.Compare(queue, After.Name, After.Id) > 0)
            .Where(queue => pattern is null || pattern.Fits(queue))
            .Where(queue => DivisionIds is [] || (queue.DivisionId is { } division && DivisionIds.Contains(division, StringComparer.OrdinalIgnoreCase)))
            .Take(Limit + 1)
            .ToArray();

        // One queue beyond the page tells whether there is a next one.
        var page = found.AsSpan(0, Math.Min(found.Length, Limit));
        return new QueuesAnswer
        {
            Records = [.. page.ToArray().Select(QueueRecord.From)],
            NextCursor = found.Length > Limit ? new QueuesCursor(Filter, page[^1].Name, page[^1].Id).Write() : null,
        };
    }
}
