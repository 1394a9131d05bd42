using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class StrictnessTests
{
    private const string Interval = "2026-04-13T00:00:00.000Z/2026-04-14T00:00:00.000Z";

    [Theory]
    [InlineData("interval", "\"2026-04-13T00:00:00.000Z\"", "bad.request", "slash")]
    [InlineData("interval", "\"2026-04-14T00:00:00Z/2026-04-13T00:00:00Z\"", "bad.request", "must end after it starts")]
    [InlineData("interval", "\"2026-04-14T00:00:00Z/2026-04-14T00:00:00Z\"", "bad.request", "must end after it starts")]
    [InlineData("interval", "\"yesterday/2026-04-14T00:00:00Z\"", "invalid.date", "ISO-8601")]
    [InlineData("interval", "\"2026-04-13T00:00:00Z/P1D\"", "invalid.date", "ISO-8601")]
    [InlineData("interval", "7", "bad.request", "interval must be a string")]
    [InlineData("interval", "null", "bad.request", "interval is required")]
    [InlineData("metrics", "[]", "bad.request", "metrics is required")]
    [InlineData("metrics", "\"nOffered\"", "bad.request", "metrics must be an array")]
    [InlineData("metrics", "[\"nOffered\",\"nAnswered\"]", "invalid.value", "nAnswered")]
    [InlineData("metrics", "[\"nConversations\"]", "invalid.value", "nConversations")]
    [InlineData("metrics", "[\"tSnippetRecord\"]", "invalid.value", "tSnippetRecord")]
    [InlineData("groupBy", "[\"queue\"]", "invalid.value", "queue")]
    [InlineData("granularity", "\"30 minutes\"", "bad.request", "ISO-8601 period")]
    [InlineData("granularity", "\"PT7H\"", "bad.request", "does not divide")]
    [InlineData("granularity", "\"PT1S\"", "bad.request", "at least PT1M")]
    [InlineData("granularity", "\"P0D\"", "bad.request", "positive")]
    [InlineData("granularity", "\"P2147483647Y\"", "bad.request", "exceeds the range of the calendar")]
    [InlineData("granularity", "\"PT9223372036854775807H\"", "bad.request", "exceeds the range of the calendar")]
    [InlineData("timeZone", "\"Berlin\"", "bad.request", "Berlin")]
    [InlineData("queryType", "\"topN\"", "bad.request", "not supported by the simulator")]
    [InlineData("queryType", "\"median\"", "invalid.value", "median")]
    [InlineData("from", "\"2026\"", "invalid.property", "from")]
    [InlineData("filter", "{\"predicates\":[]}", "bad.request", "type is required")]
    [InlineData("filter", "{\"type\":\"not\"}", "invalid.value", "not")]
    [InlineData("filter", "{\"type\":\"and\",\"clauses\":[{\"type\":\"or\"}]}", "bad.request", "predicates is required")]
    [InlineData("filter", "{\"type\":\"and\",\"clauses\":[{\"type\":\"or\",\"clauses\":[],\"predicates\":[]}]}", "invalid.property", "clauses")]
    [InlineData("filter", "{\"type\":\"and\",\"predicates\":[{\"dimension\":\"conversationEnd\",\"value\":\"x\"}]}", "invalid.value", "conversationEnd")]
    [InlineData("filter", "{\"type\":\"and\",\"predicates\":[{\"dimension\":\"queueId\"}]}", "bad.request", "value or a range")]
    [InlineData("filter", "{\"type\":\"and\",\"predicates\":[{\"dimension\":\"queueId\",\"operator\":\"exists\",\"value\":\"x\"}]}", "bad.request", "neither")]
    [InlineData("filter", "{\"type\":\"and\",\"predicates\":[{\"dimension\":\"queueId\",\"value\":7}]}", "bad.request", "value must be a string")]
    [InlineData("views", "[{\"target\":\"nOffered\",\"function\":\"rangeBound\",\"name\":\"a\",\"range\":{\"lt\":1}}]", "bad.request", "timer")]
    [InlineData("views", "[{\"target\":\"tWait\",\"function\":\"rangeBound\",\"name\":\"tAcw\",\"range\":{\"lt\":1}}]", "bad.request", "must not be that of a metric")]
    [InlineData("views", "[{\"target\":\"tWait\",\"function\":\"rangeBound\",\"name\":\"a\",\"range\":{}}]", "bad.request", "a bound is required")]
    [InlineData("views", "[{\"target\":\"tNothing\",\"function\":\"rangeBound\",\"name\":\"a\",\"range\":{\"lt\":1}}]", "invalid.value", "tNothing")]
    [InlineData("views", "[{\"target\":\"tWait\",\"function\":\"average\",\"name\":\"a\",\"range\":{\"lt\":1}}]", "invalid.value", "average")]
    [InlineData("views", "[{\"target\":\"tWait\",\"function\":\"rangeBound\",\"name\":\"a\",\"range\":{\"lte\":1}}]", "invalid.property", "lte")]
    [InlineData("views", "[{\"target\":\"tWait\",\"function\":\"rangeBound\",\"name\":\"a\",\"range\":{\"lt\":1}},{\"target\":\"tWait\",\"function\":\"rangeBound\",\"name\":\"a\",\"range\":{\"lt\":2}}]", "bad.request", "must be unique")]
    public async Task Requests_that_Genesys_rejects_are_rejected_with_the_same_code(string member, string json, string code, string message)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14)).With(member, JsonNode.Parse(json));

        using var reply = await organization.PostAsync(query);
        var error = JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        error["code"]!.GetValue<string>().ShouldBe(code);
        error["message"]!.GetValue<string>().ShouldContain(message);
        error["status"]!.GetValue<int>().ShouldBe(400);
        error["contextId"]!.GetValue<string>().ShouldBe(reply.Headers.GetValues("ININ-Correlation-Id").Single());
    }

    [Theory]
    [InlineData(10, HttpStatusCode.OK)]
    [InlineData(11, HttpStatusCode.BadRequest)]
    public async Task At_most_ten_views_are_accepted(int count, HttpStatusCode expected)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var views = Enumerable.Range(0, count).Select(i => JsonNode.Parse($$$"""{"target":"tWait","function":"rangeBound","name":"v{{{i}}}","range":{"gte":{{{i}}}}}"""));

        using var reply = await organization.PostAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14)).With("views", new JsonArray([.. views])));

        reply.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("2026-04-13T00:00:00.000Z/2026-04-14T00:00:00.000Z")]
    [InlineData("2026-04-13T02:00:00+02:00/2026-04-14T02:00:00+02:00")]
    [InlineData("2026-04-13T00:00:00/2026-04-14T00:00:00")]
    [InlineData("2026-04-13T00:00:00.000123Z/2026-04-14T00:00:00Z")]
    public async Task Equivalent_spellings_of_an_interval_give_the_same_reply(string interval)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });

        var results = await organization.QueryAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14)).With("interval", interval));

        results.ShouldNotBeEmpty();
        results.ShouldAllBe(result => result!["data"]![0]!["interval"]!.GetValue<string>() == Interval);
    }

    [Theory]
    [InlineData("{\"interval\":", "application/json", 400, "bad.request")]
    [InlineData("[]", "application/json", 400, "bad.request")]
    [InlineData("{\"interval\":\"a\",\"interval\":\"b\"}", "application/json", 400, "bad.request")]
    [InlineData("{}", "text/plain", 415, "unsupported.media.type")]
    public async Task A_body_must_be_JSON_with_a_JSON_content_type(string body, string type, int status, string code)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });

        using var reply = await Post(organization, body, type);

        ((int)reply.StatusCode).ShouldBe(status);
        (await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(code);
    }

    [Fact]
    public async Task A_body_has_at_most_512_000_bytes()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });

        using var reply = await Post(organization, new string(' ', 512_001), "application/json");

        reply.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task More_rows_than_the_limit_are_rejected_with_the_Genesys_message()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { RowLimit = 500 });
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14));

        using var small = await organization.PostAsync(query);
        using var large = await organization.PostAsync(query.With("granularity", "PT15M"));

        small.StatusCode.ShouldBe(HttpStatusCode.OK);
        large.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await large.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .ShouldContain("Result set is larger than result limit of 500 results");
    }

    private static async Task<HttpResponseMessage> Post(SimulatedOrganization organization, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await organization.Client.PostAsync(
            new Uri(SimulatedOrganization.AggregatesPath, UriKind.Relative), content, TestContext.Current.CancellationToken);
    }
}
