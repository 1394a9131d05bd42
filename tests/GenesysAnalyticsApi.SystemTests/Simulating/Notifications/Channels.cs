using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Notifications;

/// <summary>Requests for notification channels.</summary>
internal static class Channels
{
    public const string Path = "/api/v2/notifications/channels";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string Activity(Guid queue) => $"v2.analytics.queues.{queue}.activity";

    public static string Observations(Guid queue) => $"v2.analytics.queues.{queue}.observations";

    public static async Task<(string Id, string ConnectUri)> CreateChannelAsync(this SimulatedOrganization organization)
    {
        var channel = await organization.JsonAsync(Path, new JsonObject());
        return ((string)channel["id"]!, (string)channel["connectUri"]!);
    }

    public static Task<HttpResponseMessage> SubscribeAsync(
        this SimulatedOrganization organization, string channel, IEnumerable<string> topics, bool adds = false, string parameters = "")
    {
        var body = new JsonArray([.. topics.Select(topic => new JsonObject { ["id"] = topic })]);
        var address = new Uri($"{Path}/{channel}/subscriptions{parameters}", UriKind.Relative);
        return adds ? organization.Client.PostAsJsonAsync(address, body, Cancellation) : organization.Client.PutAsJsonAsync(address, body, Cancellation);
    }

    /// <summary>Creates a channel, connects to it and subscribes it to the topics.</summary>
    public static async Task<NotificationSocket> ListenAsync(this SimulatedOrganization organization, params IEnumerable<string> topics)
    {
        var (id, connectUri) = await organization.CreateChannelAsync();
        var socket = await NotificationSocket.ConnectAsync(connectUri);
        using var reply = await organization.SubscribeAsync(id, topics);
        reply.IsSuccessStatusCode.ShouldBeTrue();
        return socket;
    }

    public static async Task<bool> ExistsAsync(this SimulatedOrganization organization, string channel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"{Path}/{channel}");
        using var reply = await organization.Client.SendAsync(request, Cancellation);
        return reply.IsSuccessStatusCode;
    }

    /// <summary>The topics of a reply, each with its state.</summary>
    public static async Task<Dictionary<string, string>> TopicsAsync(this HttpResponseMessage reply)
    {
        var topics = JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!["entities"]!.AsArray();
        return topics.ToDictionary(topic => (string)topic!["id"]!, topic => (string)topic!["state"]!, StringComparer.Ordinal);
    }
}
