using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.RealTime;

/// <summary>What every client must do for the current state of queues (<see cref="TestedClient"/>).</summary>
public sealed class ActivityGatewayTests : IDisposable
{
    private const string Api = "https://api.mypurecloud.ie/api/v2/analytics";

    /// <summary>Five minutes before the clock of the driver.</summary>
    private const long Epoch = 1_767_614_100_000;

    private static readonly ActivityRequest Everything = new([], RequestOrigin.Anonymous);

    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Conversations_of_all_queues_are_one_query_without_a_filter()
    {
        _driver.Genesys.Ok($$"""
            {"entityIdDimension":"sessionId","results":[{"group":{"queueId":"q1","mediaType":"voice"},"data":[
              {"metric":"oWaiting","count":4},{"metric":"oInteracting","count":11},{"metric":"oAlerting","count":1},
              {"metric":"oLongestWaiting","count":1,"calculatedMetricValue":{{Epoch}}}]}]}
            """);

        var reply = await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation);

        var sent = _driver.Genesys.Requests.ShouldHaveSingleItem();
        (sent.Method, sent.Url).ShouldBe((HttpMethod.Post, new Uri($"{Api}/conversations/activity/query?pageSize=500&pageNumber=1")));
        sent.Body.ShouldBeJson("""
            {"metrics":[{"metric":"oAlerting"},{"metric":"oInteracting"},{"metric":"oWaiting"},{"metric":"oLongestInteracting"},{"metric":"oLongestWaiting"}],"groupBy":["queueId","mediaType"]}
            """);
        reply.Figures.ShouldBe(
            [
                new("q1", "voice", "oWaiting", null, 4, null), new("q1", "voice", "oInteracting", null, 11, null), new("q1", "voice", "oAlerting", null, 1, null),
                new("q1", "voice", "oLongestWaiting", null, 1, Instant.FromUnixTimeMilliseconds(Epoch)),
            ],
            ignoreOrder: true);
        (reply.Invalid.Length, reply.Calls, reply.FetchedAt).ShouldBe((0, 1, Instant.FromUtc(2026, 1, 5, 12, 0)));
    }

    [Fact]
    public async Task Users_are_grouped_by_queue_and_a_filter_names_the_queues()
    {
        _driver.Genesys.Ok("""{"results":[{"group":{"queueId":"q1"},"data":[{"metric":"oOnQueueUsers","qualifier":"IDLE","count":2},{"metric":"oUserPresences","qualifier":"On Queue","count":2}]}]}""");

        var reply = await _driver.Activity.QueryUsersAsync(new(["q1", "q2"], RequestOrigin.Anonymous), TestCancellation);

        var sent = _driver.Genesys.Requests.ShouldHaveSingleItem();
        sent.Url.ShouldBe(new Uri($"{Api}/routing/activity/query?pageSize=500&pageNumber=1"));
        sent.Body.ShouldBeJson("""
            {"metrics":[{"metric":"oActiveUsers"},{"metric":"oMemberUsers"},{"metric":"oOffQueueUsers"},{"metric":"oOnQueueUsers"},{"metric":"oUserPresences"},{"metric":"oUserRoutingStatuses"}],
             "groupBy":["queueId"],
             "filter":{"type":"or","predicates":[{"type":"dimension","dimension":"queueId","operator":"matches","value":"q1"},{"type":"dimension","dimension":"queueId","operator":"matches","value":"q2"}]}}
            """);
        reply.Figures.ShouldBe([new("q1", null, "oOnQueueUsers", "IDLE", 2, null), new("q1", null, "oUserPresences", "ON_QUEUE", 2, null)], ignoreOrder: true);
    }

    [Fact]
    public async Task Observations_have_their_values_in_stats_and_map_presences()
    {
        _driver.Genesys.Ok("""
            {"systemToOrganizationMappings":{"BREAK":["11111111-0000-0000-0000-000000000001","11111111-0000-0000-0000-000000000002"],"Away":["11111111-0000-0000-0000-000000000003"]},
             "results":[{"group":{"queueId":"q1","mediaType":"voice"},"data":[{"metric":"oWaiting","stats":{"count":3}},{"metric":"oLongestWaiting","stats":{"count":1,"calculatedMetricValue":1767614100000}}]},
              {"group":{"queueId":"q1"},"data":[{"metric":"oWaiting","stats":{"count":0}},
                {"metric":"oUserPresences","qualifier":"11111111-0000-0000-0000-000000000001","stats":{"count":2}},
                {"metric":"oUserPresences","qualifier":"11111111-0000-0000-0000-000000000003","stats":{"count":1}},
                {"metric":"oUserPresences","qualifier":"99999999-0000-0000-0000-000000000009","stats":{"count":4}}]}]}
            """);
        _driver.Genesys.Ok("""{"systemToOrganizationMappings":{"MEAL":["99999999-0000-0000-0000-000000000009"]}}""");

        var reply = await _driver.Activity.QueryObservationsAsync(new(["q1"], RequestOrigin.Anonymous), TestCancellation);

        var sent = _driver.Genesys.Requests.First();
        sent.Url.ShouldBe(new Uri($"{Api}/queues/observations/query"));
        sent.Body.ShouldContain("\"filter\":{\"type\":\"or\"");
        sent.Body.ShouldContain("\"metrics\":[\"oAlerting\"");
        reply.Figures.ShouldContain(new ActivityFigure("q1", "voice", "oWaiting", null, 3, null));
        reply.Figures.Where(figure => figure.Metric == "oUserPresences").Select(figure => (figure.Qualifier, figure.Count)).ShouldBe([("BREAK", 2), ("AWAY", 1), ("MEAL", 4)], ignoreOrder: true);
        reply.Invalid.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_mapping_of_a_presence_that_Genesys_never_maps_is_requested_once()
    {
        _driver.Genesys.DefaultReply = sent => FakeGenesysHandler.Response(
            HttpStatusCode.OK,
            sent.Url.AbsolutePath.EndsWith("/observations/query", StringComparison.Ordinal)
                ? """{"results":[]}"""
                : """{"results":[{"group":{"queueId":"q1"},"data":[{"metric":"oUserPresences","qualifier":"99999999-0000-0000-0000-000000000009","count":4}]}]}""");

        var first = await _driver.Activity.QueryUsersAsync(Everything, TestCancellation);
        await _driver.Activity.QueryUsersAsync(Everything, TestCancellation);

        first.Figures.ShouldHaveSingleItem().Qualifier.ShouldBe("UNKNOWN");
        _driver.Genesys.Requests.Count(sent => sent.Url.AbsolutePath.EndsWith("/observations/query", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData(500, 3, 2)]
    [InlineData(100, 3, 2)]
    [InlineData(499, 0, 1)]
    public async Task Pages_are_read_until_one_is_not_full(int first, int second, int requests)
    {
        _driver.Genesys.Ok(Page(0, first));
        _driver.Genesys.Ok(Page(first, second));

        var reply = await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation);

        (reply.Figures.Length, reply.Calls).ShouldBe((first + second, requests));
        _driver.Genesys.Requests.Select(sent => sent.Url.Query).ShouldBe(Enumerable.Range(1, requests).Select(page => $"?pageSize=500&pageNumber={page}"));
    }

    [Theory]
    [InlineData("Value [500] of pageSize must be an integer from 1 to 200", 200)]
    [InlineData("The page size is too large", 100)]
    public async Task A_page_size_that_Genesys_rejects_is_sent_only_once(string message, int size)
    {
        _driver.Genesys.Reply(HttpStatusCode.BadRequest, Wire.Error("bad.request", message));
        _driver.Genesys.DefaultReply = sent => FakeGenesysHandler.Response(HttpStatusCode.OK, Page(0, 3));

        await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation);
        await _driver.Activity.QueryUsersAsync(Everything, TestCancellation);

        _driver.Genesys.Requests.Select(sent => sent.Url.Query).ShouldBe(["?pageSize=500&pageNumber=1", $"?pageSize={size}&pageNumber=1", $"?pageSize={size}&pageNumber=1"]);
    }

    [Fact]
    public async Task A_query_ends_if_Genesys_ignores_the_page_number()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, Page(0, 500));

        (await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation)).Figures.Length.ShouldBe(500);

        _driver.Genesys.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"metric":"oAlerting","count":-1}""", "oAlerting")]
    [InlineData("""{"metric":"oAlerting","count":1.5}""", "oAlerting")]
    [InlineData("""{"metric":"oAlerting","count":99999999999}""", "oAlerting")]
    [InlineData("""{"metric":"oAlerting","count":"many"}""", "oAlerting")]
    [InlineData("""{"metric":"oAlerting","count":NaN}""", "oAlerting")]
    [InlineData("""{"metric":"oAlerting","count":{}}""", "oAlerting")]
    [InlineData("""{"metric":"oLongestWaiting","count":1,"calculatedMetricValue":45000}""", "oLongestWaiting")]
    [InlineData("""{"metric":"oLongestWaiting","count":1,"calculatedMetricValue":-Infinity}""", "oLongestWaiting")]
    [InlineData("""{"metric":"oLongestWaiting","count":1,"calculatedMetricValue":1767700500000}""", "oLongestWaiting")]
    [InlineData("""{"metric":"oInteracting","count":1},{"metric":"oInteracting","count":2}""", "oInteracting")]
    [InlineData("""{"metric":7,"count":1}""", null)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    public async Task An_invalid_entry_is_dropped_and_reported_and_the_others_are_kept(string entry, string? metric)
    {
        _driver.Genesys.Ok($$"""{"results":[{"group":{"queueId":"q1","mediaType":"voice"},"data":[{"metric":"oWaiting","count":2},{{entry}}]},{"group":{"queueId":"q2","mediaType":"voice"},"data":[{"metric":"oWaiting","count":5}]}]}""");

        var reply = await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation);

        reply.Figures.ShouldBe([new("q1", "voice", "oWaiting", null, 2, null), new("q2", "voice", "oWaiting", null, 5, null)], ignoreOrder: true);
        var invalid = reply.Invalid.ShouldHaveSingleItem();
        (invalid.QueueId, invalid.MediaType, invalid.Metric).ShouldBe(("q1", "voice", metric));
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("""{"group":{"mediaType":"voice"},"data":[]}""", null)]
    [InlineData("""{"group":{"queueId":"a b"},"data":[]}""", null)]
    [InlineData("""{"group":{"queueId":"q1","mediaType":7},"data":[]}""", "q1")]
    [InlineData("""{"group":{"queueId":"q1","mediaType":"voice"},"data":"x"}""", "q1")]
    [InlineData("""{"group":{"queueId":"q1"},"data":[{"metric":"oWaiting","count":3}]}""", "q1")]
    public async Task An_invalid_group_is_dropped_and_reported(string group, string? queueId)
    {
        _driver.Genesys.Ok($$"""{"results":[{{group}},{"group":{"queueId":"q2","mediaType":"voice"},"data":[{"metric":"oWaiting","count":5},{"metric":"oNew","count":[]}]}]}""");

        var reply = await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation);

        reply.Figures.ShouldBe([new("q2", "voice", "oWaiting", null, 5, null)]);
        reply.Invalid.ShouldHaveSingleItem().QueueId.ShouldBe(queueId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"results":{}}""")]
    [InlineData("""{"message":"no"}""")]
    [InlineData("""{"results":[""")]
    [InlineData("<html>")]
    public async Task A_body_that_is_not_a_reply_is_unreadable(string body)
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, body);

        (await FailAsync()).Kind.ShouldBe(GenesysFailureKind.Unreadable);
    }

    [Fact]
    public async Task An_empty_reply_has_no_figures()
    {
        _driver.Genesys.Ok("{}");

        (await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation)).Figures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("The filter has 260 predicates, but at most 200 are allowed", 200)]
    [InlineData("A filter is required. Maximum number of predicates: [50]", 50)]
    [InlineData("A filter is required", null)]
    [InlineData("Malformed at line 12", null)]
    public async Task The_maximum_number_of_predicates_is_read_from_the_rejection(string message, int? max)
    {
        _driver.Genesys.Reply(HttpStatusCode.BadRequest, Wire.Error("bad.request", message));

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Rejected),
            failure => failure.MaxPredicates.ShouldBe(max));
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.Forbidden, "");

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Forbidden),
            failure => failure.Message.ShouldContain("'analytics:queueObservation:view'"));
    }

    [Fact]
    public async Task Times_are_corrected_by_the_difference_of_the_clocks()
    {
        // The clock of Genesys is ten minutes behind. Its Date header has whole seconds, so the difference is known to within a second.
        _driver.Genesys.Reply(
            HttpStatusCode.OK,
            $$"""{"results":[{"group":{"queueId":"q1","mediaType":"voice"},"data":[{"metric":"oLongestWaiting","count":1,"calculatedMetricValue":{{Epoch - 600_000}}}]}]}""",
            response => response.Headers.Date = _driver.Clock.GetUtcNow() - TimeSpan.FromMinutes(10));

        var reply = await _driver.Activity.QueryConversationsAsync(Everything, TestCancellation);

        (reply.Figures.ShouldHaveSingleItem().Since!.Value - Instant.FromUnixTimeMilliseconds(Epoch)).TotalSeconds.ShouldBeInRange(-1, 1);
    }

    public void Dispose() => _driver.Dispose();

    private static string Page(int from, int count) =>
        $$"""{"results":[{{string.Join(',', Enumerable.Range(from, count).Select(queue => $$"""{"group":{"queueId":"q{{queue}}","mediaType":"voice"},"data":[{"metric":"oWaiting","count":1}]}"""))}}]}""";

    private async Task<GenesysFailure> FailAsync()
    {
        var pending = _driver.Activity.QueryConversationsAsync(Everything, TestCancellation);
        await _driver.PassTimeUntilAsync(pending.ContinueWith(_ => { }, TaskScheduler.Default));
        return (await Should.ThrowAsync<GenesysException>(() => pending)).Failure;
    }
}
