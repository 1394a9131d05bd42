using System.Text.Json;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>A page of the queue listing in our words.</summary>
internal static class QueueListingReader
{
    public static async Task<QueuePage> ReadAsync(Stream body, int pageNumber, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await JsonSerializer.DeserializeAsync(body, GenesysJson.Default.QueueListing, cancellationToken)
                ?? throw GenesysFailures.Unreadable("the queue listing is null");
            return PageOf(listing, pageNumber);
        }
        catch (JsonException broken)
        {
            throw GenesysFailures.Unreadable("the queue listing is not whole JSON", cause: broken);
        }
    }

    private static QueuePage PageOf(QueueListing listing, int pageNumber) => QueuePage.Of(
        // A body without the list is an error's, or nobody knows what: no organisation without queues.
        (listing.Entities ?? throw GenesysFailures.Unreadable("the queue listing has no 'entities'")).Where(queue => !string.IsNullOrEmpty(queue?.Id)).Select(queue => QueueOf(queue!)),
        pageNumber,
        listing.PageCount,
        listing.NextUri);

    private static GenesysQueue QueueOf(ListedQueue queue) => new(
        queue.Id!,
        queue.Name ?? queue.Id!,
        queue.Division?.Id,
        queue.Division?.Name,
        queue.MemberCount,
        (queue.MediaSettings ?? [])
            .Where(setting => setting.Value.ValueKind == JsonValueKind.Object)
            .Select(setting => (MediaType: MediaTypeOf(setting.Key), Level: LevelOf(setting.Value)))
            .Where(setting => setting.Level is not null)
            .ToDictionary(setting => setting.MediaType, setting => setting.Level!));

    // The listing says "call" where analytics says "voice".
    private static string MediaTypeOf(string key) => key == "call" ? "voice" : key;

    private static QueueServiceLevel? LevelOf(JsonElement setting) =>
        setting.Deserialize(GenesysJson.Default.ListedMediaSettings)?.ServiceLevel is { } level
            ? new QueueServiceLevel(level.Percentage, level.DurationMs is { } duration ? (long)duration : null)
            : null;
}
