using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Details;

public sealed class DetailQueryTests
{
    private const string Details = SimulatedOrganization.DetailsPath;

    private static readonly DateTimeOffset From = Day(2026, 4, 13).AddHours(8);
    private static readonly DateTimeOffset To = From.AddHours(4);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_pages_together_are_the_conversations_of_the_world_that_began_on_the_first_day_or_later()
    {
        await using var organization = await StartAsync();
        var (from, to) = (Day(2026, 4, 14).AddMinutes(1), Day(2026, 4, 14).AddHours(8));
        var active = organization.Simulator.World.Conversations(from, to, SimulatedOrganization.Now);
        var expected = active.Where(conversation => conversation.Start >= Day(2026, 4, 14)).ToList();

        var found = await organization.DetailsAsync(from, to);

        found.Select(IdOf).ShouldBe(expected.Select(conversation => conversation.Id.ToString()), ignoreOrder: true);
        found.Select(record => record["conversationStart"]!.GetValue<string>()).ShouldBeInOrder();
        active.Count.ShouldBeGreaterThan(expected.Count, "some active e-mails began the day before");
        (await organization.DetailsAsync(DetailQuery(from, to, 1)))["totalHits"]!.GetValue<int>().ShouldBe(expected.Count);
    }

    [Fact]
    public async Task A_page_past_the_end_has_no_conversations_key()
    {
        await using var organization = await StartAsync();

        var page = await organization.DetailsAsync(DetailQuery(From, To, 100, 900));

        page.ContainsKey("conversations").ShouldBeFalse();
        page["totalHits"]!.GetValue<int>().ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData("conversationStart", "asc")]
    [InlineData("conversationEnd", "desc")]
    [InlineData("segmentStart", "desc")]
    [InlineData("segmentEnd", "asc")]
    public async Task Records_are_sorted_as_requested(string orderBy, string order)
    {
        await using var organization = await StartAsync();

        var page = await organization.DetailsAsync(DetailQuery(From, To).With("orderBy", orderBy).With("order", order));

        var keys = page["conversations"]!.AsArray().Select(record => KeyOf(record!, orderBy)).ToList();
        keys.Count.ShouldBe(100);
        keys.ShouldBeInOrder(order == "asc" ? SortDirection.Ascending : SortDirection.Descending, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Each_segment_filter_is_met_by_one_segment_and_all_filters_are_met()
    {
        await using var organization = await StartAsync();
        var queue = organization.Queue("Billing DE").ToString();
        var all = await organization.DetailsAsync(From, To);
        var inQueue = Filter(("queueId", queue), ("purpose", "agent"));
        var isWrapUp = Filter(("segmentType", "wrapup"));
        bool Has(JsonNode record, Func<JsonNode, JsonNode, bool> test) => record["participants"]!.AsArray().Any(participant =>
            DetailCount.Segments(participant!).Any(segment => test(participant!, segment)));

        var found = await organization.DetailsAsync(DetailQuery(From, To).With("segmentFilters", new JsonArray(inQueue, isWrapUp)));

        var expected = all.Where(record =>
            Has(record, (participant, segment) => segment["queueId"]?.GetValue<string>() == queue && participant["purpose"]!.GetValue<string>() == "agent")
            && Has(record, (_, segment) => segment["segmentType"]!.GetValue<string>() == "wrapup")).ToList();
        found["totalHits"]!.GetValue<int>().ShouldBe(expected.Count);
        expected.Count.ShouldBeInRange(5, all.Count / 2);
    }

    [Fact]
    public async Task Conversation_filters_distinguish_finished_from_running_conversations()
    {
        await using var organization = await StartAsync();
        var (from, to) = (SimulatedOrganization.Now.AddHours(-2), SimulatedOrganization.Now.AddHours(1));
        JsonObject Query(string test) => DetailQuery(from, to).With("conversationFilters", JsonNode.Parse(
            $$"""[{"type":"and","predicates":[{"dimension":"conversationEnd","operator":"{{test}}"},{"dimension":"originatingDirection","value":"inbound"}]}]"""));

        var finished = await organization.DetailsAsync(Query("exists"));
        var open = await organization.DetailsAsync(Query("notExists"));

        finished["conversations"]!.AsArray().ShouldAllBe(record => record!["conversationEnd"] != null);
        open["conversations"]!.AsArray().ShouldAllBe(record => record!["conversationEnd"] == null);
        open["totalHits"]!.GetValue<int>().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_conversation_filter_can_bound_a_metric()
    {
        await using var organization = await StartAsync();

        var found = await organization.DetailsAsync(DetailQuery(From, To).With("conversationFilters", JsonNode.Parse(
            """[{"type":"and","predicates":[{"type":"metric","metric":"tTalkComplete","range":{"gte":600000}}]}]""")));

        var talks = found["conversations"]!.AsArray().Select(record => DetailCount.Sessions(record!)
            .SelectMany(session => session["metrics"]?.AsArray() ?? [])
            .Where(metric => metric!["name"]!.GetValue<string>() == "tTalkComplete").Sum(metric => metric!["value"]!.GetValue<long>())).ToList();
        talks.ShouldNotBeEmpty();
        talks.ShouldAllBe(talk => talk >= 600_000);
    }

    [Fact]
    public async Task A_conversation_is_found_by_its_id()
    {
        await using var organization = await StartAsync();
        var record = (await organization.DetailsAsync(DetailQuery(From, To, 3)))["conversations"]![2]!;
        var unknown = Guid.NewGuid().ToString();

        var one = await organization.JsonAsync($"/api/v2/analytics/conversations/{IdOf(record)}/details");
        var several = await organization.JsonAsync($"{Details}?id={IdOf(record)},{unknown}");
        using var none = await organization.GetAsync($"/api/v2/analytics/conversations/{unknown}/details");
        using var tooMany = await organization.GetAsync($"{Details}?id={string.Join(',', Enumerable.Repeat(unknown, 101))}");

        one.ToJsonString().ShouldBe(record.ToJsonString());
        several["conversations"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe(record.ToJsonString());
        (none.StatusCode, tooMany.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("""{"paging":{"pageSize":101,"pageNumber":1}}""", "pageSize")]
    [InlineData("""{"paging":{"pageSize":100,"pageNumber":1001}}""", "Pagination may not exceed 100000 results")]
    [InlineData("""{"interval":"2026-03-01T00:00:00.000Z/2026-04-01T00:00:00.001Z"}""", "a search interval as part of your query that does not exceed 31 days")]
    [InlineData("""{"surprise":1}""", "surprise")]
    [InlineData("""{"order":"random"}""", "random")]
    [InlineData("""{"segmentFilters":[{"type":"and","predicates":[{"dimension":"weather","value":"rain"}]}]}""", "weather")]
    [InlineData("""{"segmentFilters":[{"type":"and","predicates":[{"dimension":"queueId"}]}]}""", "value")]
    [InlineData("""{"conversationFilters":[{"type":"and","predicates":[{"dimension":"queueId","value":"x"}]}]}""", "queueId")]
    [InlineData("""{"limit":5}""", "limit")]
    [InlineData("""{"aggregations":[{"type":"termFrequency"}]}""", "aggregations")]
    public async Task Queries_that_Genesys_rejects_are_rejected(string change, string named)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var query = DetailQuery(From, To);
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            query[name] = value?.DeepClone();
        }

        using var reply = await organization.Client.PostAsJsonAsync(Details + "/query", query, Cancellation);

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await reply.Content.ReadAsStringAsync(Cancellation)).ShouldContain(named);
    }

    [Fact]
    public async Task Later_pages_come_from_the_state_of_the_first_page()
    {
        await using var organization = await StartAsync();
        var (from, to) = (SimulatedOrganization.Now.AddHours(-1), SimulatedOrganization.Now.AddHours(1));
        var before = (await organization.DetailsAsync(DetailQuery(from, to)))["totalHits"]!.GetValue<int>();
        organization.Clock.Advance(TimeSpan.FromMinutes(5));

        var second = (await organization.DetailsAsync(DetailQuery(from, to, 100, 2)))["totalHits"]!.GetValue<int>();
        var first = (await organization.DetailsAsync(DetailQuery(from, to)))["totalHits"]!.GetValue<int>();

        second.ShouldBe(before);
        first.ShouldBeGreaterThan(before);
    }

    internal static Task<SimulatedOrganization> StartAsync() =>
        SimulatedOrganization.StartAsync(new SimulatorSettings { Queues = 14, RequestsPerMinute = 100_000 });

    internal static string IdOf(JsonNode record) => record["conversationId"]!.GetValue<string>();

    private static JsonObject Filter(params (string Dimension, string Value)[] predicates) => new()
    {
        ["type"] = "and",
        ["predicates"] = new JsonArray([.. predicates.Select(one => new JsonObject { ["dimension"] = one.Dimension, ["value"] = one.Value })]),
    };

    private static string KeyOf(JsonNode record, string orderBy)
    {
        IEnumerable<string> All(string name) => DetailCount.Sessions(record).SelectMany(session => session["segments"]!.AsArray())
            .Select(segment => segment![name]?.GetValue<string>() ?? "9999");

        return orderBy switch
        {
            "segmentStart" => All(orderBy).Min(StringComparer.Ordinal)!,
            "segmentEnd" => All(orderBy).Max(StringComparer.Ordinal)!,
            _ => record[orderBy]?.GetValue<string>() ?? "9999",
        };
    }
}
