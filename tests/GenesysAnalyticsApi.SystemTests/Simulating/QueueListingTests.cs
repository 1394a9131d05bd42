using System.Net;
using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class QueueListingTests
{
    private const string Path = "/api/v2/routing/queues";

    [Fact]
    public async Task Pages_of_25_contain_every_queue_once_sorted_by_name()
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        var first = await organization.JsonAsync(Path);
        var second = await organization.JsonAsync(Path + "?pageNumber=2");

        first["total"]!.GetValue<int>().ShouldBe(48);
        first["pageCount"]!.GetValue<int>().ShouldBe(2);
        first["nextUri"]!.GetValue<string>().ShouldBe("/api/v2/routing/queues?pageSize=25&pageNumber=2");
        first.ContainsKey("previousUri").ShouldBeFalse();
        second.ContainsKey("nextUri").ShouldBeFalse();
        var names = Names(first).Concat(Names(second)).ToList();
        names.Count.ShouldBe(48);
        names.ShouldBe(names.Order(StringComparer.OrdinalIgnoreCase));
        names.ShouldContain("=VIP");
        names.ShouldContain("Claims, \"Priority\"");
        names.ShouldContain("日本語サポート");
        names.Count(name => name == "Customer Service").ShouldBe(2);
        names.ShouldNotContain("Legacy Hotline");
    }

    [Theory]
    [InlineData("name=Billing*", "Billing DE|Billing EN")]
    [InlineData("name=billing%20de", "Billing DE")]
    [InlineData("name=*24/7", "Support 24/7")]
    [InlineData("name=*chat*", "Web Chat (old)")]
    [InlineData("name=Billing*&sortOrder=desc", "Billing EN|Billing DE")]
    [InlineData("name=Nothing", "")]
    public async Task Names_match_as_a_whole_or_by_pattern(string query, string expected)
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        string.Join('|', Names(await organization.JsonAsync($"{Path}?{query}"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Several_ids_and_divisions_can_be_requested()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var (one, two) = (organization.Queue("Billing DE"), organization.Queue("=VIP"));
        var division = organization.Simulator.World.Divisions.Single(division => division.Name == "DACH").Id;

        Names(await organization.JsonAsync($"{Path}?id={one}&id={two}")).ShouldBe(["=VIP", "Billing DE"]);
        Names(await organization.JsonAsync($"{Path}?id={one}&id={two}&divisionId={division}")).ShouldBe(["Billing DE"]);
    }

    [Theory]
    [InlineData("pageSize=501")]
    [InlineData("pageSize=0")]
    [InlineData("pageNumber=zero")]
    [InlineData("sortOrder=sideways")]
    [InlineData("sortBy=name")]
    public async Task Invalid_parameters_are_rejected(string query)
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        using var reply = await organization.GetAsync($"{Path}?{query}");

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_queue_is_returned_with_its_settings_and_an_unknown_one_is_404()
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        var queue = await organization.JsonAsync($"{Path}/{organization.Queue("Billing DE")}");
        using var unknown = await organization.GetAsync($"{Path}/{Guid.Empty}");

        queue["division"]!["name"]!.GetValue<string>().ShouldBe("DACH");
        queue["mediaSettings"]!["call"]!["serviceLevel"]!["percentage"]!.GetValue<double>().ShouldBe(0.8);
        queue["mediaSettings"]!["message"]!["serviceLevel"]!["durationMs"]!.GetValue<int>().ShouldBe(120_000);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"code\":\"not.found\"");
    }

    [Fact]
    public async Task The_division_views_contain_the_same_queues_without_settings()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 200 });

        var listing = await organization.JsonAsync(Path + "/divisionviews/all?pageSize=500");

        listing["entities"]!.AsArray().Count.ShouldBe(200);
        listing["entities"]!.AsArray().ShouldAllBe(entry => entry!["mediaSettings"] == null && entry["division"] != null);
    }

    private static List<string> Names(JsonObject listing) =>
        [.. listing["entities"]!.AsArray().Select(queue => queue!["name"]!.GetValue<string>())];
}
