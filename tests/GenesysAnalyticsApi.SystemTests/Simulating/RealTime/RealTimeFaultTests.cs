using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.RealTime.RealTimeQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.RealTime;

public sealed class RealTimeFaultTests
{
    [Theory]
    [InlineData(FaultNames.NullEntries, "[null,{")]
    [InlineData(FaultNames.WrongTypes, "\"seven\"")]
    [InlineData(FaultNames.OddNumbers, "\"count\":-3")]
    [InlineData(FaultNames.UnknownMetric, "oQuantumWaiting")]
    [InlineData(FaultNames.UnknownMediaType, "hologram")]
    public async Task A_reply_can_have_invalid_entries_among_valid_ones(string fault, string expected)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 8 });
        foreach (var (path, query, scope) in Queries(organization))
        {
            var good = await organization.JsonAsync(path, query);
            organization.Simulator.Faults.Set([new(fault, Times: 1, Scope: scope)]);

            var odd = await organization.JsonAsync(path, query);

            good.ToJsonString().ShouldNotContain(expected);
            odd.ToJsonString().ShouldContain(expected);
            (await organization.JsonAsync(path, query)).ToJsonString().ShouldBe(good.ToJsonString());
        }
    }

    [Theory]
    [InlineData(FaultNames.RepeatedGroup, true)]
    [InlineData(FaultNames.ContradictoryGroup, false)]
    public async Task A_group_can_be_repeated(string fault, bool isSame)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 8 });
        foreach (var (path, query, scope) in Queries(organization))
        {
            organization.Simulator.Faults.Set([new(fault, Scope: scope)]);

            var results = (await organization.JsonAsync(path, query))["results"]!.AsArray();

            results[^1]!["group"]!.ToJsonString().ShouldBe(results[0]!["group"]!.ToJsonString());
            (results[^1]!.ToJsonString() == results[0]!.ToJsonString()).ShouldBe(isSame);
        }
    }

    [Fact]
    public async Task Results_queues_and_qualifiers_can_be_missing_or_unknown()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 8 });
        foreach (var (path, query, scope) in Queries(organization))
        {
            organization.Simulator.Faults.Set([new(FaultNames.MissingResults, Scope: scope)]);
            (await organization.JsonAsync(path, query)).ToJsonString().ShouldBe("{}");
            organization.Simulator.Faults.Set([new(FaultNames.GroupWithoutQueue, Scope: scope)]);
            (await organization.JsonAsync(path, query))["results"]![0]!["group"]!["queueId"].ShouldBeNull();
        }

        organization.Simulator.Faults.Set([new(FaultNames.UnknownQualifier)]);
        (await organization.JsonAsync(RoutingPath, Activity(["oUserRoutingStatuses"], false, "queueId"))).ToJsonString().ShouldContain("HOLOGRAM");
    }

    private static IEnumerable<(string Path, JsonObject Query, string Scope)> Queries(SimulatedOrganization organization) =>
    [
        (ConversationsPath, Activity(["oInteracting"], false, "queueId", "mediaType"), FaultScopes.Activity),
        (RoutingPath, Activity(["oMemberUsers"], false, "queueId"), FaultScopes.Activity),
        (ObservationsPath, Observation(organization.Simulator.World.Queues.Select(queue => queue.Id), "oInteracting"), FaultScopes.Observations),
    ];
}
