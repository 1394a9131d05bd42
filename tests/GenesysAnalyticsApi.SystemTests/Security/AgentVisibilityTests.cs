using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>Figures of single agents: who may see them, and what a caller that sees only some queues can find out about the agents of the others.</summary>
public sealed class AgentVisibilityTests : IDisposable
{
    private const string Billing = "a0000000-0000-4000-8000-000000000001";
    private const string Sales = "a0000000-0000-4000-8000-000000000002";
    private const string Day = "/aggregates?from=2026-11-20&to=2026-11-21";

    private static readonly string[] Agents = [.. FakeEvents.UserIds.OfType<string>()];
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 20, 12, 0);

    private readonly IssuedKeys _keys = new IssuedKeys()
        .Add("reader")
        .Add("supervisor", ("Scopes:0", "read"), ("Scopes:1", "agents"))
        .Add("lead", ("Scopes:0", "read"), ("Scopes:1", "agents"), ("Queues:0", Billing));

    private readonly RunningService _service;

    public AgentVisibilityTests()
    {
        // The value of an event determines its agent: Anna Ash works in both queues, Bert and the other Anna only in sales.
        var genesys = new FakeGenesysServer
        {
            Events =
            [
                new(Billing, "voice", Noon, "tHandle", 4000), new(Billing, "voice", Noon, "nOffered", 1),
                new(Sales, "voice", Noon, "tHandle", 8000), new(Sales, "voice", Noon, "tHandle", 4001), new(Sales, "voice", Noon, "tHandle", 4002),
            ],
            Users = [new(Agents[0], "Anna Ash", "active"), new(Agents[1], "Bert Birch", "active"), new(Agents[2], "Anna Alder", "inactive"), new("e0000000-0000-4000-8000-000000000007", "Carl", "active"), new("e0000000-0000-4000-8000-000000000008", "Carl", "active")],
        };
        _service = new RunningService { Upstream = genesys.Upstream(), Clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero)), Settings = _keys.Settings };
    }

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("&groupBy=userId")]
    [InlineData("&groupBy=queueId,userId&format=csv")]
    [InlineData("&userId=e0000000-0000-4000-8000-000000000001")]
    [InlineData("&user=Anna*")]
    [InlineData("&user=Nadia")]
    [InlineData("&user=Anna*&explain=true")]
    public async Task Without_the_scope_every_query_about_agents_is_forbidden(string query)
    {
        // The second query of a caller with the scope caches the response.
        await GetAsync("supervisor", Day + query);
        await GetAsync("supervisor", Day + query);

        var (status, body) = await GetAsync("reader", Day + query);

        status.ShouldBe(HttpStatusCode.Forbidden);
        body.ShouldContain("These credentials lack the scope 'agents'");
        body.ShouldNotContain("Anna");
    }

    [Fact]
    public async Task A_query_in_a_body_is_forbidden_too()
    {
        using var client = _keys.Of("reader", _service);
        using var body = new StringContent("""{"groupBy":["userId"]}""", Encoding.UTF8, "application/json");

        using var response = await client.PostAsync(new Uri("/aggregates/query", UriKind.Relative), body, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Wrap_up_codes_need_no_scope()
    {
        var (status, body) = await GetAsync("reader", $"{Day}&groupBy=wrapUpCode");

        status.ShouldBe(HttpStatusCode.OK);
        Records(body).Sum(record => (long)record["handled"]!).ShouldBe(4);
    }

    [Fact]
    public async Task A_caller_that_sees_all_queues_gets_suggestions_for_an_unknown_or_ambiguous_name()
    {
        var (notFound, unknown) = await GetAsync("supervisor", $"{Day}&user=Ana%20Ash");
        var (conflict, ambiguous) = await GetAsync("supervisor", $"{Day}&user=carl");
        var (_, found) = await GetAsync("supervisor", $"{Day}&user=ANNA*&groupBy=userId");

        notFound.ShouldBe(HttpStatusCode.NotFound);
        JsonNode.Parse(unknown)!["type"]!.ToString().ShouldBe("/problems/unknown-user");
        unknown.ShouldContain("Anna Ash");
        conflict.ShouldBe(HttpStatusCode.Conflict);
        JsonNode.Parse(ambiguous)!["candidates"]!.AsArray().Count.ShouldBe(2);
        Records(found).Select(record => (string?)record["userName"]).ShouldBe(["Anna Alder", "Anna Ash"]);
        Records(found).Select(record => (long)record["handled"]!).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("user=Bert*", "user=Nadia*")]
    [InlineData("user=Bert%20Birch", "user=Nadia")]
    [InlineData("user=carl", "user=Nadia")]
    [InlineData("user=Bert*&groupBy=userId", "user=Nadia*&groupBy=userId")]
    [InlineData("user=Bert*&groupBy=queueId,userId&fill=zero&totals=true", "user=Nadia*&groupBy=queueId,userId&fill=zero&totals=true")]
    [InlineData("user=Bert*&explain=true", "user=Nadia*&explain=true")]
    public async Task An_agent_of_another_queue_is_indistinguishable_from_a_nonexistent_one(string hidden, string nonexistent)
    {
        var (status, body) = await GetAsync("lead", $"{Day}&{hidden}");

        var (expectedStatus, expected) = await GetAsync("lead", $"{Day}&{nonexistent}");
        status.ShouldBe(HttpStatusCode.OK);
        expectedStatus.ShouldBe(HttpStatusCode.OK);
        WithoutNames(body).ShouldBe(WithoutNames(expected));
        WithoutNames(body).ShouldNotContain("Bert");
        body.ShouldNotContain(Agents[1]);
    }

    [Theory]
    [InlineData("groupBy=userId&fill=zero")]
    [InlineData("groupBy=queueId,userId&fill=zero&sort=userName")]
    [InlineData("fill=zero")]
    public async Task The_id_of_an_agent_of_another_queue_has_no_name_and_no_figures(string shape)
    {
        const string Unused = "e0000000-0000-4000-8000-00000000000f";
        var (_, body) = await GetAsync("lead", $"{Day}&{shape}&userId={Agents[1]}");

        body.Replace(Agents[1], Unused, StringComparison.Ordinal).ShouldBe((await GetAsync("lead", $"{Day}&{shape}&userId={Unused}")).Body);
        body.ShouldNotContain("Bert");
    }

    [Fact]
    public async Task A_limited_caller_sees_the_agents_of_its_own_queues()
    {
        var (_, all) = await GetAsync("lead", $"{Day}&groupBy=queueId,userId");
        var (_, byName) = await GetAsync("lead", $"{Day}&groupBy=queueId,userId&user=anna*");

        Records(all).Select(record => ((string?)record["userName"], (long)record["handled"]!)).ShouldBe([("Anna Ash", 1)]);
        Records(byName).Select(record => record.ToJsonString()).ShouldBe(Records(all).Select(record => record.ToJsonString()));
        byName.ShouldNotContain(Agents[2]);
    }

    [Fact]
    public async Task Queries_without_agents_or_wrap_up_codes_do_not_read_their_directories()
    {
        await GetAsync("supervisor", $"{Day}&groupBy=queueId,mediaType,direction");

        _service.Upstream!.Requests.ShouldNotContain(url => url.AbsolutePath.EndsWith("/users", StringComparison.Ordinal) || url.AbsolutePath.EndsWith("/wrapupcodes", StringComparison.Ordinal));
    }

    /// <summary>A response repeats the names that the caller sent.</summary>
    private static string WithoutNames(string body) => System.Text.RegularExpressions.Regex.Replace(body, "\"users\":\\[[^]]*\\],", "");

    private static IReadOnlyList<JsonObject> Records(string body) => [.. JsonNode.Parse(body)!["records"]!.AsArray().Select(record => record!.AsObject())];

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string holder, string path)
    {
        using var client = _keys.Of(holder, _service);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestCancellation));
    }
}
