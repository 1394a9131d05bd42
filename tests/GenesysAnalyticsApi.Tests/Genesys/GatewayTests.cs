using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys;

/// <summary>What every gateway must do, with either client (<see cref="TestedClient"/>).</summary>
public sealed class GatewayTests : IDisposable
{
    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_has_the_format_that_Genesys_requires()
    {
        _driver.Genesys.Ok(Wire.OneQueue);

        await _driver.Gateway.QueryAggregatesAsync(
            GatewayDriver.Request with { Granularity = "P1D", TimeZone = "Europe/Berlin", Metrics = ["nOffered", "tHandle"], Direction = "inbound", QueueIds = ["q1", "q2"] },
            TestCancellation);

        var sent = _driver.Genesys.Requests.ShouldHaveSingleItem();
        sent.Method.ShouldBe(HttpMethod.Post);
        sent.Url.ShouldBe(new Uri("https://api.mypurecloud.ie/api/v2/analytics/conversations/aggregates/query"));
        sent.Authorization.ShouldBe("Bearer token-1");
        sent.Body.ShouldBeJson(
            """{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","granularity":"P1D","timeZone":"Europe/Berlin","groupBy":["queueId","mediaType"],"metrics":["nOffered","tHandle"],"filter":"""
            + """{"type":"and","clauses":[{"type":"or","predicates":[{"type":"dimension","dimension":"originatingDirection","operator":"matches","value":"inbound"}]},"""
            + """{"type":"or","predicates":[{"type":"dimension","dimension":"queueId","operator":"matches","value":"q1"},{"type":"dimension","dimension":"queueId","operator":"matches","value":"q2"}]}]}}""");
    }

    [Fact]
    public async Task Unset_parameters_are_not_sent()
    {
        _driver.Genesys.Ok(Wire.OneQueue);

        var reply = await _driver.QueryAsync(TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Body.ShouldBeJson(
            """{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","groupBy":["queueId","mediaType"],"metrics":["nOffered"]}""");
        reply.Calls.ShouldBe(1);
        reply.FetchedAt.ShouldBe(Instant.FromUtc(2026, 1, 5, 12, 0));
        reply.Facts.Series.ShouldBe([new FactSeries("q1", "voice")]);
    }

    [Fact]
    public async Task A_split_adds_its_dimensions_to_the_groups()
    {
        _driver.Genesys.Ok(Wire.OneQueue.Replace("\"queueId\":", "\"messageType\":\"sms\",\"originatingDirection\":\"inbound\",\"queueId\":", StringComparison.Ordinal));

        var reply = await _driver.Gateway.QueryAggregatesAsync(GatewayDriver.Request with { Dimensions = Dimensions.MessageType | Dimensions.Direction }, TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Body.ShouldBeJson(
            """{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","groupBy":["queueId","mediaType","messageType","originatingDirection"],"metrics":["nOffered"]}""");
        reply.Facts.Series.ShouldBe([new FactSeries("q1", "voice", new(Dimensions.MessageType | Dimensions.Direction, ["sms", "inbound"]))]);
    }

    [Fact]
    public async Task A_view_is_requested_by_target_name_and_range_and_becomes_a_column()
    {
        _driver.Genesys.Ok(Wire.OneQueue.Replace("]}]}]}", """],"views":[{"name":"answeredWithin","stats":{"max":30,"min":10,"count":2,"sum":40}},{"name":"other","stats":{"count":9}}]}]}]}""", StringComparison.Ordinal));

        var reply = await _driver.Gateway.QueryAggregatesAsync(
            GatewayDriver.Request with { Metrics = ["tHandle"], Views = [new MetricView("answeredWithin", "tHandle", 20_001)] }, TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Body.ShouldBeJson(
            """{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","groupBy":["queueId","mediaType"],"metrics":["tHandle"],"views":[{"target":"tHandle","function":"rangeBound","name":"answeredWithin","range":{"lt":20001}}]}""");
        reply.Facts.Columns.Select(column => (column.Metric, column.Count![0])).ShouldBe([("views.answeredWithin", 2), ("nOffered", 5), ("tHandle", 2)], ignoreOrder: true);
        reply.Facts.HasInvalid.ShouldBeFalse();
    }

    [Fact]
    public async Task The_time_of_a_reply_is_that_of_the_attempt_that_returned_it()
    {
        _driver.Genesys.Reply(HttpStatusCode.ServiceUnavailable, with: response => Wire.RetryAfter(response, "10"));
        _driver.Genesys.Ok(Wire.OneQueue);

        var reply = await _driver.QueryToCompletionAsync();

        reply.Calls.ShouldBe(2);
        reply.FetchedAt.ShouldBe(Instant.FromDateTimeOffset(_driver.Genesys.Requests.Last().At));
        reply.FetchedAt.ShouldBeGreaterThanOrEqualTo(Instant.FromUtc(2026, 1, 5, 12, 0, 10));
    }

    [Fact]
    public async Task A_page_of_queues_is_converted()
    {
        _driver.Genesys.Ok("""
            {"entities":[{"id":"q1","name":"Billing","division":{"id":"d1","name":"Home"},"memberCount":7,"new":{},
              "mediaSettings":{"call":{"serviceLevel":{"percentage":0.8,"durationMs":20000},"alertingTimeoutSeconds":8},"email":{"serviceLevel":null},"odd":true}},
             {"id":"q2","name":"Bare"},null,{"name":"no id"}],
             "pageSize":500,"pageNumber":1,"total":502,"pageCount":2,"nextUri":"https://evil.example/api/v2/routing/queues?pageNumber=2"}
            """);

        var page = await _driver.Gateway.ListQueuesAsync(1, RequestOrigin.Service, TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Url.ShouldSatisfyAllConditions(
            url => url.GetLeftPart(UriPartial.Path).ShouldBe("https://api.mypurecloud.ie/api/v2/routing/queues"),
            url => url.Query[1..].Split('&').ShouldBe(["pageSize=500", "pageNumber=1"], ignoreOrder: true));
        (page.PageNumber, page.PageCount, page.HasNext).ShouldBe((1, 2, true));
        page.Entities.Count.ShouldBe(2);
        page.Entities[0].ShouldSatisfyAllConditions(
            queue => (queue.Id, queue.Name, queue.DivisionId, queue.DivisionName, queue.MemberCount).ShouldBe(("q1", "Billing", "d1", "Home", 7)),
            queue => queue.ServiceLevels.ShouldHaveSingleItem().ShouldBe(new("voice", new QueueServiceLevel(0.8, 20000))));
        page.Entities[1].ServiceLevels.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"entities":[{"id":"q"}],"pageCount":3}""", 3, false)]
    [InlineData("""{"entities":[],"pageCount":9}""", 1, false)]
    [InlineData("""{"total":0}""", 1, false)]
    [InlineData("""{"pageCount":1}""", 2, false)]
    [InlineData("""{"entities":[{"id":"q"}],"nextUri":"/x"}""", 1, true)]
    public async Task The_end_of_the_listing_is_detected(string body, int pageNumber, bool hasNext)
    {
        _driver.Genesys.Ok(body);

        (await _driver.Gateway.ListQueuesAsync(pageNumber, RequestOrigin.Service, TestCancellation)).HasNext.ShouldBe(hasNext);
    }

    [Theory]
    [InlineData(400, "bad.request", "malformed", nameof(GenesysFailureKind.Rejected))]
    [InlineData(400, "bad.request", "Result set is larger than result limit", nameof(GenesysFailureKind.TooLarge))]
    [InlineData(400, "bad.request", "over the limit of 30000 results", nameof(GenesysFailureKind.TooLarge))]
    [InlineData(400, "response.entity.too.large", "The response is over the size limit", nameof(GenesysFailureKind.TooLarge))]
    [InlineData(413, "request.entity.too.large", "too large", nameof(GenesysFailureKind.TooLarge))]
    [InlineData(403, "missing.permissions", "You are missing the following permission(s): x", nameof(GenesysFailureKind.Forbidden))]
    [InlineData(404, "not.found", "no", nameof(GenesysFailureKind.Rejected))]
    [InlineData(302, "", "", nameof(GenesysFailureKind.Rejected))]
    [InlineData(501, "", "", nameof(GenesysFailureKind.Unavailable))]
    public async Task A_permanent_failure_is_not_retried(int status, string code, string message, string expected)
    {
        _driver.Genesys.Reply((HttpStatusCode)status, Wire.Error(code, message), response => response.Headers.Add("ININ-Correlation-Id", "corr-1"));

        var failed = await _driver.FailToCompletionAsync();

        failed.Calls.ShouldBe(1);
        failed.Failure.ShouldSatisfyAllConditions(
            failure => failure.Kind.ToString().ShouldBe(expected),
            failure => failure.Status.ShouldBe(status),
            failure => failure.Code.ShouldBe(code),
            failure => failure.UpstreamMessage.ShouldBe(message),
            failure => failure.CorrelationId.ShouldBe("corr-1"));
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _driver.Genesys.Reply(HttpStatusCode.Forbidden, Wire.Error("missing.permissions", "missing: analytics:x:view"));
        _driver.Genesys.Reply(HttpStatusCode.Forbidden);

        var aggregates = await _driver.FailAsync();
        var queues = (await Should.ThrowAsync<GenesysException>(() => _driver.Gateway.ListQueuesAsync(1, RequestOrigin.Service, TestCancellation))).Failure;

        aggregates.Message.ShouldContain("analytics:conversationAggregate:view");
        aggregates.Message.ShouldNotContain("analytics:x:view");
        aggregates.UpstreamMessage.ShouldNotBeNull().ShouldContain("analytics:x:view");
        aggregates.CorrelationId.ShouldBe("ctx-1");
        queues.Message.ShouldContain("routing:queue:view");
    }

    [Fact]
    public async Task Genesys_messages_are_truncated_and_sanitized()
    {
        _driver.Genesys.Reply(HttpStatusCode.BadRequest, JsonSerializer.Serialize(new { message = "a\r\nb\u001b[31m" + new string('x', 2000) }));
        _driver.Genesys.Reply(HttpStatusCode.BadRequest, "[" + new string('x', 200_000));

        var message = (await _driver.FailAsync()).UpstreamMessage.ShouldNotBeNull();
        message.Length.ShouldBe(500);
        message.ShouldStartWith("a  b [31m");
        (await _driver.FailAsync()).UpstreamMessage.ShouldBeNull();
    }

    [Fact]
    public async Task Cancellation_by_the_caller_stays_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        _driver.Genesys.Hang();
        var pending = _driver.QueryAsync(cancellation.Token);
        await GatewayDriver.SettleAsync();

        await cancellation.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => pending)).CancellationToken.ShouldBe(cancellation.Token);
    }

    [Fact]
    public async Task An_unknown_region_is_reported_as_such()
    {
        using var driver = new GatewayDriver(options => options.Region = "nowhere");

        (await driver.FailAsync()).Message.ShouldContain("Genesys:Region 'nowhere'");
    }

    [Fact]
    public async Task Configured_base_URLs_override_the_region()
    {
        using var driver = new GatewayDriver(options =>
            (options.Region, options.ApiBaseUrl, options.LoginBaseUrl) = (null, new Uri("http://localhost:5099/genesys/"), new Uri("http://localhost:5098")));
        driver.Genesys.Ok(Wire.OneQueue);

        await driver.QueryAsync(TestCancellation);

        driver.Genesys.Requests.ShouldHaveSingleItem().Url.ShouldBe(new Uri("http://localhost:5099/genesys/api/v2/analytics/conversations/aggregates/query"));
        driver.Genesys.Logins.ShouldHaveSingleItem().Url.ShouldBe(new Uri("http://localhost:5098/oauth/token"));
    }

    [Fact]
    public async Task Logs_and_failures_contain_no_secret_and_no_reply()
    {
        const string Planted = "p1ant3d-in-a-body";
        var failures = new List<Exception>();
        foreach (var status in new[] { 401, 403, 429, 500, 503, 504 })
        {
            _driver.Genesys.Reply((HttpStatusCode)status, $$"""{"other":"{{Planted}}"}""");
        }

        _driver.Genesys.Ok($"<html>{Planted}");
        _driver.Genesys.Fail(new HttpRequestException($"x {Planted}"));
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.Unauthorized, "");
        for (var i = 0; i < 8; i++)
        {
            failures.Add(await _driver.FailToCompletionAsync());
        }

        using var rejected = new GatewayDriver();
        rejected.Genesys.LoginReplies.Enqueue(() => FakeGenesysHandler.Response(
            HttpStatusCode.BadRequest, $$"""{"error":"invalid_client","error_description":"bad {{GatewayDriver.Secret}}"}"""));
        failures.Add(await rejected.FailToCompletionAsync());

        var all = string.Join('\n', _driver.Logs.Lines.Concat(rejected.Logs.Lines).Concat(failures.Select(one => $"{one.Message} {((GenesysException)one).Failure}")));
        all.ShouldNotContain(GatewayDriver.Secret);
        all.ShouldNotContain("token-1");
        all.ShouldNotContain(Planted);
        all.ShouldNotContain(Convert.ToBase64String(System.Text.Encoding.Latin1.GetBytes($"client:{GatewayDriver.Secret}")));
        _driver.Logs.Lines.ShouldNotContain(line => line.Contains("   at ", StringComparison.Ordinal), "no stack traces");
        _driver.Logs.Lines.ShouldContain(line => line.StartsWith("1001 ", StringComparison.Ordinal));
    }

    public void Dispose() => _driver.Dispose();
}
