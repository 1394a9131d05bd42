using System.Net;
using System.Text.Json;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class LimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_platform_namespace_reports_the_configured_request_rate_and_routing_has_no_limits()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2, RequestsPerMinute = 180 });

        using var reply = await organization.GetAsync("/api/v2/organizations/limits/namespaces/platform.api");
        using var other = await organization.GetAsync("/api/v2/organizations/limits/namespaces/routing");

        using var limits = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Cancellation));
        var rate = limits.RootElement.GetProperty("entities").EnumerateArray().Single(limit => limit.GetProperty("key").GetString() == "client.credentials.token.rate.per.minute");
        (rate.GetProperty("namespace").GetString(), rate.GetProperty("value").GetInt32()).ShouldBe(("platform.api", 180));
        (await other.Content.ReadAsStringAsync(Cancellation)).ShouldBe("""{"entities":[]}""");
    }

    [Fact]
    public async Task Limits_have_the_values_of_the_settings_and_documented_defaults()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new()
        {
            Queues = 1,
            MaxPredicates = 120,
            MaxChannels = 7,
            Limits = new Dictionary<string, int> { ["analytics/query.results.max"] = 10_000, ["routing/queues.max"] = 5_000 },
        });
        const string Root = "/api/v2/organizations/limits";
        async Task<Dictionary<string, int>> LimitsAsync(string path) => (await organization.JsonAsync(Root + path))["entities"]!.AsArray()
            .ToDictionary(limit => (string)limit!["key"]!, limit => (int)limit!["value"]!, StringComparer.Ordinal);

        var names = (await organization.JsonAsync(Root + "/namespaces?pageSize=100"))["entities"]!.AsArray().Select(name => (string)name!).ToList();
        var documented = (await organization.JsonAsync(Root + "/docs"))["namespaces"]!.AsArray();
        using var unknown = await organization.GetAsync(Root + "/namespaces/hologram");

        names.ShouldBeSubsetOf(documented.Select(one => (string)one!["name"]!));
        new[] { "analytics", "analytics.realtime", "notifications", "platform.api" }.ShouldBeSubsetOf(names);
        (await LimitsAsync("/namespaces/analytics.realtime"))["query.predicates.max"].ShouldBe(120);
        (await LimitsAsync("/namespaces/analytics.realtime/defaults"))["query.predicates.max"].ShouldBe(200);
        (await LimitsAsync("/namespaces/notifications"))["channels.max"].ShouldBe(7);
        (await LimitsAsync("/namespaces/analytics"))["query.results.max"].ShouldBe(10_000);
        (await LimitsAsync("/namespaces/routing"))["queues.max"].ShouldBe(5_000);
        documented.Single(one => (string?)one!["name"] == "notifications")!["limits"]!.AsArray()
            .ShouldContain(limit => (string?)limit!["key"] == "channel.topics.max" && (int)limit["defaultValue"]! == 1_000);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Documentation_and_namespaces_list_the_same_limits_with_their_defaults_and_values()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new()
        {
            Queues = 1,
            RequestsPerMinute = 180,
            MaxTopics = 70,
            Limits = new Dictionary<string, int> { ["notifications/channels.max"] = 5, ["hologram/projections.max"] = 3 },
        });
        const string Root = "/api/v2/organizations/limits";

        var documented = (await organization.JsonAsync(Root + "/docs"))["namespaces"]!.AsArray();

        foreach (var one in documented)
        {
            var name = (string)one!["name"]!;
            var keys = one["limits"]!.AsArray().Select(limit => (string)limit!["key"]!).ToList();
            (await organization.JsonAsync($"{Root}/namespaces/{name}"))["entities"]!.AsArray().Select(limit => (string)limit!["key"]!).ShouldBe(keys);
            (await organization.JsonAsync($"{Root}/namespaces/{name}/defaults"))["entities"]!.AsArray().Select(limit => (int)limit!["value"]!)
                .ShouldBe(one["limits"]!.AsArray().Select(limit => (int)limit!["defaultValue"]!));
        }

        documented.Single(one => (string?)one!["name"] == "hologram")!["limits"]!.AsArray().Count.ShouldBe(1, "a namespace that only the settings define");
        (await organization.JsonAsync(Root + "/namespaces/notifications"))["entities"]!.AsArray().Select(limit => (int)limit!["value"]!).ShouldBe([5, 70]);
    }

    [Theory]
    [InlineData("GET", "/docs?expand=all", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/namespaces?name=analytics", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/namespaces/analytics?pageSize=100", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/namespaces/analytics/defaults?key=query.results.max", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/namespaces/hologram", HttpStatusCode.NotFound)]
    [InlineData("GET", "/namespaces/analytics/query.results.max", HttpStatusCode.NotFound)]
    [InlineData("POST", "/docs", HttpStatusCode.MethodNotAllowed)]
    public async Task An_invalid_request_for_limits_is_rejected(string method, string path, HttpStatusCode expected)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v2/organizations/limits" + path);

        using var reply = await organization.Client.SendAsync(request, Cancellation);

        reply.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_limit_in_the_settings_needs_a_namespace_and_a_key() =>
        (await Should.ThrowAsync<ArgumentException>(() => SimulatedOrganization.StartAsync(new() { Queues = 1, Limits = new Dictionary<string, int> { ["channels.max"] = 5 } })))
            .Message.ShouldStartWith("Limits:channels.max is not a namespace and a key");

    [Theory]
    [InlineData("600", 600)]
    [InlineData("-42", -42)]
    public async Task Replies_are_dated_by_the_simulator_clock_and_can_be_misdated(string seconds, int off)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        using var right = await organization.GetAsync("/api/v2/routing/queues");
        organization.Simulator.Faults.Add(FaultNames.WrongClock, seconds, times: 1);

        using var wrong = await organization.GetAsync("/api/v2/routing/queues");

        wrong.StatusCode.ShouldBe(HttpStatusCode.OK);
        (wrong.Headers.Date - right.Headers.Date).ShouldBe(TimeSpan.FromSeconds(off));
    }
}
