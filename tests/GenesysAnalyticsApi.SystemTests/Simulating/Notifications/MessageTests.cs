using System.Net.WebSockets;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Simulating.RealTime;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.RealTime.RealTimeQueries;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Notifications;

public sealed class MessageTests
{
    [Theory]
    [InlineData(17)]
    [InlineData(2026)]
    public async Task The_earlier_state_updated_by_the_newest_message_of_each_queue_is_the_current_state(int seed)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Seed = seed, Queues = 12 });
        var queues = organization.Simulator.World.Queues.Select(queue => queue.Id).ToList();
        await using var socket = await organization.ListenAsync(queues.Select(Channels.Activity));
        var state = await StateAsync(organization);

        Run(organization, 180);
        var messages = await socket.ReadAllAsync();

        messages = [.. messages.Where(message => TopicOf(message) != "channel.metadata")];
        messages.Count.ShouldBeGreaterThan(30);
        foreach (var newest in messages.GroupBy(TopicOf).Select(topic => topic.Last()))
        {
            var queue = TopicOf(newest).Split('.')[3];
            state = new(state.Where(figure => !figure.Key.StartsWith(queue, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
            foreach (var media in newest["eventBody"]!["results"]!.AsArray())
            {
                var group = new JsonObject { ["group"] = new JsonObject { ["queueId"] = queue, ["mediaType"] = (string)media!["mediaType"]! }, ["data"] = media["data"]!.DeepClone() };
                foreach (var (key, value) in Figures([group]))
                {
                    state.Add(key, value);
                }
            }
        }

        state.ShouldBe(await StateAsync(organization));
        messages.GroupBy(TopicOf).ShouldAllBe(topic => topic.Count() <= 180);
    }

    [Fact]
    public async Task Observations_messages_have_the_current_state_and_the_totals_of_the_half_hour()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 6 }, SimulatedOrganization.Now.AddMinutes(28));
        var queues = organization.Simulator.World.Queues.Select(queue => queue.Id).ToList();
        await using var socket = await organization.ListenAsync(queues.Select(Channels.Observations));

        Run(organization, 420);
        var (now, data) = (organization.Clock.GetUtcNow(), (await socket.ReadAllAsync()).Where(message => TopicOf(message) != "channel.metadata")
            .SelectMany(message => message["eventBody"]!["data"]!.AsArray().Select(data => (Group: message["eventBody"]!["group"]!, Data: data!))).ToList());

        var cumulative = data.Where(one => one.Data["interval"]!.GetValue<string>() == "2026-04-15T10:30:00.000Z/2026-04-15T11:00:00.000Z")
            .GroupBy(one => one.Group.ToJsonString()).Select(group => group.Last()).ToList();
        var expected = (await organization.QueryAsync(Query(SimulatedOrganization.Now.AddMinutes(30), now.AddMilliseconds(1), "nOffered", "tHandle", "oServiceLevel")))
            .Where(result => result!["group"]!["queueId"] is not null).ToList();
        expected.Count.ShouldBeGreaterThan(3);
        foreach (var group in expected)
        {
            var observed = cumulative.Single(one => (string?)one.Group["queueId"] == group!.Dimension("queueId") && (string?)one.Group["mediaType"] == group!.Dimension("mediaType")).Data;
            foreach (var (metric, statistic) in new[] { ("nOffered", "count"), ("tHandle", "sum"), ("oServiceLevel", "numerator") })
            {
                observed.Stat(metric, statistic).ShouldBe(group!["data"]![0]!.Stat(metric, statistic));
            }
        }

        data.ShouldContain(one => one.Data["interval"]!.GetValue<string>() == "2026-04-15T10:00:00.000Z/2026-04-15T10:30:00.000Z");
        var moments = data.Where(one => one.Data["interval"]!.GetValue<string>().Split('/') is [var from, var to] && from == to).ToList();
        moments.ShouldContain(one => one.Group["mediaType"] != null && one.Data["metrics"]![0]!["metric"]!.GetValue<string>() == "oWaiting");
        moments.ShouldContain(one => one.Group["mediaType"] == null && one.Data["metrics"]!.AsArray().Any(metric => (string?)metric!["metric"] == "oUserRoutingStatuses"));
        var users = moments.Last(one => one.Group["mediaType"] == null);
        users.Data.Stat("oMemberUsers", "count").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Sockets_get_heartbeats_and_a_second_socket_disconnects_the_first()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var (_, connectUri) = await organization.CreateChannelAsync();
        await using var first = await NotificationSocket.ConnectAsync(connectUri);

        Run(organization, 61);
        (await first.ReadAllAsync()).Select(message => (string?)message["eventBody"]!["message"]).ShouldBe(["WebSocket Heartbeat", "WebSocket Heartbeat"]);
        await using var second = await NotificationSocket.ConnectAsync(connectUri);

        (await first.ReadTextAsync()).ShouldBeNull();
        Run(organization, 31);
        (await second.ReadAllAsync()).Count.ShouldBe(1);
        organization.Simulator.Calls.Count(call => call.Path.StartsWith("/channels/", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_socket_is_closed_as_announced_or_when_its_channel_expires()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1, ChannelLife = TimeSpan.FromMinutes(3) });
        var (_, announcedUri) = await organization.CreateChannelAsync();
        await using var announced = await NotificationSocket.ConnectAsync(announcedUri);
        organization.Simulator.Faults.Add(FaultNames.SocketClosing, times: 1);

        Run(organization, 1);
        TopicOf((await announced.ReadAllAsync()).Single()).ShouldBe("v2.system.socket_closing");
        Run(organization, 61);
        while (await announced.ReadTextAsync() is { } left)
        {
            left.ShouldContain("Heartbeat");
        }

        var (expiringId, expiringUri) = await organization.CreateChannelAsync();
        await using var expiring = await NotificationSocket.ConnectAsync(expiringUri);
        Run(organization, 240);
        while (await expiring.ReadTextAsync() is { } left)
        {
            left.ShouldContain("Heartbeat");
        }

        (await organization.ExistsAsync(expiringId)).ShouldBeFalse();
        await Should.ThrowAsync<WebSocketException>(() => NotificationSocket.ConnectAsync(expiringUri));
    }

    [Fact]
    public async Task Messages_can_be_lost_repeated_or_garbled()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 12 });
        await using var socket = await organization.ListenAsync(organization.Simulator.World.Queues.Select(queue => Channels.Activity(queue.Id)));
        async Task<List<JsonNode>> NextAsync(string? fault, string? value = null)
        {
            organization.Simulator.Faults.Set(fault is null ? [] : [new(fault, value)]);
            Run(organization, 10);
            return [.. (await socket.ReadAllAsync()).Where(message => (string?)message["topicName"] != "channel.metadata")];
        }

        (await NextAsync(null)).ShouldNotBeEmpty();
        (await NextAsync(FaultNames.LostMessage)).ShouldBeEmpty();
        var repeated = await NextAsync(FaultNames.RepeatedMessage);
        repeated.Where((_, index) => index % 2 == 0).Select(message => message.ToJsonString()).ShouldBe(repeated.Where((_, index) => index % 2 == 1).Select(message => message.ToJsonString()));
        repeated.ShouldNotBeEmpty();
        (await NextAsync(FaultNames.GarbledMessage, "without-body")).ShouldAllBe(message => message["eventBody"] == null);
        (await NextAsync(FaultNames.GarbledMessage, "unknown-topic")).ShouldAllBe(message => TopicOf(message) == "v2.hologram");
        organization.Simulator.Faults.Set([new(FaultNames.LostMessage), new(FaultNames.MissingHeartbeat)]);
        Run(organization, 60);
        (await socket.ReadAllAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(FaultNames.SocketDropped, true)]
    [InlineData(FaultNames.ExpiredChannel, false)]
    public async Task A_socket_can_be_dropped_or_lose_its_channel(string fault, bool channelRemains)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var (id, connectUri) = await organization.CreateChannelAsync();
        await using var socket = await NotificationSocket.ConnectAsync(connectUri);
        organization.Simulator.Faults.Add(fault, times: 1);

        Run(organization, 1);

        if (channelRemains)
        {
            await Should.ThrowAsync<WebSocketException>(socket.ReadTextAsync);
        }
        else
        {
            (await socket.ReadTextAsync()).ShouldBeNull();
        }

        (await organization.ExistsAsync(id)).ShouldBe(channelRemains);
    }

    [Fact]
    public async Task A_connection_can_be_refused_and_a_system_message_can_be_sent()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var (_, connectUri) = await organization.CreateChannelAsync();
        organization.Simulator.Faults.Add(FaultNames.SocketRefused, times: 1);

        await Should.ThrowAsync<WebSocketException>(() => NotificationSocket.ConnectAsync(connectUri));
        await using var socket = await NotificationSocket.ConnectAsync(connectUri);
        organization.Simulator.Faults.Add(FaultNames.SystemMessage, "token_revoked", times: 1);
        Run(organization, 2);

        (await socket.ReadAllAsync()).Select(TopicOf).ShouldBe(["v2.system.token_revoked"]);
        organization.Simulator.ConnectedChannels.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_can_find_its_channel_expired()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var (id, connectUri) = await organization.CreateChannelAsync();
        organization.Simulator.Faults.Add(FaultNames.ExpiredChannel, times: 1);

        using var reply = await organization.SubscribeAsync(id, []);

        reply.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await Should.ThrowAsync<WebSocketException>(() => NotificationSocket.ConnectAsync(connectUri));
    }

    // In one long step, each timer would see only the time at its end.
    private static void Run(SimulatedOrganization organization, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            organization.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static string TopicOf(JsonNode message) => (string)message["topicName"]!;

    private static async Task<SortedDictionary<string, long>> StateAsync(SimulatedOrganization organization) =>
        Figures(await organization.AllAsync(ConversationsPath, Activity(ConversationMetrics, false, "queueId", "mediaType")));
}
