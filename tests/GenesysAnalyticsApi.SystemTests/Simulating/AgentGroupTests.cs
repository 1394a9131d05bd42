using System.Globalization;
using System.Text.Json.Nodes;
using GenesysSimulator.World;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class AgentGroupTests
{
    private static readonly string[] Dimensions = ["queueId", "mediaType", "messageType", "originatingDirection", "userId", "wrapUpCode"];

    /// <summary>The metrics of agent sessions, whose figures add up to those of their queue.</summary>
    private static readonly string[] OfAgents =
    [
        "tAlert", "tAnswered", "tNotResponding", "tTalk", "tTalkComplete", "tHeld", "tHeldComplete", "tAcw", "tHandle", "tDialing", "tContacting",
        "nTransferred", "nBlindTransferred", "nConsultTransferred", "nConsult", "nOutbound", "tAgentResponseTime",
    ];

    private static readonly string[] OfQueues = ["nOffered", "tAbandon", "tShortAbandon", "tFlowOut", "tWait", "tAcd", "nOverSla"];

    private static readonly string[] RequestedMetrics = [.. OfAgents, .. OfQueues, "nConnected"];

    private static readonly (DateTimeOffset From, DateTimeOffset To) Monday = (Day(2026, 4, 13), Day(2026, 4, 14));

    [Fact]
    public async Task Every_set_of_dimensions_with_random_filters_equals_the_counted_events()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 14, Volume = 0.15, RowLimit = 1_000_000 });
        var events = EventsOf(organization);
        var random = new Random(1);
        for (var set = 0; set < 1 << Dimensions.Length; set++)
        {
            string[] groupBy = [.. Dimensions.Where((_, index) => (set & (1 << index)) != 0)];
            var hours = random.Next(3) == 0 ? 6 : 24;
            var filter = RandomFilter.Next(random, events);
            var query = Query(Monday.From, Monday.To, RequestedMetrics)
                .With("groupBy", new JsonArray([.. groupBy.Select(name => JsonValue.Create(name))]))
                .With("granularity", $"PT{hours}H")
                .With("filter", filter.Json);

            var found = Rows(await organization.QueryAsync(query));

            var expected = events.Where(filter.Matches).GroupBy(one => KeyOf(
                name => groupBy.Append("mediaType").Contains(name) ? one[name] : null, Monday.From.AddHours(one.At.Hour / hours * hours), one.Metric));
            found.Order(StringComparer.Ordinal).ShouldBe(expected.Select(Row).Order(StringComparer.Ordinal), query.ToJsonString());
        }
    }

    [Fact]
    public async Task Figures_of_agents_and_of_codes_add_up_to_those_of_the_queue()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 14 });

        var whole = await organization.QueryAsync(Query(Monday.From, Monday.To, RequestedMetrics));
        foreach (var dimension in new[] { "userId", "wrapUpCode" })
        {
            var split = await organization.QueryAsync(Query(Monday.From, Monday.To, RequestedMetrics).With("groupBy", new JsonArray("queueId", dimension)));

            var with = new JsonArray([.. split.Where(result => result!.Dimension(dimension) is not null).Select(result => result!.DeepClone())]);
            RequestedMetrics.ShouldAllBe(metric => IdentityTests.Sum(split, metric) == IdentityTests.Sum(whole, metric));
            OfQueues.ShouldAllBe(metric => IdentityTests.Sum(with, metric) == 0 && IdentityTests.Sum(whole, metric) > 0);
            OfAgents.ShouldAllBe(metric => IdentityTests.Sum(with, metric) > 0 || (dimension == "wrapUpCode" && metric == "tNotResponding"));
            if (dimension == "userId")
            {
                OfAgents.ShouldAllBe(metric => IdentityTests.Sum(with, metric) == IdentityTests.Sum(whole, metric));
            }
        }
    }

    [Fact]
    public async Task The_reference_figures_can_be_limited_to_an_agent_a_code_or_neither()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 3 });
        var (world, queue) = (organization.Simulator.World, organization.Queue("Billing EN"));
        var results = await organization.QueryAsync(
            Query(Monday.From, Monday.To, "tHandle", "nOffered").Only(queue).With("groupBy", new JsonArray("queueId", "userId", "wrapUpCode")));

        results.Count.ShouldBeGreaterThan(50);
        foreach (var result in results.OfType<JsonNode>())
        {
            var figures = world.Figures(
                queue,
                "voice",
                Monday.From,
                Monday.To,
                SimulatedOrganization.Now,
                userId: result.Dimension("userId") ?? SimulatedWorld.Without,
                wrapUpCode: result.Dimension("wrapUpCode") ?? SimulatedWorld.Without);

            var row = result["data"]![0]!;
            row.Stat("tHandle", "count").ShouldBe(figures.GetValueOrDefault("tHandle")?.Count ?? 0);
            row.Stat("tHandle", "sum").ShouldBe(figures.GetValueOrDefault("tHandle")?.Sum ?? 0);
            row.Stat("nOffered", "count").ShouldBe(figures.GetValueOrDefault("nOffered")?.Count ?? 0);
        }
    }

    [Fact]
    public async Task Only_sessions_with_after_call_work_have_a_code_and_it_is_on_all_their_events()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 5 });
        var query = Query(Monday.From, Monday.To, "tAcw", "tHandle", "tTalkComplete", "tAlert", "tNotResponding").With("groupBy", new JsonArray("wrapUpCode"));

        var results = await organization.QueryAsync(query);

        var codes = results.Where(result => result!.Dimension("wrapUpCode") is not null).ToList();
        var without = new JsonArray([.. results.Except(codes).Select(result => result!.DeepClone())]);
        codes.Select(result => result!.Dimension("wrapUpCode")).ShouldContain("ININ-WRAP-UP-TIMEOUT");
        codes.ShouldAllBe(result => result!["data"]![0]!.Stat("tAcw", "count") == result!["data"]![0]!.Stat("tHandle", "count"));
        (IdentityTests.Sum(without, "tAcw"), IdentityTests.Sum(without, "tHandle") > 0).ShouldBe((0, true));
        IdentityTests.Sum(without, "tNotResponding").ShouldBeGreaterThan(0);
    }

    private static List<SimulatedEvent> EventsOf(SimulatedOrganization organization) =>
        [.. SimulatedEvents.Between(organization.Simulator.World, Monday.From, Monday.To, SimulatedOrganization.Now).Where(one => RequestedMetrics.Contains(one.Metric))];

    private static IEnumerable<string> Rows(JsonArray results) =>
        from result in results
        from row in result!["data"]!.AsArray()
        from metric in row!["metrics"]!.AsArray()
        let start = DateTimeOffset.Parse(row["interval"]!.GetValue<string>().Split('/')[0], CultureInfo.InvariantCulture)
        let stats = metric!["stats"]!
        let name = metric!["metric"]!.GetValue<string>()
        select string.Create(
            CultureInfo.InvariantCulture, $"{KeyOf(result.Dimension, start, name)}: {stats["count"]} {stats["sum"]} {stats["min"]} {stats["max"]}");

    private static string Row(IGrouping<string, SimulatedEvent> events)
    {
        // For a counter, Genesys sends only the count.
        var hasSum = events.First().Metric[0] != 'n';
        return hasSum
            ? string.Create(CultureInfo.InvariantCulture, $"{events.Key}: {events.Count()} {events.Sum(one => (long)one.Value)} {events.Min(one => one.Value)} {events.Max(one => one.Value)}")
            : string.Create(CultureInfo.InvariantCulture, $"{events.Key}: {events.Count()}   ");
    }

    private static string KeyOf(Func<string, string?> valueOf, DateTimeOffset start, string metric) =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join('|', Dimensions.Select(valueOf))} {start:u} {metric}");
}
