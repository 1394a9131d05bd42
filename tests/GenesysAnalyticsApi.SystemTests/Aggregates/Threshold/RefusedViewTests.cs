using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Threshold;

/// <summary>If Genesys rejects or ignores views, only the figures for the threshold are missing, and the response says so.</summary>
public sealed class RefusedViewTests
{
    private const string Day = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H&serviceLevelThresholdMs=";
    private const string Next = "/aggregates?from=2026-11-11&to=2026-11-12&granularity=PT1H&serviceLevelThresholdMs=";

    [Fact]
    public async Task If_views_are_rejected_their_figures_are_null_with_a_warning_and_all_others_are_present()
    {
        await using var service = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.RefusedViews));

        var response = await QueryAsync(service, $"{Day}20000");

        var warning = Warnings(response).ShouldHaveSingleItem();
        warning.Text("code").ShouldBe("metric-refused");
        warning.Text("message").ShouldBe("Genesys rejects views.answeredWithin for this organization, so figures computed from it are null. The service tries again every hour.");
        response.Records().Count.ShouldBeGreaterThan(50);
        response.Records().ShouldAllBe(record => record.ContainsKey("answeredWithin") && record["answeredWithin"] == null && record["serviceLevelWithin"] == null);
        response.Records().ShouldAllBe(record => record["complete"]!.GetValue<bool>() && !record["final"]!.GetValue<bool>());
        response.Records().Count(record => record.Number("serviceLevel") > 0 && record.Number("answered") > 0).ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task A_rejection_is_remembered_for_every_threshold_and_views_are_tried_again_after_an_hour()
    {
        await using var service = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.RefusedViews));

        // The standard slice, the view, another metric, and the view again: this shows that Genesys rejects the view.
        (await service.CallsOfAsync(() => service.QueryAsync($"{Day}20000"))).ShouldBe(4);
        (await service.CallsOfAsync(() => service.QueryAsync($"{Day}30000"))).ShouldBe(0);
        (await service.CallsOfAsync(() => service.QueryAsync($"{Next}40000"))).ShouldBe(1);
        (await service.QueryAsync($"{Day}50000&explain=true")).GetProperty("calls").GetInt32().ShouldBe(0);

        service.Simulator.Faults.Set([]);
        service.FakeClock.Advance(TimeSpan.FromMinutes(61));
        var response = await QueryAsync(service, $"{Day}20000");

        Warnings(response).ShouldBeEmpty();
        response.Records().Sum(record => record.Number("answeredWithin") ?? 0).ShouldBeGreaterThan(0);
        response.Meta()["final"]!.GetValue<bool>().ShouldBeTrue();
        Warnings(await QueryAsync(service, $"{Next}40000")).ShouldBeEmpty("every slice that lacks the view is fetched again");
    }

    [Fact]
    public async Task A_rejection_does_not_affect_queries_without_a_threshold()
    {
        await using var service = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.RefusedViews));
        await service.QueryAsync($"{Day}20000");

        var response = await QueryAsync(service, "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H&metric=tAnswered");

        Warnings(response).ShouldBeEmpty();
        response.Meta()["final"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_plan_for_some_queues_has_no_request_for_a_rejected_view()
    {
        var keys = new Security.Infrastructure.IssuedKeys().Add("all").Add("limited", ("Queues:0", "*i*"));
        await using var service = await SimulatedService.StartAsync(settings: keys.Settings, faults: new SimulatorFault(FaultNames.RefusedViews));
        using var all = keys.Of("all", service.Service);
        using var limited = keys.Of("limited", service.Service);
        await service.QueryAsync($"{Day}20000", all);

        var plan = await service.QueryAsync($"{Next}20000&explain=true", limited);

        plan.GetProperty("slices").EnumerateArray().Select(slice => (slice.GetProperty("metricGroup").GetString(), slice.GetProperty("bodies").GetArrayLength()))
            .ShouldBe([("standard", 1), ("within-20000", 0)], ignoreOrder: true);
    }

    /// <summary>A reply without views must not look like a service level of 0.</summary>
    [Fact]
    public async Task Ignored_views_are_reported_as_invalid_statistics()
    {
        await using var service = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.MissingViews));

        var response = await QueryAsync(service, $"{Day}20000");

        Warnings(response).ShouldAllBe(warning => warning.Text("code") == "figure-left-out");
        Warnings(response)[0].Text("message")!.ShouldContain(": views.answeredWithin count is missing or contradicts its target metric, which is invalid.");
        response.Meta()["complete"]!.GetValue<bool>().ShouldBeFalse();
        var odd = response.Records().Where(record => !record["complete"]!.GetValue<bool>()).ToList();
        odd.Count.ShouldBeGreaterThan(50);
        odd.ShouldAllBe(record => record["answeredWithin"] == null && record["serviceLevelWithin"] == null && record.Number("answered") > 0);

        // In records where every answer took longer than the threshold, the view is rightly missing.
        response.Records().Where(record => record["complete"]!.GetValue<bool>()).ShouldAllBe(record => record["answeredWithin"] == null || record.Number("answeredWithin") == 0);
        Warnings(await QueryAsync(service, "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejection_of_everything_is_not_attributed_to_the_view()
    {
        var genesys = new FakeGenesysServer { Events = [new FakeEvent(FakeEvents.Queues[0].Id, "voice", Instant.FromUtc(2026, 11, 10, 8, 30), "tAnswered", 5)] };
        using var service = new RunningService { Upstream = genesys.Upstream(), Clock = new FakeTimeProvider(SimulatedService.Monday) };
        var query = Day["/aggregates?".Length..] + "20000";
        genesys.Rejects = _ => FakeGenesysServer.Error("no");
        await service.QueryProblemAsync(query, 502, "genesys-refused");

        genesys.Rejects = _ => null;
        (service.Clock as FakeTimeProvider)!.Advance(TimeSpan.FromMinutes(2));
        var response = await service.QueryAsync(query);

        response.Warnings().ShouldBeEmpty();
        response.Records().ShouldHaveSingleItem().Number("answeredWithin").ShouldBe(1);
        genesys.Violations.ShouldBeEmpty();
    }

    /// <summary>The warnings, except the one about the deleted simulated queue.</summary>
    private static IReadOnlyList<JsonObject> Warnings(JsonObject response) =>
        [.. response.Meta()["warnings"]!.AsArray().Select(warning => warning!.AsObject()).Where(warning => warning.Text("code") != "queue-name-unknown")];

    private static async Task<JsonObject> QueryAsync(SimulatedService service, string query) => JsonNode.Parse((await service.QueryAsync(query)).GetRawText())!.AsObject();
}
