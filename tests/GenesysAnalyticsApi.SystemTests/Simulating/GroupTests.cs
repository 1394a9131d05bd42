using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class GroupTests
{
    [Fact]
    public async Task Every_group_has_the_media_type_even_if_it_is_not_requested()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14), "nOffered", "tHandle", "nConversations").With("groupBy", null);

        var results = await organization.QueryAsync(query);

        var groups = results.Select(result => result!["group"]!.AsObject()).ToList();
        groups.ShouldAllBe(group => group.Count == 1);
        groups.Select(group => group["mediaType"]!.GetValue<string>()).Order().ShouldBe(
            ["callback", "chat", "cobrowse", "email", "internalmessage", "message", "video", "voice"]);
    }

    [Fact]
    public async Task Sessions_without_a_queue_form_groups_without_a_queue_id()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14));

        var all = await organization.QueryAsync(query);
        var queued = await organization.QueryAsync(query.With("filter", JsonNode.Parse(
            """{"type":"and","predicates":[{"dimension":"queueId","operator":"exists"}]}""")));
        var unqueued = await organization.QueryAsync(query.With("filter", JsonNode.Parse(
            """{"type":"and","predicates":[{"dimension":"queueId","operator":"notExists"}]}""")));

        all.Count(result => !result!["group"]!.AsObject().ContainsKey("queueId")).ShouldBe(2);
        queued.ShouldAllBe(result => result!["group"]!.AsObject().ContainsKey("queueId"));
        unqueued.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_deleted_queue_has_figures_but_is_not_listed()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var deleted = organization.Simulator.World.Queues.Single(queue => !queue.IsListed);

        var results = await organization.QueryAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14)).Only(deleted.Id));
        using var entry = await organization.GetAsync($"/api/v2/routing/queues/{deleted.Id}");

        IdentityTests.Sum(results, "nOffered").ShouldBeGreaterThan(0);
        ((int)entry.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task A_new_queue_has_no_past_and_a_silent_queue_has_no_data()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var recent = organization.Queue("Spring Campaign");

        (await organization.QueryAsync(Query(Day(2026, 3, 1), Day(2026, 4, 1)).Only(recent))).ShouldBeEmpty();
        (await organization.QueryAsync(Query(Day(2026, 4, 8), Day(2026, 4, 15)).Only(recent))).ShouldNotBeEmpty();
        (await organization.QueryAsync(Query(Day(2026, 3, 1), Day(2026, 4, 15)).Only(organization.Queue("Disaster Recovery")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Groups_by_agent_and_direction_add_up_to_the_queue()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 3 });
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14)).Only(organization.Queue("Billing EN"));

        var whole = await organization.QueryAsync(query);
        var split = await organization.QueryAsync(query.With(
            "groupBy", new JsonArray("queueId", "userId", "direction", "originatingDirection", "divisionId", "wrapUpCode")));

        split.Count.ShouldBeGreaterThan(whole.Count + 4);
        split.Count(result => result!.Dimension("direction") == "outbound").ShouldBeGreaterThan(0);
        foreach (var metric in Standard)
        {
            IdentityTests.Sum(split, metric).ShouldBe(IdentityTests.Sum(whole, metric), metric);
        }
    }

    [Fact]
    public async Task A_view_counts_the_events_within_its_bounds()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 3 });
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14), "tAnswered", "nOverSla").Only(organization.Queue("Billing EN"))
            .With("views", JsonNode.Parse("""[{"target":"tAnswered","function":"rangeBound","name":"late","range":{"gte":20001}}]"""));

        var row = (await organization.QueryAsync(query)).ShouldHaveSingleItem()!["data"]![0]!;

        var late = row["views"]!.AsArray().ShouldHaveSingleItem()!;
        late["name"]!.GetValue<string>().ShouldBe("late");
        late["stats"]!["count"]!.GetValue<long>().ShouldBe(row.Stat("nOverSla", "count"));
        late["stats"]!["min"]!.GetValue<long>().ShouldBeGreaterThan(20_000);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_different_ones()
    {
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14)).With("granularity", "PT1H");

        var first = await Bytes(new() { Queues = 10 });
        var second = await Bytes(new() { Queues = 10 });
        var other = await Bytes(new() { Queues = 10, Seed = 18 });

        second.ShouldBe(first);
        other.ShouldNotBe(first);

        async Task<string> Bytes(SimulatorSettings settings)
        {
            await using var organization = await SimulatedOrganization.StartAsync(settings);
            using var reply = await organization.PostAsync(query.DeepClone());
            return await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_reply_is_compressed_on_request()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        organization.Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");

        using var reply = await organization.PostAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14)));

        reply.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var plain = new System.IO.Compression.GZipStream(
            await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), System.IO.Compression.CompressionMode.Decompress);
        (await JsonNode.ParseAsync(plain, cancellationToken: TestContext.Current.CancellationToken))!["results"]!.AsArray().ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_simulated_metric_exists_in_Genesys()
    {
        var known = GenesysSimulator.Contract.GenesysContract.Values("ConversationAggregationQuery", "MetricsEnum");

        known.Count.ShouldBe(80);
        GenesysSimulator.World.Metrics.WireNames.ShouldAllBe(name => known.Contains(name));
    }

    [Fact]
    public async Task Late_mutation_changes_recent_data_only()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { LateMutation = true });
        var query = Query(Day(2026, 4, 14), Day(2026, 4, 15));

        var early = await organization.QueryAsync(query);
        organization.Clock.Advance(TimeSpan.FromHours(72));
        await organization.LogInAsync();
        var settled = await organization.QueryAsync(query);
        organization.Clock.Advance(TimeSpan.FromHours(72));
        await organization.LogInAsync();
        var later = await organization.QueryAsync(query);

        IdentityTests.Sum(settled, "nOffered").ShouldBeGreaterThan(IdentityTests.Sum(early, "nOffered"));
        IdentityTests.Sum(later, "nOffered").ShouldBe(IdentityTests.Sum(settled, "nOffered"));
    }

    [Fact]
    public async Task Drift_changes_settled_data_from_the_configured_moment()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new()
        {
            DriftFrom = Day(2026, 2, 2),
            DriftTo = Day(2026, 2, 3),
            DriftAt = SimulatedOrganization.Now.AddHours(1),
        });
        var query = Query(Day(2026, 2, 2), Day(2026, 2, 5), "tAcw", "nOffered");

        var before = await organization.QueryAsync(query);
        organization.Clock.Advance(TimeSpan.FromHours(2));
        var after = await organization.QueryAsync(query);

        Total(after, "tAcw").ShouldBeGreaterThan(Total(before, "tAcw"));
        IdentityTests.Sum(after, "nOffered").ShouldBe(IdentityTests.Sum(before, "nOffered"));
    }

    private static long Total(JsonArray results, string metric) =>
        results.Sum(result => result!["data"]!.AsArray().Sum(row => row!.Stat(metric, "sum")));
}
