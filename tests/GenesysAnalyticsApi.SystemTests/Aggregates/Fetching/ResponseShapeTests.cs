using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using static GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure.CannedGenesys;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Fetching;

/// <summary>
/// Only a body of the expected shape is accepted, even with status 200. For any other body, the service retries the request, reports the
/// failure and caches nothing.
/// </summary>
public sealed class ResponseShapeTests(CannedGenesys genesys) : IClassFixture<CannedGenesys>
{
    public static TheoryData<string> InvalidReplies => new(
        """{"message":"The server encountered an unexpected condition","code":"internal.server.error","status":500,"contextId":"c"}""",
        """{"results":[],"message":"Partial failure","code":"internal.server.error","status":500}""",
        """{"error":"invalid_client","description":"authentication failed"}""",
        """{"note":"hello"}""",
        """{"entities":[],"pageNumber":1,"pageCount":1}""",
        """{"results":null}""",
        """{"results":{}}""",
        """{"results":"none"}""",
        """{"results":[null]}""",
        """{"results":[5]}""",
        """{"results":[{"group":{"queueId":"q","mediaType":"voice"},"data":5}]}""",
        """{"results":[{"group":{"queueId":"q","mediaType":"voice"},"data":[null]}]}""",
        """{"results":[]} {}""",
        """{"results":[]}x""",
        """{"results":[""",
        "[]",
        "null",
        "\"ok\"",
        "NaN",
        "",
        "<html><title>Sign in</title></html>");

    [Theory]
    [MemberData(nameof(InvalidReplies))]
    public async Task An_invalid_body_is_retried_and_reported(string body)
    {
        genesys.NextDay().Body = () => body;

        var (status, problem) = await genesys.QueryToCompletionAsync();

        status.ShouldBe(HttpStatusCode.BadGateway, problem.ToJsonString());
        problem.Text("detail")!.ShouldStartWith(body.StartsWith('<') ? "Received an HTML page with the title 'Sign in'" : "The Genesys reply could not be read: ");
        genesys.Requests.ShouldBeGreaterThan(1);
    }

    [Theory]
    [MemberData(nameof(InvalidReplies))]
    public async Task An_invalid_body_is_never_cached(string body)
    {
        var isBroken = true;
        genesys.NextDay().With(1, Metric("nOffered", """{"count":3}""")).Body = () => isBroken ? body : null;
        (await genesys.QueryToCompletionAsync($"{genesys.Day}&partial=deny")).ToString().ShouldContain("/problems/genesys-refused");

        isBroken = false;
        genesys.Clock.Advance(TimeSpan.FromMinutes(2));
        var (status, response) = await genesys.QueryToCompletionAsync();

        (status, response.Records().Single().Number("offered")).ShouldBe((HttpStatusCode.OK, 3));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"results":[]}""")]
    [InlineData("""{"results":[],"new":{"code":"x"}}""")]
    [InlineData("""{"results":[{"group":{"mediaType":"voice"},"data":[]}],"message":null}""")]
    public async Task An_empty_reply_is_valid(string body)
    {
        genesys.NextDay().Body = () => body;

        var response = await genesys.QueryAsync();

        response.Records().ShouldBeEmpty();
        (response.Meta()["complete"]!.GetValue<bool>(), response.Meta()["final"]!.GetValue<bool>()).ShouldBe((true, true));
    }

    [Theory]
    [InlineData("""{"message":"x","code":"internal.server.error","status":500}""")]
    [InlineData("""{"entities":null,"pageCount":1}""")]
    [InlineData("""{"entities":null,"pageCount":0,"total":0}""")]
    [InlineData("""{"pageNumber":1,"pageCount":1,"total":7}""")]
    [InlineData("""{"entities":{}}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"entities":[]}x""")]
    [InlineData("""{"entities":[""")]
    public async Task An_invalid_queue_listing_is_not_mistaken_for_an_organization_without_queues(string body)
    {
        using var driver = new GatewayDriver();
        driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, body);

        var listing = driver.Gateway.ListQueuesAsync(1, RequestOrigin.Service, TestContext.Current.CancellationToken);
        await driver.PassTimeUntilAsync(listing.ContinueWith(_ => { }, TaskScheduler.Default));

        (await Should.ThrowAsync<GenesysException>(() => listing)).Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
        driver.Genesys.Requests.Count.ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("""{"error":"invalid_request","error_description":"rate limit exceeded; try later"}""")]
    [InlineData("""{"access_token":"token","token_type":"bearer","error":"invalid_client"}""")]
    [InlineData("""{"message":"x","code":"internal.server.error","status":500}""")]
    [InlineData("""{"access_token":null}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"token\"")]
    [InlineData("""{"access_token":"token"}x""")]
    public async Task An_invalid_token_reply_is_not_used_as_a_token(string body)
    {
        using var driver = new GatewayDriver();
        for (var login = 0; login < 10; login++)
        {
            driver.Genesys.LoginReplies.Enqueue(() => FakeGenesysHandler.Response(HttpStatusCode.OK, body));
        }

        var failure = await driver.FailAsync();

        failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
        failure.Message.ShouldContain("login");
        driver.Genesys.Requests.ShouldBeEmpty();
    }
}
