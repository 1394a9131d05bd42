using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Details;

/// <summary>What every client must do for conversation details (<see cref="TestedClient"/>).</summary>
public sealed class DetailsGatewayTests : IDisposable
{
    private const string Api = "https://api.mypurecloud.ie/api/v2/analytics/conversations";

    private static readonly DetailsRequest Request = new(GatewayDriver.Day[0], GatewayDriver.Day[1]);

    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_without_a_filter_sends_none()
    {
        _driver.Genesys.Ok(DetailsWireText.Page(DetailsWireText.Whole));

        var page = await _driver.Details.QueryDetailsAsync(Request, TestCancellation);

        var sent = _driver.Genesys.Requests.ShouldHaveSingleItem();
        (sent.Method, sent.Url, sent.Authorization).ShouldBe((HttpMethod.Post, new Uri($"{Api}/details/query"), "Bearer token-1"));
        sent.Body.ShouldBeJson(
            """{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","order":"asc","orderBy":"conversationStart","paging":{"pageSize":100,"pageNumber":1}}""");
        page.Conversations.ShouldHaveSingleItem().Id.ShouldBe(DetailsWireText.Id);
        (page.TotalHits, page.Calls, page.FetchedAt, page.DataAvailableUntil).ShouldBe((1, 1, Instant.FromUtc(2026, 1, 5, 12, 0), null));
    }

    [Fact]
    public async Task The_filters_of_a_query_have_the_format_that_Genesys_requires()
    {
        _driver.Genesys.Ok("""{"totalHits":0}""");

        await _driver.Details.QueryDetailsAsync(
            Request with { IsDescending = true, PageNumber = 3, PageSize = 25, Filter = new(["q1", "q2"], ["voice"], ["u1"], ["w1"], ["client", "peer"], "inbound") }, TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Body.ShouldBeJson($$"""
            {"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","order":"desc","orderBy":"conversationStart","paging":{"pageSize":25,"pageNumber":3},
             "conversationFilters":[{"type":"or","predicates":[{{Predicate("originatingDirection", "inbound")}}]}],
             "segmentFilters":[
              {"type":"and","clauses":[{"type":"or","predicates":[{{Predicate("queueId", "q1")}},{{Predicate("queueId", "q2")}}]},{"type":"or","predicates":[{{Predicate("mediaType", "voice")}}]}]},
              {"type":"or","predicates":[{{Predicate("userId", "u1")}}]},
              {"type":"or","predicates":[{{Predicate("wrapUpCode", "w1")}}]},
              {"type":"or","predicates":[{{Predicate("disconnectType", "client")}},{{Predicate("disconnectType", "peer")}}]}]}
            """);
    }

    [Fact]
    public async Task One_conversation_is_read_by_its_id()
    {
        _driver.Genesys.Ok(DetailsWireText.Whole);

        var page = await _driver.Details.GetDetailAsync(DetailsWireText.Id.ToUpperInvariant(), withPersonalData: false, RequestOrigin.Anonymous, TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Url.ShouldBe(new Uri($"{Api}/{DetailsWireText.Id}/details"));
        page.Conversations.ShouldHaveSingleItem().Id.ShouldBe(DetailsWireText.Id);
    }

    [Fact]
    public async Task Several_conversations_are_read_by_their_ids()
    {
        _driver.Genesys.Ok($$"""{"conversations":[{{DetailsWireText.Bare(DetailsWireText.OtherId)}}]}""");

        var page = await _driver.Details.GetDetailsAsync([DetailsWireText.Id, "../users", DetailsWireText.OtherId, DetailsWireText.Id], RequestOrigin.Anonymous, TestCancellation);

        var url = _driver.Genesys.Requests.ShouldHaveSingleItem().Url;
        url.GetLeftPart(UriPartial.Path).ShouldBe($"{Api}/details");
        Uri.UnescapeDataString(url.Query).ShouldBe($"?id={DetailsWireText.Id},{DetailsWireText.OtherId}");
        page.Conversations.ShouldHaveSingleItem().Id.ShouldBe(DetailsWireText.OtherId);
    }

    [Fact]
    public async Task A_conversation_that_does_not_exist_in_Genesys_is_not_a_failure()
    {
        _driver.Genesys.Reply(HttpStatusCode.NotFound, Wire.Error("not.found", "no such conversation"));

        var page = await _driver.Details.GetDetailAsync(DetailsWireText.Id, withPersonalData: false, RequestOrigin.Anonymous, TestCancellation);

        (page.Conversations.Length, page.Calls).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Text_that_is_not_an_id_is_never_sent()
    {
        (await _driver.Details.GetDetailAsync("..", withPersonalData: false, RequestOrigin.Anonymous, TestCancellation)).Conversations.ShouldBeEmpty();
        (await _driver.Details.GetDetailsAsync(["a,b", ""], RequestOrigin.Anonymous, TestCancellation)).Calls.ShouldBe(0);

        _driver.Genesys.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task More_ids_than_fit_on_a_page_are_a_programming_error() => await Should.ThrowAsync<ArgumentOutOfRangeException>(
        () => _driver.Details.GetDetailsAsync([.. Enumerable.Range(0, 101).Select(_ => Guid.NewGuid().ToString())], RequestOrigin.Anonymous, TestCancellation));

    [Theory]
    [InlineData("""{"message":"no"}""")]
    [InlineData("[]")]
    [InlineData($$"""{"conversationId":"{{DetailsWireText.OtherId}}","conversationStart":"2026-01-01T10:00:00Z"}""")]
    public async Task A_reply_that_is_not_the_conversation_is_unreadable(string body)
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, body);

        (await FailAsync(_driver.Details.GetDetailAsync(DetailsWireText.Id, withPersonalData: false, RequestOrigin.Anonymous, TestCancellation)))
            .Kind.ShouldBe(GenesysFailureKind.Unreadable);
    }

    [Fact]
    public async Task The_data_availability_is_read()
    {
        _driver.Genesys.Ok("""{"dataAvailabilityDate":"2026-01-05T03:00:00.000Z"}""");

        (await _driver.Details.GetDataAvailabilityAsync(RequestOrigin.Service, TestCancellation)).ShouldBe(new DataAvailability(Instant.FromUtc(2026, 1, 5, 3, 0), 1));

        _driver.Genesys.Requests.ShouldHaveSingleItem().Url.ShouldBe(new Uri($"{Api}/details/jobs/availability"));
    }

    [Theory]
    [InlineData("You must specify a search interval as part of your query that does not exceed 31 days", 31)]
    [InlineData("You must specify a search interval as part of your query that does not exceed 7 days.", 7)]
    [InlineData("The interval may not be longer than [14] days", 14)]
    [InlineData("Only 31-day ranges are supported", null)]
    [InlineData("A maximum of 31 days per interval", 31)]
    [InlineData("the date range exceeds the limit of 1 day", 1)]
    [InlineData("The interval exceeds the limit", null, true)]
    [InlineData("The interval exceeds 99999 days", null, true)]
    [InlineData("Pagination may not exceed 100000 results", null, true)]
    [InlineData("Interval is malformed", null)]
    public async Task A_rejection_that_names_a_limit_is_reported_as_too_large(string message, int? days, bool isTooLarge = false)
    {
        _driver.Genesys.Reply(HttpStatusCode.BadRequest, Wire.Error("bad.request", message));

        var failure = await FailAsync(_driver.Details.QueryDetailsAsync(Request, TestCancellation));

        failure.MaxIntervalDays.ShouldBe(days);
        failure.Kind.ShouldBe(isTooLarge || days is not null ? GenesysFailureKind.TooLarge : GenesysFailureKind.Rejected);
        failure.Message.Contains($"at most {days} days", StringComparison.Ordinal).ShouldBe(days is not null);
        _driver.Genesys.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_limit_may_be_in_the_message_with_parameters()
    {
        _driver.Genesys.Reply(HttpStatusCode.BadRequest, """{"message":"The interval exceeds {limit} days","messageWithParams":"The interval exceeds 7 days"}""");

        (await FailAsync(_driver.Details.QueryDetailsAsync(Request, TestCancellation))).MaxIntervalDays.ShouldBe(7);
    }

    [Fact]
    public async Task The_same_message_for_a_query_of_figures_is_an_ordinary_rejection()
    {
        _driver.Genesys.Reply(HttpStatusCode.BadRequest, Wire.Error("bad.request", "You must specify an interval that does not exceed 31 days"));

        (await _driver.FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Rejected),
            failure => failure.MaxIntervalDays.ShouldBeNull());
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.Forbidden, "");

        (await FailAsync(_driver.Details.QueryDetailsAsync(Request, TestCancellation))).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Forbidden),
            failure => failure.Message.ShouldContain("'analytics:conversationDetail:view'"));
    }

    [Fact]
    public async Task A_page_that_breaks_off_is_read_again()
    {
        var whole = DetailsWireText.Page(DetailsWireText.Whole, DetailsWireText.Bare(DetailsWireText.OtherId));
        _driver.Genesys.Ok(whole[..^20]);
        _driver.Genesys.Ok(whole);

        var pending = _driver.Details.QueryDetailsAsync(Request, TestCancellation);
        await _driver.PassTimeUntilAsync(pending);

        (await pending).ShouldSatisfyAllConditions(
            page => page.Conversations.Length.ShouldBe(2),
            page => page.Calls.ShouldBe(2));
    }

    [Fact]
    public async Task A_page_that_exceeds_the_limit_of_a_reply_is_reported_as_too_large()
    {
        using var driver = new GatewayDriver(options => options.MaxAnswerBytes = 1_000);
        driver.Genesys.Ok(DetailsWireText.Page(DetailsWireText.Whole, DetailsWireText.Whole));

        var failed = await Should.ThrowAsync<GenesysException>(() => driver.Details.QueryDetailsAsync(Request, TestCancellation));

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.TooLarge);
        failed.Failure.Message.ShouldContain("Genesys:MaxAnswerBytes");
    }

    [Fact]
    public async Task An_HTML_page_is_unreadable()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, "<html><title>Sign in</title>");

        (await FailAsync(_driver.Details.QueryDetailsAsync(Request, TestCancellation))).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.IsHtmlPage.ShouldBeTrue());
    }

    public void Dispose() => _driver.Dispose();

    private static string Predicate(string dimension, string value) =>
        JsonSerializer.Serialize(new { type = "dimension", dimension, @operator = "matches", value });

    private async Task<GenesysFailure> FailAsync<T>(Task<T> pending)
    {
        await _driver.PassTimeUntilAsync(pending.ContinueWith(_ => { }, TaskScheduler.Default));
        return (await Should.ThrowAsync<GenesysException>(() => pending)).Failure;
    }
}
