using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Observations.Stream;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>GET /observations/stream: its events, and which callers receive them.</summary>
public sealed class ObservationStreamTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_event_is_the_response_of_GET_observations()
    {
        using var service = Service(new LiveGenesys());
        var client = service.CreateClient();
        await using var subscriber = await StreamSubscriber.OpenAsync(client);

        (await subscriber.NextAsync()).ShouldBe("snapshot");

        subscriber.Data.GetRawText().ShouldBe(await client.GetStringAsync(Address("/observations"), TestCancellation));
        subscriber.Response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        subscriber.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task After_the_snapshot_only_changed_records_are_sent_and_together_they_are_the_newest_state()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        var client = service.CreateClient();
        await using var subscriber = await StreamSubscriber.OpenAsync(client);
        await subscriber.NextAsync();

        for (var round = 1; round <= 3; round++)
        {
            SetWaiting(genesys, queue: round, waiting: 20 + round);
            await subscriber.ReadUntilAsync("change", Clock(service));

            subscriber.Data.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("queueId").GetString()).Distinct().Count().ShouldBeLessThanOrEqualTo(2);
            subscriber.Data.GetProperty("records").GetArrayLength().ShouldBeLessThan(subscriber.Records.Count);
            subscriber.Meta.GetProperty("source").GetString().ShouldBe("polling");
        }

        subscriber.Records.ShouldBe(StreamSubscriber.RecordsOf(await QueryAsync(client)), ignoreOrder: true);
    }

    [Fact]
    public async Task Without_changes_heartbeats_report_the_age()
    {
        using var service = Service(new LiveGenesys());
        await using var subscriber = await StreamSubscriber.OpenAsync(service.CreateClient());
        await subscriber.NextAsync();

        for (var beat = 0; beat < 4; beat++)
        {
            (await subscriber.NextAsync(Clock(service))).ShouldBe("heartbeat");
            subscriber.Meta.GetProperty("ageMs").GetInt64().ShouldBeInRange(0, 15_000);
            subscriber.Data.EnumerateObject().Select(member => member.Name).ShouldBe(["meta"]);
        }
    }

    [Fact]
    public async Task A_subscriber_that_reconnects_gets_what_has_changed_in_the_meantime()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        var client = service.CreateClient();
        string? position;
        Dictionary<(string?, string?), string> known;
        await using (var first = await StreamSubscriber.OpenAsync(client))
        {
            await first.NextAsync();
            (position, known) = (first.LastEventId, new(first.Records));
        }

        await WaitForNoSubscribersAsync(service);
        SetWaiting(genesys, queue: 2, waiting: 33);
        Clock(service).Advance(TimeSpan.FromSeconds(20));
        await using var second = await StreamSubscriber.OpenAsync(client, lastEventId: position);

        (await second.NextAsync()).ShouldBe("change");
        second.Records.Count.ShouldBe(1);
        foreach (var (key, record) in second.Records)
        {
            known[key] = record;
        }

        known.ShouldBe(StreamSubscriber.RecordsOf(await QueryAsync(client)), ignoreOrder: true);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0123456789abcdef.7")]
    [InlineData("")]
    public async Task An_unknown_position_gives_a_snapshot(string position)
    {
        using var service = Service(new LiveGenesys());
        await using var subscriber = await StreamSubscriber.OpenAsync(service.CreateClient(), lastEventId: position);

        (await subscriber.NextAsync()).ShouldBe("snapshot");
    }

    [Fact]
    public async Task Genesys_is_queried_once_for_all_subscribers_and_the_records_are_computed_once()
    {
        const int Many = 60;
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        var client = service.CreateClient();
        var subscribers = await Task.WhenAll(Enumerable.Range(0, Many).Select(number => StreamSubscriber.OpenAsync(client, number % 2 == 0 ? "/observations/stream" : "/observations/stream?queue=Queue*&queue=Queue 001")));
        await Task.WhenAll(subscribers.Select(subscriber => subscriber.NextAsync()));
        var groups = service.Services.GetRequiredService<StreamGroupRegistry>();
        groups.SubscriberCount.ShouldBe(Many);
        groups.GroupCount.ShouldBe(2);
        genesys.CallCount(LiveGenesys.Conversations).ShouldBe(1);

        SetWaiting(genesys, queue: 1, waiting: 50);
        Clock(service).Advance(TimeSpan.FromSeconds(11));
        await Task.WhenAll(subscribers.Select(subscriber => subscriber.ReadUntilAsync("change", subscriber == subscribers[0] ? Clock(service) : null)));

        subscribers.ShouldAllBe(subscriber => subscriber.Records.Values.Any(record => record.Contains("waiting=50", StringComparison.Ordinal)));
        foreach (var subscriber in subscribers)
        {
            await subscriber.DisposeAsync();
        }

        await WaitForNoSubscribersAsync(service);
    }

    [Fact]
    public async Task A_slow_subscriber_gets_the_newest_state_and_no_backlog()
    {
        const int States = 30;
        var genesys = new LiveGenesys { Queues = 500 };
        using var service = Service(genesys);
        var client = service.CreateClient();
        await using var quick = await StreamSubscriber.OpenAsync(client);
        await quick.NextAsync();
        // It reads nothing, and its snapshot is larger than the buffers, so the service must wait for it.
        await using var slow = await StreamSubscriber.OpenAsync(client);

        for (var state = 1; state <= States; state++)
        {
            var waiting = 1_000 + state;
            genesys.Data = (path, _) => path == LiveGenesys.Conversations ? $$"""{"metric":"oWaiting","count":{{waiting}}}""" : null;
            await quick.ReadUntilAsync("change", Clock(service));
        }

        // On a busy machine, the quick subscriber may not have read the last change yet either.
        foreach (var subscriber in new[] { quick, slow })
        {
            while (!subscriber.Records.Values.Any(record => record.Contains($"waiting={1_000 + States}", StringComparison.Ordinal)))
            {
                (await subscriber.NextAsync(Clock(service))).ShouldNotBeNull();
            }
        }

        slow.Names.Count(name => name == "change").ShouldBeLessThan(States / 2);
        slow.Records.ShouldBe(quick.Records, ignoreOrder: true);
    }

    [Fact]
    public async Task The_number_of_streams_is_limited_per_caller_and_in_total()
    {
        var keys = new IssuedKeys().Add("wall").Add("other");
        using var service = Service(new LiveGenesys(), new(keys.Settings) { ["Observations:MaxStreamsPerCaller"] = "2", ["Observations:MaxStreams"] = "3" });
        var wall = keys.Of("wall", service);
        await using var first = await StreamSubscriber.OpenAsync(wall);
        await using var second = await StreamSubscriber.OpenAsync(wall);
        await first.NextAsync();

        using (var refused = await StreamSubscriber.RequestAsync(wall))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await refused.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Observations:MaxStreamsPerCaller");
        }

        await using var third = await StreamSubscriber.OpenAsync(keys.Of("other", service));
        using (var refused = await StreamSubscriber.RequestAsync(keys.Of("other", service)))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await refused.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Observations:MaxStreams");
        }

        await second.DisposeAsync();
        await Eventually.IsTrueAsync(() => service.Services.GetRequiredService<StreamGroupRegistry>().SubscriberCount == 2, "a closed stream is not counted");
        await using var again = await StreamSubscriber.OpenAsync(wall);
        (await again.NextAsync()).ShouldBe("snapshot");
    }

    /// <summary>The setting per caller is greater than the total, for example because only the total was lowered.</summary>
    [Fact]
    public async Task One_caller_cannot_occupy_all_streams()
    {
        var keys = new IssuedKeys().Add("wall").Add("other");
        using var service = Service(new LiveGenesys(), new(keys.Settings) { ["Observations:MaxStreams"] = "4" });
        var wall = keys.Of("wall", service);
        await using var first = await StreamSubscriber.OpenAsync(wall);
        await using var second = await StreamSubscriber.OpenAsync(wall);

        using var refused = await StreamSubscriber.RequestAsync(wall);
        await using var third = await StreamSubscriber.OpenAsync(keys.Of("other", service));

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("The caller has 2 streams, the maximum (half of Observations:MaxStreams).");
        (await third.NextAsync()).ShouldBe("snapshot");
    }

    [Fact]
    public async Task A_limited_caller_sees_only_its_queues_in_every_event()
    {
        var keys = new IssuedKeys().Add("limited", ("Queues:0", "Queue 002"));
        var genesys = new LiveGenesys();
        using var service = Service(genesys, keys.Settings);
        var client = keys.Of("limited", service);
        await using var subscriber = await StreamSubscriber.OpenAsync(client);
        await subscriber.NextAsync();
        subscriber.Records.Keys.Select(key => key.QueueId).Distinct().ShouldBe([LiveGenesys.Id(2)]);

        genesys.Data = (path, queue) => path == LiveGenesys.Conversations ? $$"""{"metric":"oWaiting","count":{{40 + queue}}}""" : null;
        await subscriber.ReadUntilAsync("change", Clock(service));

        subscriber.Data.GetRawText().ShouldNotContain(LiveGenesys.Id(1));
        subscriber.Records.Values.ShouldContain(record => record.Contains("waiting=42", StringComparison.Ordinal));
        using var hidden = await StreamSubscriber.RequestAsync(client, $"/observations/stream?queueId={LiveGenesys.Id(1)}");
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("format=csv", "format")]
    [InlineData("maxAge=5", "maxAge")]
    [InlineData("groupBy=user", "groupBy")]
    public async Task An_invalid_parameter_is_named(string wrong, string parameter)
    {
        using var service = Service(new LiveGenesys());

        using var response = await StreamSubscriber.RequestAsync(service.CreateClient(), $"/observations/stream?{wrong}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation)).GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task If_no_state_can_be_read_the_stream_fails_with_a_problem()
    {
        var genesys = new LiveGenesys { Statuses = { [LiveGenesys.Conversations] = HttpStatusCode.Forbidden, [LiveGenesys.Observations] = HttpStatusCode.Forbidden } };
        using var service = Service(genesys);

        using var response = await StreamSubscriber.RequestAsync(service.CreateClient());

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        service.Services.GetRequiredService<StreamGroupRegistry>().SubscriberCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_failure_of_Genesys_marks_the_state_as_stale_and_does_not_end_the_stream()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        await using var subscriber = await StreamSubscriber.OpenAsync(service.CreateClient());
        await subscriber.NextAsync();

        genesys.Statuses[LiveGenesys.Conversations] = HttpStatusCode.BadRequest;
        await subscriber.ReadUntilAsync("change", Clock(service));
        subscriber.Meta.GetProperty("stale").GetBoolean().ShouldBeTrue();
        subscriber.Data.GetProperty("records").GetArrayLength().ShouldBe(0);
        subscriber.Data.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()).ShouldContain("stale");

        genesys.Statuses.Clear();
        await subscriber.ReadUntilAsync("change", Clock(service));
        subscriber.Meta.GetProperty("stale").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_stream_ends_when_the_service_stops()
    {
        using var service = Service(new LiveGenesys());
        await using var subscriber = await StreamSubscriber.OpenAsync(service.CreateClient());
        await subscriber.NextAsync();

        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await subscriber.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_ends_when_the_key_expires()
    {
        var keys = new IssuedKeys().Add("guest", ("Expires", "2026-11-23T09:16:00Z"));
        using var service = Service(new LiveGenesys(), keys.Settings);
        var client = keys.Of("guest", service);
        await using var subscriber = await StreamSubscriber.OpenAsync(client);
        await subscriber.NextAsync();

        while (await subscriber.NextAsync(Clock(service)) is not null)
        {
            Clock(service).GetUtcNow().ShouldBeLessThan(new DateTimeOffset(2026, 11, 23, 9, 20, 0, TimeSpan.Zero));
        }

        using var again = await StreamSubscriber.RequestAsync(client);
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task HEAD_returns_only_the_headers()
    {
        using var service = Service(new LiveGenesys());

        using var response = await service.CreateClient().SendAsync(new HttpRequestMessage(HttpMethod.Head, "/observations/stream"), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await WaitForNoSubscribersAsync(service);
    }

    /// <summary>Sets the number of waiting conversations in one queue; the other queues do not change.</summary>
    private static void SetWaiting(LiveGenesys genesys, int queue, int waiting) => genesys.Data = (path, requested) =>
        path == LiveGenesys.Conversations && requested == queue ? $$"""{"metric":"oWaiting","count":{{waiting}}},{"metric":"oInteracting","count":2},{"metric":"oAlerting","count":1}""" : null;

    private static Task WaitForNoSubscribersAsync(RunningService service) =>
        Eventually.IsTrueAsync(() => service.Services.GetRequiredService<StreamGroupRegistry>().SubscriberCount == 0, "no subscriber is counted after it has left");

    private static RunningService Service(LiveGenesys genesys, Dictionary<string, string>? settings = null) => new() { Upstream = genesys.Upstream, Settings = settings ?? [] };

    private static FakeTimeProvider Clock(RunningService service) => (FakeTimeProvider)service.Clock;

    private static Uri Address(string path) => new(path, UriKind.Relative);

    private static async Task<JsonElement> QueryAsync(HttpClient client) => JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(Address("/observations"), TestCancellation));
}
