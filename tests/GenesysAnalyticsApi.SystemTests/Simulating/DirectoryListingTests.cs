using System.Net;
using System.Text.Json.Nodes;
using GenesysSimulator;
using GenesysSimulator.World.Agents;
using GenesysSimulator.World.WrapUps;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class DirectoryListingTests
{
    private const string Users = "/api/v2/users";
    private const string Codes = "/api/v2/routing/wrapupcodes";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", AgentState.Active)]
    [InlineData("&state=active", AgentState.Active)]
    [InlineData("&state=inactive", AgentState.Inactive)]
    [InlineData("&state=any", AgentState.Active, AgentState.Inactive)]
    public async Task Users_are_listed_by_state_except_for_deleted_ones(string state, params AgentState[] expected)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 60, RequestsPerMinute = 100 });
        var pages = await PagesAsync(organization, $"{Users}?pageSize=100{state}");

        var found = pages.SelectMany(page => page["entities"]!.AsArray()).ToList();

        var agents = organization.Simulator.World.Agents.Where(agent => expected.Contains(agent.State)).ToList();
        found.Select(user => (Text(user, "id"), Text(user, "name"), Text(user, "state"))).Order()
            .ShouldBe(agents.Select(agent => (agent.Id, agent.Name, agent.State == AgentState.Active ? "active" : "inactive")).Order());
        found.Select(user => Text(user, "name")).ShouldBe(found.Select(user => Text(user, "name")).Order(StringComparer.OrdinalIgnoreCase));
        pages.ShouldAllBe(page => page["total"]!.GetValue<int>() == agents.Count && page["pageCount"]!.GetValue<int>() == pages.Count);
    }

    [Fact]
    public async Task A_page_has_25_users_and_links_that_keep_the_state()
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        var first = await organization.JsonAsync(Users);
        var second = await organization.JsonAsync(Users + "?state=ANY&pageSize=200&pageNumber=2");
        var beyond = await organization.JsonAsync(Users + "?pageNumber=100000000&pageSize=500");

        first["entities"]!.AsArray().Count.ShouldBe(25);
        Text(first, "nextUri").ShouldBe("/api/v2/users?pageSize=25&pageNumber=2");
        first.ContainsKey("previousUri").ShouldBeFalse();
        Text(second, "nextUri").ShouldBe("/api/v2/users?pageSize=200&pageNumber=3&state=any");
        Text(second, "previousUri").ShouldBe("/api/v2/users?pageSize=200&pageNumber=1&state=any");
        beyond["entities"]!.AsArray().ShouldBeEmpty();
        beyond.ContainsKey("nextUri").ShouldBeFalse();
    }

    [Fact]
    public async Task A_user_has_personal_data()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var agent = organization.Simulator.World.Agents.First(agent => agent.Name == "Jürgen Großmüller");
        var left = organization.Simulator.World.Agents.First(agent => agent.State == AgentState.Inactive);

        var listing = await organization.JsonAsync($"{Users}?id={agent.Id}&id={left.Id}&state=any&sortOrder=desc");

        var user = listing["entities"]!.AsArray().Single(user => Text(user, "id") == agent.Id);
        listing["total"]!.GetValue<int>().ShouldBe(2);
        Text(user, "email").ShouldEndWith("@example.com");
        Text(user, "username").ShouldBe(Text(user, "email"));
        user!["primaryContactInfo"]!.AsArray().Select(contact => Text(contact, "mediaType")).ShouldBe(["EMAIL", "PHONE"]);
        Text(user, "department").ShouldBe("Customer Service");
        Text(user, "title").ShouldNotBeEmpty();
        Text(user["division"], "name").ShouldBe(agent.Division.Name);
    }

    [Fact]
    public async Task Wrap_up_codes_are_listed_except_for_deleted_ones_and_those_of_the_system()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var codes = organization.Simulator.World.WrapUpCodes;

        var all = await organization.JsonAsync(Codes);
        var pages = await PagesAsync(organization, Codes + "?pageSize=4&sortBy=id");
        var named = await organization.JsonAsync($"{Codes}?name=c*&sortOrder=descending&divisionId={codes[0].Division.Id}");

        Names(all).ShouldBe(codes.Where(code => code.State == WrapUpCodeState.Listed).Select(code => code.Name).Order(StringComparer.OrdinalIgnoreCase));
        Names(all).Count.ShouldBe(15);
        Names(all).ShouldContain("Kündigung & Rückgabe");
        Names(all).ShouldContain("=Other");
        pages.SelectMany(Names).Order().ShouldBe(Names(all).Order());
        pages.Count.ShouldBe(4);
        Names(named).ShouldBe(["Customer not reached", "Complaint, \"urgent\"", "Callback agreed"]);
        Text(all["entities"]![0]!["division"], "name").ShouldBe("Home");
    }

    [Fact]
    public async Task Deleted_agents_and_codes_have_figures()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { RowLimit = 1_000_000 });
        var world = organization.Simulator.World;
        var query = Query(Day(2026, 1, 1), Day(2026, 3, 1), "tHandle");

        var byAgent = await organization.QueryAsync(query.With("groupBy", new JsonArray("userId")));
        var byCode = await organization.QueryAsync(query.With("groupBy", new JsonArray("wrapUpCode")));

        var users = byAgent.Select(result => result!.Dimension("userId")).ToHashSet();
        world.Agents.Where(agent => agent.State == AgentState.Deleted && agent.Left > Day(2026, 2, 1)).ShouldAllBe(agent => users.Contains(agent.Id));
        byCode.Select(result => result!.Dimension("wrapUpCode")).OfType<string>().Distinct().Order()
            .ShouldBe(world.WrapUpCodes.Select(code => code.Id).Order());
    }

    [Theory]
    [InlineData(Users + "?pageSize=501")]
    [InlineData(Users + "?pageNumber=0")]
    [InlineData(Users + "?state=deleted")]
    [InlineData(Users + "?state=active&state=inactive")]
    [InlineData(Users + "?sortOrder=up")]
    [InlineData(Users + "?sortBy=name")]
    [InlineData(Users + "?name=Maria")]
    [InlineData(Codes + "?pageSize=0")]
    [InlineData(Codes + "?pageSize=501")]
    [InlineData(Codes + "?state=any")]
    [InlineData(Codes + "?sortBy=share")]
    public async Task Invalid_parameters_are_rejected(string path)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });

        using var reply = await organization.GetAsync(path);

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(Users, FaultScopes.Users, "directory:user:view")]
    [InlineData(Codes, FaultScopes.WrapUpCodes, "routing:wrapupCode:view")]
    [InlineData("/api/v2/routing/queues", FaultScopes.Queues, "routing:queue:view")]
    [InlineData("/api/v2/routing/queues/divisionviews/all", FaultScopes.Queues, "routing:queue:view")]
    public async Task A_permission_can_be_missing_for_one_endpoint(string path, string scope, string permission)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        organization.Simulator.Faults.Add(FaultNames.MissingPermission, scope: scope);

        foreach (var other in new[] { Users, Codes, "/api/v2/routing/queues" })
        {
            using var reply = await organization.GetAsync(other);
            reply.StatusCode.ShouldBe(path.StartsWith(other, StringComparison.Ordinal) ? HttpStatusCode.Forbidden : HttpStatusCode.OK);
        }

        using var refused = await organization.GetAsync(path);
        var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancellation))!;
        Text(error, "code").ShouldBe("missing.any.permissions");
        Text(error, "message").ShouldContain($"[{permission}]");
    }

    [Fact]
    public async Task A_fault_affects_only_the_listing_of_its_scope()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        organization.Simulator.Faults.Set([new(FaultNames.EmptyPage), new(FaultNames.RepeatedPage, Scope: FaultScopes.Users), new(FaultNames.WrongPageCount, "7", Scope: FaultScopes.WrapUpCodes)]);

        (await organization.JsonAsync("/api/v2/routing/queues"))["entities"]!.AsArray().ShouldBeEmpty();
        Names(await organization.JsonAsync(Users + "?pageNumber=2")).ShouldBe(Names(await organization.JsonAsync(Users)));
        (await organization.JsonAsync(Codes))["pageCount"]!.GetValue<int>().ShouldBe(7);
        Should.Throw<ArgumentException>(() => organization.Simulator.Faults.Add(FaultNames.EmptyPage, scope: "user")).Message.ShouldContain("wrapup-codes");
    }

    [Fact]
    public async Task Only_GET_is_allowed()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });

        using var users = await organization.Client.DeleteAsync(new Uri(Users, UriKind.Relative), Cancellation);
        using var codes = await organization.Client.DeleteAsync(new Uri(Codes, UriKind.Relative), Cancellation);
        using var one = await organization.GetAsync(Users + "/me");

        (users.StatusCode, codes.StatusCode, one.StatusCode).ShouldBe((HttpStatusCode.MethodNotAllowed, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound));
    }

    private static async Task<List<JsonObject>> PagesAsync(SimulatedOrganization organization, string path)
    {
        var pages = new List<JsonObject> { await organization.JsonAsync(path) };
        while (pages[^1]["nextUri"] is not null)
        {
            pages.Add(await organization.JsonAsync($"{path}&pageNumber={pages.Count + 1}"));
        }

        return pages;
    }

    private static List<string> Names(JsonNode page) => [.. page["entities"]!.AsArray().Select(entity => Text(entity, "name"))];

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();
}
