using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Parses a page of the queue list, for both gateways. An invalid entry is repaired or dropped (<see cref="QueueEntryReader"/>) without
/// affecting the others; only a body that is not a queue list fails the page.
/// </summary>
internal static class QueuesReplyReader
{
    /// <summary>Twenty times the requested page size. The limit exists because a small entry takes far more memory than its bytes.</summary>
    private const int MaxEntries = 20 * GenesysWire.QueuesPerPage;

    /// <summary>Operators read these messages, so more are of no use.</summary>
    private const int MaxInvalidEntries = 1_000;

    // Protects the stack; deeper nesting than the queue list needs is skipped.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    public static async Task<QueuePage> ReadAsync(Stream body, int pageNumber, CancellationToken cancellationToken)
    {
        try
        {
            using var listing = await JsonDocument.ParseAsync(body, Options, cancellationToken);
            return PageOf(listing.RootElement, pageNumber);
        }
        catch (JsonException broken)
        {
            throw GenesysFailureFactory.Unreadable("the queue list is not valid JSON", cause: broken);
        }
    }

    private static QueuePage PageOf(JsonElement listing, int pageNumber)
    {
        var invalidEntries = new List<string>();
        var queues = new List<GenesysQueue>();
        foreach (var (index, entry) in EntriesOf(listing, pageNumber).Index())
        {
            if (QueueEntryReader.Read(entry, string.Create(CultureInfo.InvariantCulture, $"entry {index + 1} of page {pageNumber}"), Report) is { } queue)
            {
                queues.Add(queue);
            }
        }

        return QueuePage.Of(queues, pageNumber, listing.Integer("pageCount"), listing.Text("nextUri"), invalidEntries);

        void Report(string message)
        {
            if (invalidEntries.Count < MaxInvalidEntries)
            {
                invalidEntries.Add(message);
            }
        }
    }

    private static List<JsonElement> EntriesOf(JsonElement listing, int pageNumber)
    {
        if (listing.ValueKind != JsonValueKind.Object)
        {
            throw GenesysFailureFactory.Unreadable("the queue list is not an object");
        }

        var entities = listing.Member("entities");
        if (entities is { ValueKind: JsonValueKind.Array } entries)
        {
            return entries.GetArrayLength() <= MaxEntries
                ? [.. entries.EnumerateArray()]
                : throw GenesysFailureFactory.Unreadable(
                    $"a page of the queue list has {entries.GetArrayLength()} entries, but {GenesysWire.QueuesPerPage} were requested", RetryPolicy.Once);
        }

        // A page without entities is empty if its counts are 0 or if it follows the last page. Any other body without entities, such as
        // an error body with a success status, must not empty the directory.
        var isEmptyPage = entities is null
            && (listing.Integer("total") == 0 || listing.Integer("pageCount") == 0 || (pageNumber > 1 && listing.Integer("pageCount") < pageNumber));
        return isEmptyPage ? [] : throw GenesysFailureFactory.Unreadable("the queue list has no entities");
    }
}
