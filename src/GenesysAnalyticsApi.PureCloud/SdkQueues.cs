using GenesysAnalyticsApi.Genesys;
using PureCloudPlatform.Client.V2.Model;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>A page of the SDK's queue listing in our words. Of media settings it has five kinds; others are lost.</summary>
internal static class SdkQueues
{
    public static QueuePage PageOf(QueueEntityListing listing, int pageNumber) => QueuePage.Of(
        (listing.Entities ?? []).Where(queue => !string.IsNullOrEmpty(queue?.Id)).Select(QueueOf), pageNumber, listing.PageCount, listing.NextUri);

    private static GenesysQueue QueueOf(Queue queue) => new(
        queue.Id, queue.Name ?? queue.Id, queue.Division?.Id, queue.Division?.Name, queue.MemberCount, LevelsOf(queue.MediaSettings));

    private static Dictionary<string, QueueServiceLevel> LevelsOf(QueueMediaSettings? settings)
    {
        var levels = new Dictionary<string, QueueServiceLevel>();
        Add("voice", settings?.Call?.ServiceLevel);
        Add("callback", settings?.Callback?.ServiceLevel);
        Add("chat", settings?.Chat?.ServiceLevel);
        Add("email", settings?.Email?.ServiceLevel);
        Add("message", settings?.Message?.ServiceLevel);
        return levels;

        void Add(string mediaType, ServiceLevel? level)
        {
            if (level is not null)
            {
                levels.Add(mediaType, new QueueServiceLevel(level.Percentage, level.DurationMs));
            }
        }
    }
}
