using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Queues;

/// <summary>A validated query for queues.</summary>
/// <param name="Name">A name or pattern; null for all.</param>
/// <param name="DivisionIds">In canonical form, sorted; empty for all.</param>
/// <param name="After">The last queue of the previous page; null on the first page.</param>
internal sealed record QueuesQuery(string? Name, IReadOnlyList<string> DivisionIds, int Limit, QueuesCursor? After)
{
    public const int MaxPageSize = 1_000;
    public const int DefaultPageSize = 100;

    // Divisions come first: they are GUIDs, so that no name can be mistaken for one.
    private ulong Filter => QueuesCursor.HashOf($"{string.Join(',', DivisionIds)}|{(Name is null ? null : NameComparison.Folded(Name))}");

    public static QueuesQuery From(QueuesParameters parameters) => new(
        parameters.Name,
        [.. (parameters.DivisionId ?? []).Select(GenesysId.Canonical).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        parameters.Limit is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : DefaultPageSize,
        parameters.Cursor is { } text && QueuesCursor.TryRead(text, out var cursor) ? cursor : null);

    /// <summary>Returns true if the cursor belongs to the same filter. The page size may change between pages.</summary>
    public static bool Continues(QueuesParameters parameters, string cursor) =>
        QueuesCursor.TryRead(cursor, out var read) && read.Filter == From(parameters with { Limit = null, Cursor = null }).Filter;

    public QueuesResponse Answer(QueueDirectorySnapshot snapshot)
    {
        var pattern = Name is null ? null : new NamePattern(Name);
        var found = snapshot.Queues
            .Where(queue => After is null || EntryOrder.Compare(queue, After.Name, After.Id) > 0)
            .Where(queue => pattern is null || pattern.MatchesFolded(queue.FoldedName))
            .Where(queue => DivisionIds is [] || (queue.DivisionId is { } division && DivisionIds.Contains(division, StringComparer.OrdinalIgnoreCase)))
            .Take(Limit + 1)
            .ToArray();

        // One extra queue shows whether there is a next page.
        return new QueuesResponse
        {
            Records = [.. found.Take(Limit).Select(QueueRecord.From)],
            NextCursor = found.Length > Limit ? new QueuesCursor(Filter, found[^2].Name, found[^2].Id).Write() : null,
        };
    }
}

/// <summary>
/// The position of the next page: after a queue in the sort order, not an offset, so that queues added or removed between pages cause neither repeats
/// nor gaps. Opaque to callers.
/// </summary>
/// <param name="Filter">Hash of the page's filter. Eight bytes distinguish filters; the hash is not a secret.</param>
internal sealed record QueuesCursor(ulong Filter, string Name, string Id)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ulong HashOf(string filter) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(filter)));

    /// <summary>Filter, id and name. The name is last, because it may contain any character.</summary>
    public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Filter:x16} {Id} {Name}"));

    public static bool TryRead(string text, [NotNullWhen(true)] out QueuesCursor? cursor)
    {
        cursor = null;
        try
        {
            var parts = Strict.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
            if (parts is [{ Length: 16 } filter, { Length: > 0 } id, var name]
                && ulong.TryParse(filter, NumberStyles.AllowHexSpecifier, null, out var hash))
            {
                cursor = new(hash, name, id);
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or DecoderFallbackException)
        {
            // Callers can send anything. Text that this service did not write is not a valid cursor.
        }

        return cursor is not null;
    }
}
