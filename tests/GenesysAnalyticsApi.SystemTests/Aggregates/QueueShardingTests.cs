using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Organizations with so many rows that even one bucket of all queues does not fit into a Genesys reply.</summary>
public sealed class QueueShardingTests
{
    private const string Day = "/aggregates?from=2026-11-18&to=2026-11-19&granularity=P1D";

    [Fact]
    public async Task The_shards_of_a_bucket_that_is_too_large_add_up()
    {
        await using var whole = await SimulatedService.StartAsync(new SimulatorSettings { Queues = 20, RequestsPerMinute = 1_000_000 });
        // A workday has more than twice as many rows as the limit, so each workday of the slice needs several lists of ids.
        await using var sharded = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 20, RequestsPerMinute = 1_000_000, RowLimit = 12 }, new() { ["Aggregates:MaxUpstreamCalls"] = "1000" });
        await sharded.QueryAsync("/queues");

        var (truth, response) = (await whole.QueryAsync(Day), await sharded.QueryAsync(Day));

        Figures(response).ShouldBe(Figures(truth));
        sharded.AggregateCalls.ShouldBeGreaterThan(2);
        Warnings(response).ShouldContain("known-queues-only");
        Warnings(truth).ShouldNotContain("known-queues-only");
    }

    /// <summary>A deleted queue that was in a response about all queues must not be missing from the next response, which is fetched by shards.</summary>
    [Fact]
    public async Task An_unlisted_queue_that_was_seen_once_is_requested_too()
    {
        const string OpenHour = "/aggregates?from=2026-11-23T09:00&granularity=PT1H";
        await using var whole = await SimulatedService.StartAsync(new SimulatorSettings { Queues = 20, RequestsPerMinute = 1_000_000 });
        await using var given = await SimulatedService.StartAsync(new SimulatorSettings { Queues = 20, RequestsPerMinute = 1_000_000 });
        await given.QueryAsync("/queues");
        await given.QueryAsync(Day);
        given.Simulator.Faults.Add(FaultNames.TooLarge, times: 1);

        var (truth, response) = (await whole.QueryAsync(OpenHour), await given.QueryAsync(OpenHour));

        response.GetProperty("records").GetRawText().ShouldBe(truth.GetProperty("records").GetRawText());
        response.GetProperty("records").EnumerateArray().ShouldContain(record => record.GetProperty("queueName").ValueKind == JsonValueKind.Null, "the deleted queue is among them");
        Warnings(response).ShouldContain("known-queues-only");
    }

    private static IEnumerable<string?> Warnings(JsonElement response) =>
        response.GetProperty("meta").GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString());

    [Fact]
    public async Task Once_sharding_is_learned_a_query_requests_only_the_shards_of_its_queues()
    {
        await using var given = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 80, RequestsPerMinute = 1_000_000 },
            new() { ["Genesys:SliceRows"] = "80", ["Aggregates:AsyncAboveCalls"] = "1000" });
        await given.QueryAsync("/queues");
        await given.QueryAsync(Day);

        var plan = await given.QueryAsync("/aggregates?explain=true&from=2026-11-17&to=2026-11-18&granularity=P1D&queue=Billing%20DE");

        var slice = plan.GetProperty("slices").EnumerateArray().ShouldHaveSingleItem();
        slice.GetProperty("scope").GetString().ShouldNotBe("all");
        slice.GetProperty("bodies")[0].GetProperty("filter").GetRawText().ShouldContain("queueId");
    }

    /// <summary>
    /// The records of all queues except the deleted queue. No listing contains the deleted queue, and shards can name only queues that the service has seen.
    /// </summary>
    private static List<string> Figures(JsonElement response) =>
        [.. response.GetProperty("records").EnumerateArray()
            .Where(record => record.GetProperty("queueName").ValueKind == JsonValueKind.String)
            .Select(record => record.GetRawText())];
}
