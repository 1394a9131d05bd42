using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <param name="entry">The entry of the list, which can be any JSON.</param>
/// <param name="position">Identifies the entry in messages if it has no id.</param>
/// <param name="report">Receives a message for each problem.</param>
/// <returns>Null if the entry is dropped.</returns>
internal delegate T? ReadListEntry<out T>(JsonElement entry, string position, Action<string> report)
    where T : class;

/// <summary>
/// Parses a page of a list, for both gateways. An invalid entry is repaired or dropped without affecting the other entries. The page is unreadable only if its
/// body is not a list of this kind, or contains too many entries.
/// </summary>
/// <param name="name">What messages call the list, such as <c>queue list</c>.</param>
/// <param name="pageSize">The requested page size.</param>
internal sealed class ListReplyReader<T>(string name, int pageSize, ReadListEntry<T> readEntry)
    where T : class
{
    /// <summary>
    /// The maximum number of entries on a page, as a multiple of the requested page size. Once parsed, a small entry takes far more memory than its JSON text.
    /// </summary>
    private const int MaxPageSizeFactor = 20;

    /// <summary>The maximum number of messages. More messages would not help the operators who read them.</summary>
    private const int MaxMessages = 1_000;

    // The limit protects the stack. Members that the service does not read can be nested up to this depth.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    public async Task<ListPage<T>> ReadAsync(Stream body, int pageNumber, CancellationToken cancellationToken)
    {
        try
        {
            using var listing = await JsonDocument.ParseAsync(body, Options, cancellationToken);
            return PageOf(listing.RootElement, pageNumber);
        }
        catch (JsonException exception)
        {
            throw GenesysExceptionFactory.Unreadable($"the {name} is not valid JSON", cause: exception);
        }
    }

    private ListPage<T> PageOf(JsonElement listing, int pageNumber)
    {
        var messages = new List<string>();
        var validEntries = new List<T>();
        foreach (var (index, entry) in EntriesOf(listing, pageNumber).Index())
        {
            if (readEntry(entry, string.Create(CultureInfo.InvariantCulture, $"entry {index + 1} of page {pageNumber}"), Report) is { } entity)
            {
                validEntries.Add(entity);
            }
        }

        // An empty page ends the list even if the page count disagrees. Otherwise a wrong count would cause endless reads. A page of invalid entries is not
        // empty. Without a page count, nextUri shows whether another page follows; the service never requests this address.
        var pageCount = listing.Integer("pageCount");
        var isEmpty = validEntries.Count == 0 && messages.Count == 0;
        var hasNext = !isEmpty && (pageCount is { } count ? pageNumber < count : !string.IsNullOrEmpty(listing.Text("nextUri")));
        return new(validEntries, pageNumber, pageCount ?? (hasNext ? pageNumber + 1 : pageNumber), hasNext) { InvalidEntries = messages };

        void Report(string message)
        {
            if (messages.Count < MaxMessages)
            {
                messages.Add(message);
            }
        }
    }

    private List<JsonElement> EntriesOf(JsonElement listing, int pageNumber)
    {
        if (listing.ValueKind != JsonValueKind.Object)
        {
            throw GenesysExceptionFactory.Unreadable($"the {name} is not an object");
        }

        var entities = listing.Member("entities");
        if (entities is { ValueKind: JsonValueKind.Array } entries)
        {
            return entries.GetArrayLength() <= MaxPageSizeFactor * pageSize
                ? [.. entries.EnumerateArray()]
                : throw GenesysExceptionFactory.Unreadable(
                    $"a page of the {name} has {entries.GetArrayLength()} entries, but {pageSize} were requested", RetryKind.Once);
        }

        // A page without entities is empty if one of its counts is 0 or if it follows the last page. Any other body without entities, such as
        // an error body with a success status, must not empty the directory.
        var isEmptyPage = entities is null
            && (listing.Integer("total") == 0 || listing.Integer("pageCount") == 0 || (pageNumber > 1 && listing.Integer("pageCount") < pageNumber));
        return isEmptyPage ? [] : throw GenesysExceptionFactory.Unreadable($"the {name} has no entities");
    }
}

/// <summary>The Genesys lists that this service reads.</summary>
internal static class ListReplies
{
    public static ListReplyReader<GenesysQueue> Queues { get; } = new("queue list", GenesysWire.QueuesPerPage, QueueEntryReader.Read);

    public static ListReplyReader<GenesysName> Users { get; } = new("user list", GenesysWire.UsersPerPage, NameEntryReader.ReadUser);

    public static ListReplyReader<GenesysName> WrapUpCodes { get; } = new("list of wrap-up codes", GenesysWire.WrapUpCodesPerPage, NameEntryReader.ReadWrapUpCode);
}
