using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>Whatever Genesys replies, a figure is correct, or it is absent and the response is marked incomplete.</summary>
public sealed class ObservationFaultTests
{
    private static readonly string[] Figures =
        ["waiting", "interacting", "alerting", "longestWaitMs", "longestInteractionMs", "onQueueUsers", "activeUsers", "memberUsers", "offQueueUsers"];

    [Theory]
    [InlineData(FaultNames.NullEntries)]
    [InlineData(FaultNames.WrongTypes)]
    [InlineData(FaultNames.RepeatedGroup)]
    [InlineData(FaultNames.ContradictoryGroup)]
    [InlineData(FaultNames.OddNumbers)]
    [InlineData(FaultNames.UnknownQualifier)]
    [InlineData(FaultNames.UnknownMetric)]
    [InlineData(FaultNames.MissingPermission)]
    public async Task A_faulty_reply_never_makes_a_figure_silently_wrong(string fault)
    {
        await using var given = await SimulatedService.StartAsync(new SimulatorSettings { Queues = 8, Volume = 2, RequestsPerMinute = 1_000_000 });
        await using var other = given.Replica();
        using var client = other.CreateClient();
        var whole = FiguresOf(await given.QueryAsync("/observations"));
        given.Simulator.Faults.Set([new SimulatorFault(fault, Scope: FaultScopes.Activity)]);

        var body = await given.QueryAsync("/observations", client);

        var (faulty, isComplete) = (FiguresOf(body), body.GetProperty("meta").GetProperty("complete").GetBoolean());
        whole.Count.ShouldBeGreaterThan(50);
        faulty.Where(figure => !whole.TryGetValue(figure.Key, out var truth) || truth != figure.Value).ShouldBeEmpty();
        var lost = whole.Keys.Except(faulty.Keys).ToList();
        if (fault == FaultNames.MissingPermission)
        {
            // Observations queries name the ids of the queues, and the queue listing does not contain deleted queues.
            body.GetProperty("warnings")[0].GetProperty("code").GetString().ShouldBe("known-queues-only");
            var deleted = given.Simulator.World.Queues.Where(queue => !queue.IsListed).Select(queue => queue.WireId).ToHashSet();
            lost = [.. lost.Where(figure => !deleted.Contains(figure.Split(' ')[0]))];
        }

        (lost.Count > 0 && isComplete).ShouldBeFalse($"{fault}: {string.Join(", ", lost)}");

        // One faulty entry does not remove the others. Only figures of zero need a reply without faults.
        lost.Count(figure => whole[figure] > 0).ShouldBeLessThan(whole.Count(figure => figure.Value > 0) / 4);
        if (fault is FaultNames.RepeatedGroup or FaultNames.UnknownMetric or FaultNames.MissingPermission)
        {
            (isComplete, lost.Count).ShouldBe((true, 0));
        }
    }

    private static Dictionary<string, long> FiguresOf(JsonElement body) => body.GetProperty("records").EnumerateArray()
        .SelectMany(record => Figures.Where(name => record.TryGetProperty(name, out _)).Select(name => (
            Key: $"{record.GetProperty("queueId").GetString()} {(record.TryGetProperty("mediaType", out var media) ? media.GetString() : "users")} {name}", Value: record.GetProperty(name).GetInt64())))
        .ToDictionary(figure => figure.Key, figure => figure.Value, StringComparer.Ordinal);
}
