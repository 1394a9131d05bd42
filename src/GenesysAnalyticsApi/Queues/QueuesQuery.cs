using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Queues;

/// <summary>A question for queues, made of valid parameters only.</summary>
/// <param name="Name">A name or pattern; null for all.</param>
/// <param name="DivisionIds">As Genesys writes them, sorted; empty for all.</param>
/// <param name="After">The last queue of the page before; null on the first page.</param>
internal sealed record QueuesQuery(string? Name, IReadOnlyList<string> DivisionIds, int Limit, QueuesCursor? After)
{
    public const int MaxPageSize = 1_000;
    public const int DefaultPageSize = 100;

    // Divisions first: they are GUIDs, so that no name can look like a division.
    private ulong Filter => QueuesCursor.HashOf($"{string.Join(',', DivisionIds)}|{(Name is null ? null : QueueNameComparison.Folded(Name))}");

    public static QueuesQuery From(QueuesParameters asked) => new(
        asked.Name,
        [.. (asked.DivisionId ?? []).Select(GenesysId.Canonical).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        asked.Limit is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : DefaultPageSize,
        asked.Cursor is { } text && QueuesCursor.TryRead(text, out var cursor) ? cursor : null);

    /// <summary>Whether the cursor came from the same filter. The size of a page may change on the way.</summary>
    public static bool Continues(QueuesParameters asked, string cursor) =>
        QueuesCursor.TryRead(cursor, out var read) && read.Filter == From(asked with { Limit = null, Cursor = null }).Filter;

    public QueuesResponse Answer(QueueDirectorySnapshot snapshot)
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
        return new QueuesResponse
        {
            Records = [.. page.ToArray().Select(QueueRecord.From)],
            NextCursor = found.Length > Limit ? new QueuesCursor(Filter, page[^1].Name, page[^1].Id).Write() : null,
        };
    }
}

/// <summary>
/// Where the next page begins: after a queue's place in the order, not after a number of queues, so that queues which come or go
/// between two pages neither repeat nor hide another. Opaque to callers.
/// </summary>
/// <param name="Filter">What the page was filtered by: eight bytes of a hash, to tell filters apart and not to keep them secret.</param>
internal sealed record QueuesCursor(ulong Filter, string Name, string Id)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ulong HashOf(string filter) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(filter)));

    /// <summary>Filter, id and name; the name last, because it alone may hold any letter.</summary>
    public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Filter:x16} {Id} {Name}"));

    public static bool TryRead(string text, [NotNullWhen(true)] out QueuesCursor? cursor)
    {
        cursor = null;
        try
        {
            var parts = Strict.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
            if (parts is [{ Length: 16 } filter, { Length: > 0 } id, var name]
                && ulong.TryParse(filter, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var hash))
            {
                cursor = new(hash, name, id);
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or DecoderFallbackException)
        {
            // Anything can be sent as a cursor; what we did not write is no cursor.
        }

        return cursor is not null;
    }
}
