using System.Net;
using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.RealTime.RealTimeQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.RealTime;

public sealed class RealTimeQueryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ConversationsPath, "metrics", "[]", "bad.request", "metrics is required")]
    [InlineData(ConversationsPath, "metrics", "[\"oWaiting\"]", "bad.request", "must be an object")]
    [InlineData(ConversationsPath, "metrics", "[{\"metric\":\"oMemberUsers\"}]", "invalid.value", "oMemberUsers")]
    [InlineData(ConversationsPath, "metrics", "[{\"metric\":\"oWaiting\",\"detail\":true}]", "invalid.property", "detail")]
    [InlineData(ConversationsPath, "metrics", "[{\"details\":true}]", "bad.request", "metric is required")]
    [InlineData(ConversationsPath, "groupBy", "[]", "bad.request", "groupBy is required")]
    [InlineData(ConversationsPath, "groupBy", "[\"divisionId\"]", "invalid.value", "divisionId")]
    [InlineData(ConversationsPath, "order", "\"up\"", "invalid.value", "up")]
    [InlineData(ConversationsPath, "interval", "\"2026\"", "invalid.property", "interval")]
    [InlineData(ConversationsPath, "paging", "{}", "invalid.property", "paging")]
    [InlineData(ConversationsPath, "filter", "{\"predicates\":[]}", "bad.request", "type is required")]
    [InlineData(ConversationsPath, "filter", "{\"type\":\"or\",\"predicates\":[{\"dimension\":\"queueId\"}]}", "bad.request", "value or a range")]
    [InlineData(ConversationsPath, "filter", "{\"type\":\"or\",\"predicates\":[{\"dimension\":\"queueId\",\"range\":{\"gt\":1}}]}", "invalid.property", "range")]
    [InlineData(ConversationsPath, "filter", "{\"type\":\"or\",\"predicates\":[{\"dimension\":\"routingStatus\",\"value\":\"IDLE\"}]}", "invalid.value", "routingStatus")]
    [InlineData(RoutingPath, "groupBy", "[\"userId\"]", "invalid.value", "userId")]
    [InlineData(RoutingPath, "metrics", "[{\"metric\":\"oWaiting\"}]", "invalid.value", "oWaiting")]
    [InlineData(ObservationsPath, "metrics", "[\"oFlow\"]", "invalid.value", "oFlow")]
    [InlineData(ObservationsPath, "detailMetrics", "[\"oLongestWaiting\"]", "invalid.value", "oLongestWaiting")]
    [InlineData(ObservationsPath, "groupBy", "[\"queueId\"]", "invalid.property", "groupBy")]
    [InlineData(ObservationsPath, "filter", "null", "bad.request", "filter is required")]
    [InlineData(ObservationsPath, "filter", "{\"type\":\"or\",\"predicates\":[{\"dimension\":\"mediaType\",\"value\":\"voice\"}]}", "bad.request", "dimension queueId")]
    [InlineData(ObservationsPath, "filter", "{\"type\":\"or\",\"predicates\":[{\"dimension\":\"userId\",\"value\":\"a\"}]}", "invalid.value", "userId")]
    public async Task Requests_that_Genesys_rejects_are_rejected(string path, string member, string json, string code, string message)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        var query = path switch
        {
            ObservationsPath => Observation([organization.Queue("Billing DE")], "oWaiting"),
            RoutingPath => Activity(["oMemberUsers"], false, "queueId"),
            _ => Activity(["oWaiting"], false, "queueId"),
        };

        using var reply = await organization.PostAsync(path, query.With(member, JsonNode.Parse(json)));

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!;
        error["code"]!.GetValue<string>().ShouldBe(code);
        error["message"]!.GetValue<string>().ShouldContain(message);
    }

    [Theory]
    [InlineData(ConversationsPath)]
    [InlineData(RoutingPath)]
    [InlineData(ObservationsPath)]
    public async Task More_predicates_than_allowed_are_rejected_with_a_message_that_names_the_limit(string path)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1, MaxPredicates = 7 });
        JsonObject Query(int queues) => (path == ObservationsPath ? Observation([], "oMemberUsers") : Activity([path == RoutingPath ? "oMemberUsers" : "oWaiting"], false, "queueId"))
            .With("filter", OfQueues(Enumerable.Range(0, queues).Select(_ => Guid.NewGuid())));

        using var most = await organization.PostAsync(path, Query(7));
        using var more = await organization.PostAsync(path, Query(8));

        (most.StatusCode, more.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.BadRequest));
        (await more.Content.ReadAsStringAsync(Cancellation)).ShouldContain("must not have more than 7 predicates");
    }

    [Fact]
    public async Task A_query_without_a_filter_can_be_rejected()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1, RefusesUnfilteredActivity = true });

        foreach (var (path, metric) in new[] { (ConversationsPath, "oWaiting"), (RoutingPath, "oMemberUsers") })
        {
            using var unfiltered = await organization.PostAsync(path, Activity([metric], false, "queueId"));
            using var filtered = await organization.PostAsync(path, Activity([metric], false, "queueId").With("filter", OfQueues([organization.Queue("Billing DE")])));

            (unfiltered.StatusCode, filtered.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.OK));
        }
    }

    [Theory]
    [InlineData("?pageSize=501")]
    [InlineData("?pageSize=0")]
    [InlineData("?pageNumber=one")]
    [InlineData("?page=1")]
    public async Task Invalid_paging_is_rejected(string parameters)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });

        using var reply = await organization.PostAsync(ConversationsPath + parameters, Activity(["oWaiting"], false, "queueId"));

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task All_pages_together_have_each_group_once_in_the_requested_order()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 20 });
        var query = Activity(["oInteracting"], false, "queueId", "mediaType");

        var whole = (await organization.AllAsync(ConversationsPath, query)).Select(group => group["group"]!.ToJsonString()).ToList();
        var paged = (await organization.AllAsync(ConversationsPath, query, pageSize: 3)).Select(group => group["group"]!.ToJsonString()).ToList();
        var descending = (await organization.AllAsync(ConversationsPath, query.With("order", "desc"))).Select(group => group["group"]!.ToJsonString()).ToList();

        whole.Count.ShouldBeGreaterThan(6);
        paged.ShouldBe(whole);
        descending.ShouldBe(whole.AsEnumerable().Reverse());
        (await organization.JsonAsync(RoutingPath, Activity(["oMemberUsers"], false, "queueId")))["results"]!.AsArray().Count.ShouldBe(20);
    }

    [Fact]
    public async Task Long_lists_of_details_are_truncated_to_the_oldest_and_the_newest_entries()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 4, Volume = 60 });

        var activity = await organization.AllAsync(ConversationsPath, Activity(["oInteracting"], details: true, "mediaType"));
        var observation = await organization.JsonAsync(ObservationsPath, Observation([organization.Queue("Billing DE")], "oInteracting").With("detailMetrics", new JsonArray("oInteracting")));

        var voice = activity.Single(group => group.Dimension("mediaType") == "voice");
        voice["data"]![0]!["count"]!.GetValue<int>().ShouldBeGreaterThan(100);
        voice["truncated"]!.GetValue<bool>().ShouldBeTrue();
        Dates(voice["entities"]!, "activityDate").Count.ShouldBe(100);
        Dates(voice["entities"]!, "activityDate").ShouldBeInOrder();
        var observed = observation["results"]!.AsArray().Single(group => group!.Dimension("mediaType") == "voice")!["data"]![0]!;
        observed["truncated"]!.GetValue<bool>().ShouldBeTrue();
        var dates = Dates(observed["observations"]!, "observationDate");
        dates.Count.ShouldBe(100);
        dates.ShouldBeInOrder();
        dates[0].ShouldBe(voice["entities"]!.AsArray().Where(entity => (string?)entity!["queueId"] == observation["results"]![0]!.Dimension("queueId"))
            .Select(entity => (string)entity!["activityDate"]!).FirstOrDefault(dates[0]));
    }

    [Fact]
    public async Task Observations_report_the_presences_of_the_organization_and_map_them_to_those_of_the_system()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 8 });
        var queues = organization.Simulator.World.Queues.Select(queue => queue.Id);

        var reply = await organization.JsonAsync(ObservationsPath, Observation(queues, "oUserPresences"));
        var system = reply["systemToOrganizationMappings"]!.AsObject()
            .SelectMany(mapping => mapping.Value!.AsArray().Select(id => ((string)id!, mapping.Key))).ToDictionary(pair => pair.Item1, pair => pair.Key, StringComparer.Ordinal);
        var observed = reply["results"]!.AsArray().SelectMany(group => group!["data"]!.AsArray())
            .GroupBy(data => system[(string)data!["qualifier"]!], data => data!["stats"]!["count"]!.GetValue<int>())
            .ToDictionary(presence => presence.Key, presence => presence.Sum());
        var active = (await organization.AllAsync(RoutingPath, Activity(["oUserPresences"], false, "queueId"))).SelectMany(group => group["data"]!.AsArray()).ToList();

        observed.Keys.ShouldContain("ON_QUEUE");
        observed.Count.ShouldBeGreaterThan(4);
        active.GroupBy(data => (string)data!["qualifier"]!, data => data!["count"]!.GetValue<int>()).ToDictionary(presence => presence.Key, presence => presence.Sum()).ShouldBe(observed, ignoreOrder: true);
        active.ShouldAllBe(data => system[(string)data!["secondaryQualifier"]!] == (string?)data["qualifier"]);
    }

    [Theory]
    [InlineData(FaultScopes.Activity, HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    [InlineData(FaultScopes.Observations, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    public async Task A_permission_can_be_missing_for_activity_or_for_observations(string scope, HttpStatusCode activity, HttpStatusCode observations)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        organization.Simulator.Faults.Add(FaultNames.MissingPermission, scope: scope);

        using var first = await organization.PostAsync(ConversationsPath, Activity(["oWaiting"], false, "queueId"));
        using var second = await organization.PostAsync(RoutingPath, Activity(["oMemberUsers"], false, "queueId"));
        using var third = await organization.PostAsync(ObservationsPath, Observation([organization.Queue("Billing DE")], "oWaiting"));

        (first.StatusCode, second.StatusCode, third.StatusCode).ShouldBe((activity, activity, observations));
        var refused = activity == HttpStatusCode.Forbidden ? first : third;
        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("analytics:queueObservation:view");
    }

    private static List<string> Dates(JsonNode list, string name) => [.. list.AsArray().Select(entity => (string)entity![name]!)];
}
