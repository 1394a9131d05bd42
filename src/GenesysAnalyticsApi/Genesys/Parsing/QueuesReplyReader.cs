using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// A page of the queue listing in our words. Both gateways read it here: one odd entry is repaired or left out (<see cref="QueueReplyReader"/>),
/// and the others stand; only a body that is no listing at all fails the page.
/// </summary>
internal static class QueuesReplyReader
{
    /// <summary>Twenty pages of those asked for. An entry of few bytes takes far more memory than it has bytes.</summary>
    private const int MostEntries = 20 * GenesysWire.QueuesPerPage;

    /// <summary>They are there to be read.</summary>
    private const int MostOddities = 1_000;

    // The limit is for the stack of the reader; whatever an entry nests deeper than the listing needs is skipped.
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
            throw GenesysFailures.Unreadable("the queue listing is not whole JSON", cause: broken);
        }
    }

    private static QueuePage PageOf(JsonElement listing, int pageNumber)
    {
        var oddities = new List<string>();
        var queues = new List<GenesysQueue>();
        foreach (var (index, entry) in EntriesOf(listing, pageNumber).Index())
        {
            if (QueueReplyReader.Read(entry, string.Create(CultureInfo.InvariantCulture, $"entry {index + 1} of page {pageNumber}"), Tell) is { } queue)
            {
                queues.Add(queue);
            }
        }

        return QueuePage.Of(queues, pageNumber, listing.Whole("pageCount"), listing.Text("nextUri"), oddities);

        void Tell(string oddity)
        {
            if (oddities.Count < MostOddities)
            {
                oddities.Add(oddity);
            }
        }
    }

    private static List<JsonElement> EntriesOf(JsonElement listing, int pageNumber)
    {
        if (listing.ValueKind != JsonValueKind.Object)
        {
            throw GenesysFailures.Unreadable("the queue listing is not an object");
        }

        var entities = listing.Member("entities");
        if (entities is { ValueKind: JsonValueKind.Array } entries)
        {
            return entries.GetArrayLength() <= MostEntries
                ? [.. entries.EnumerateArray()]
                : throw GenesysFailures.Unreadable(
                    $"a page of the queue listing has {entries.GetArrayLength()} entries, and {GenesysWire.QueuesPerPage} were asked for", RetryPolicy.Once);
        }

        // An empty page may lack its entities, where it says that there are none or where it is behind the last. Anything else that lacks
        // them, the body of an error under the status of a success among it, must not empty the directory.
        var isEmptyPage = entities is null
            && (listing.Whole("total") == 0 || listing.Whole("pageCount") == 0 || (pageNumber > 1 && listing.Whole("pageCount") < pageNumber));
        return isEmptyPage ? [] : throw GenesysFailures.Unreadable("the queue listing has no entities");
    }
}
