using System.Net;
using System.Text.Json.Nodes;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Notifications;

public sealed class ChannelTests
{
    private static readonly Guid Queue = Guid.Parse("05f1c285-6777-4ccc-806f-000000000001");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_channel_expires_after_its_lifetime_unless_its_topics_are_set_again()
    {
        await using var organization = await StartAsync();
        var (left, kept) = ((await organization.CreateChannelAsync()).Id, (await organization.CreateChannelAsync()).Id);

        organization.Clock.Advance(TimeSpan.FromHours(23));
        using var again = await organization.SubscribeAsync(kept, [Channels.Activity(Queue)]);
        organization.Clock.Advance(TimeSpan.FromHours(2));
        await organization.LogInAsync();

        (await organization.ExistsAsync(left), await organization.ExistsAsync(kept)).ShouldBe((false, true));
        using var expired = await organization.SubscribeAsync(left, [Channels.Activity(Queue)]);
        expired.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        organization.Clock.Advance(TimeSpan.FromHours(23));
        await organization.LogInAsync();
        (await organization.ExistsAsync(kept)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_channel_over_the_limit_replaces_the_least_recently_used_one_without_a_socket()
    {
        await using var organization = await StartAsync(new() { Queues = 1, MaxChannels = 3 });
        var (first, firstUri) = await organization.CreateChannelAsync();
        await using var socket = await NotificationSocket.ConnectAsync(firstUri);
        organization.Clock.Advance(TimeSpan.FromMilliseconds(10));
        var second = (await organization.CreateChannelAsync()).Id;
        organization.Clock.Advance(TimeSpan.FromMilliseconds(10));
        var third = (await organization.CreateChannelAsync()).Id;
        organization.Clock.Advance(TimeSpan.FromMilliseconds(10));
        using var used = await organization.SubscribeAsync(second, [Channels.Activity(Queue)]);

        var fourth = (await organization.CreateChannelAsync()).Id;

        (await organization.ExistsAsync(first), await organization.ExistsAsync(second), await organization.ExistsAsync(third), await organization.ExistsAsync(fourth))
            .ShouldBe((true, true, false, true));
    }

    [Fact]
    public async Task Topics_are_replaced_added_listed_and_removed()
    {
        await using var organization = await StartAsync();
        var id = (await organization.CreateChannelAsync()).Id;
        string[] topics = [.. Enumerable.Range(0, 4).Select(_ => Channels.Activity(Guid.NewGuid()))];

        using var set = await organization.SubscribeAsync(id, topics[..2]);
        using var added = await organization.SubscribeAsync(id, topics[1..3], adds: true);
        using var replaced = await organization.SubscribeAsync(id, topics[3..]);
        using var listed = await organization.GetAsync($"{Channels.Path}/{id}/subscriptions");
        using var removed = await organization.Client.DeleteAsync(new Uri($"{Channels.Path}/{id}/subscriptions", UriKind.Relative), Cancellation);
        using var empty = await organization.GetAsync($"{Channels.Path}/{id}/subscriptions");

        (await set.TopicsAsync()).Keys.ShouldBe(topics[..2]);
        (await added.TopicsAsync()).Keys.ShouldBe(topics[..3]);
        (await replaced.TopicsAsync()).Keys.ShouldBe(topics[3..]);
        (await listed.TopicsAsync()).Keys.ShouldBe(topics[3..]);
        removed.IsSuccessStatusCode.ShouldBeTrue();
        (await empty.TopicsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_channel_accepts_a_thousand_topics_and_rejects_one_more()
    {
        await using var organization = await StartAsync();
        var id = (await organization.CreateChannelAsync()).Id;

        using var most = await organization.SubscribeAsync(id, Enumerable.Range(0, 1_000).Select(_ => Channels.Activity(Guid.NewGuid())));
        using var more = await organization.SubscribeAsync(id, [Channels.Activity(Queue)], adds: true);
        using var same = await organization.GetAsync($"{Channels.Path}/{id}/subscriptions");

        (most.StatusCode, more.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.BadRequest));
        (await more.Content.ReadAsStringAsync(Cancellation)).ShouldContain("must not have more than 1000 topics");
        (await same.TopicsAsync()).Count.ShouldBe(1_000);
    }

    [Theory]
    [InlineData("v2.hologram", null, HttpStatusCode.BadRequest)]
    [InlineData("v2.analytics.queues.Billing.activity", null, HttpStatusCode.BadRequest)]
    [InlineData("v2.analytics.queues.05f1c285-6777-4ccc-806f-000000000001.users", null, HttpStatusCode.BadRequest)]
    [InlineData("v2.analytics.queues.05f1c285-6777-4ccc-806f-000000000001.observations", "observations", HttpStatusCode.Forbidden)]
    public async Task A_rejected_topic_rejects_the_whole_request_unless_errors_are_ignored(string topic, string? fault, HttpStatusCode expected)
    {
        await using var organization = await StartAsync();
        organization.Simulator.Faults.Set(fault is null ? [] : [new(FaultNames.RejectedTopic, fault)]);
        var id = (await organization.CreateChannelAsync()).Id;

        using var refused = await organization.SubscribeAsync(id, [Channels.Activity(Queue), topic]);
        using var none = await organization.GetAsync($"{Channels.Path}/{id}/subscriptions");
        using var ignored = await organization.SubscribeAsync(id, [Channels.Activity(Queue), topic], parameters: "?ignoreErrors=true");

        refused.StatusCode.ShouldBe(expected);
        (await none.TopicsAsync()).ShouldBeEmpty();
        (await ignored.TopicsAsync()).ShouldBe(new Dictionary<string, string> { [Channels.Activity(Queue)] = "Permitted", [topic] = "Rejected" }, ignoreOrder: true);
        (await ignored.Content.ReadAsStringAsync(Cancellation)).ShouldContain(fault is null ? "is not valid" : "analytics:queueObservation:view");
    }

    [Fact]
    public async Task Channels_of_another_token_are_shown_without_their_ids()
    {
        await using var organization = await StartAsync();
        var first = (await organization.CreateChannelAsync()).Id;
        await organization.LogInAsync();
        var second = (await organization.CreateChannelAsync()).Id;

        var own = (await organization.JsonAsync(Channels.Path))["entities"]!.AsArray();
        var all = (await organization.JsonAsync(Channels.Path + "?includechannels=oauthclient"))["entities"]!.AsArray();

        own.Select(channel => (string?)channel!["id"]).ShouldBe([null, second]);
        all.Select(channel => (string?)channel!["id"]).ShouldBe([first, second]);
    }

    [Theory]
    [InlineData("[{\"topic\":\"v2.a\"}]", "invalid.property")]
    [InlineData("[{}]", "id is required")]
    [InlineData("{\"id\":\"v2.a\"}", "must be an array")]
    public async Task The_body_of_a_subscription_is_validated(string body, string expected)
    {
        await using var organization = await StartAsync();
        var id = (await organization.CreateChannelAsync()).Id;

        using var reply = await organization.PostAsync($"{Channels.Path}/{id}/subscriptions", JsonNode.Parse(body)!);

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await reply.Content.ReadAsStringAsync(Cancellation)).ShouldContain(expected);
    }

    [Fact]
    public async Task The_available_topics_are_described_on_request()
    {
        await using var organization = await StartAsync();

        var plain = (await organization.JsonAsync("/api/v2/notifications/availabletopics"))["entities"]!.AsArray();
        var expanded = (await organization.JsonAsync("/api/v2/notifications/availabletopics?expand=transports,requiresPermissions,visibility"))["entities"]!.AsArray();
        using var wrong = await organization.GetAsync("/api/v2/notifications/availabletopics?expand=price");

        plain.Select(topic => (string?)topic!["id"]).ShouldBe(["v2.analytics.queues.{id}.activity", "v2.analytics.queues.{id}.observations"]);
        plain[0]!.AsObject().Count.ShouldBe(1);
        expanded.ShouldAllBe(topic => topic!["transports"]![0]!.GetValue<string>() == "Websocket" && topic["requiresPermissions"]![0]!.GetValue<string>() == "analytics:queueObservation:view");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(FaultNames.RateLimitSeconds, HttpStatusCode.TooManyRequests)]
    [InlineData(FaultNames.Unavailable, HttpStatusCode.ServiceUnavailable)]
    [InlineData(FaultNames.MissingPermission, HttpStatusCode.Forbidden)]
    public async Task The_creation_of_a_channel_can_be_rejected(string fault, HttpStatusCode expected)
    {
        await using var organization = await StartAsync();
        organization.Simulator.Faults.Add(fault, times: 1, scope: FaultScopes.Notifications);

        using var refused = await organization.PostAsync(Channels.Path, new JsonObject());
        using var queues = await organization.GetAsync("/api/v2/routing/queues");
        using var created = await organization.PostAsync(Channels.Path, new JsonObject());

        (refused.StatusCode, queues.StatusCode, created.StatusCode).ShouldBe((expected, HttpStatusCode.OK, HttpStatusCode.OK));
    }

    private static Task<SimulatedOrganization> StartAsync(SimulatorSettings? settings = null) => SimulatedOrganization.StartAsync(settings ?? new() { Queues = 1 });
}
