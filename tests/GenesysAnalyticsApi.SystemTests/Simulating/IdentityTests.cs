using System.Text.Json.Nodes;
using GenesysSimulator;
using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class IdentityTests
{
    [Fact]
    public async Task Metric_identities_hold_if_no_conversation_crosses_the_interval_boundaries()
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        // From one Sunday night to another: no conversation is left in a queue that closes in the evening.
        var results = await organization.QueryAsync(Query(Day(2026, 3, 1).AddHours(2), Day(2026, 3, 29).AddHours(2)));

        var closing = organization.Simulator.World.Streams
            .Where(stream => stream.Queue is not null && stream.Traffic.Opening != OpeningHours.Always)
            .Select(stream => (stream.Queue!.WireId, stream.Profile.Media)).ToHashSet();
        var whole = results.Where(result => closing.Contains((result!.Dimension("queueId") ?? "", result!.Dimension("mediaType")!))).ToList();
        whole.Count.ShouldBeGreaterThan(40);
        whole.ShouldAllBe(result => Balances(result!["data"]![0]!));
    }

    [Fact]
    public async Task The_reply_equals_the_sum_over_the_simulated_world()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var (from, to) = (Day(2026, 4, 13).AddMinutes(7), Day(2026, 4, 15).AddMilliseconds(1));

        var results = await organization.QueryAsync(Query(from, to));

        results.Count.ShouldBeGreaterThan(60);
        foreach (var result in results.OfType<JsonNode>())
        {
            Guid? queueId = result.Dimension("queueId") is { } id ? Guid.Parse(id) : null;
            var figures = organization.Simulator.World.Figures(
                queueId, result.Dimension("mediaType")!, from, to, SimulatedOrganization.Now);
            var row = result["data"]![0]!;
            foreach (var metric in Standard.Where(metric => metric[0] != 'o'))
            {
                var expected = figures.GetValueOrDefault(metric) ?? new(0, 0, 0, 0);
                row.Stat(metric, "count").ShouldBe(expected.Count, metric);
                if (metric[0] == 't')
                {
                    row.Stat(metric, "sum").ShouldBe(expected.Sum, metric);
                    row.Stat(metric, "min").ShouldBe(expected.Min, metric);
                    row.Stat(metric, "max").ShouldBe(expected.Max, metric);
                }
            }
        }
    }

    [Fact]
    public async Task Callbacks_have_no_answers_abandons_or_service_level()
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        var results = await organization.QueryAsync(Query(Day(2026, 4, 1), Day(2026, 4, 8)).Only(organization.Queue("Callback Desk")));

        var row = results.ShouldHaveSingleItem()!["data"]![0]!;
        row.Stat("nOffered", "count").ShouldBeGreaterThan(50);
        row.Stat("nConnected", "count").ShouldBeGreaterThan(20);
        row.Stat("tHandle", "count").ShouldBeGreaterThan(50);
        row["metrics"]!.AsArray().Select(metric => metric!["metric"]!.GetValue<string>())
            .ShouldNotContain(name => name == "tAnswered" || name == "tAbandon" || name == "tShortAbandon" || name == "oServiceLevel");
    }

    [Fact]
    public async Task No_event_is_later_than_now()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var now = SimulatedOrganization.Now;

        var untilNow = await organization.QueryAsync(Query(now.AddHours(-3), now.AddMilliseconds(1)));
        var untilLater = await organization.QueryAsync(Query(now.AddHours(-3), now.AddHours(5)));

        Sum(untilLater, "nOffered").ShouldBe(Sum(untilNow, "nOffered"));
        (await organization.QueryAsync(Query(now.AddHours(1), now.AddHours(2)))).ShouldBeEmpty();
    }

    [Fact]
    public void No_event_is_later_than_the_lookback_of_a_query()
    {
        var world = new SimulatedWorld(new SimulatorSettings { Queues = 60 }, Day(2026, 4, 15));
        var snapshot = world.SnapshotAt(Day(2030, 1, 1));
        var events = new MetricEvents();
        foreach (var stream in world.Streams)
        {
            var latest = default(Latest);
            foreach (var hour in WorldHour.Between(
                Day(2026, 1, 12).ToUnixTimeMilliseconds(), Day(2026, 2, 12).ToUnixTimeMilliseconds(), world.Zone))
            {
                latest.Start = hour.StartMs;
                stream.VisitHour(hour, snapshot, events, ref latest);
            }

            latest.Longest.ShouldBeLessThan(stream.Profile.LookbackHours * WorldHour.Milliseconds, stream.Profile.Media);
        }
    }

    internal static long Sum(JsonArray results, string metric) =>
        results.Sum(result => result!["data"]!.AsArray().Sum(row => row!.Stat(metric, "count")));

    private static bool Balances(JsonNode row)
    {
        long Count(string metric) => row.Stat(metric, "count");
        long Total(string metric) => row.Stat(metric, "sum");

        var waits = Count("tAnswered") + Count("tAbandon") + Count("tFlowOut");
        return (waits == 0 || Count("nOffered") == waits)
            && Count("tWait") == waits
            && Count("tAcd") == waits
            && Total("tWait") == Total("tAnswered") + Total("tAbandon") + Total("tFlowOut")
            && row.Stat("oServiceLevel", "denominator") == Count("tAnswered") + Count("tAbandon")
            && row.Stat("oServiceLevel", "numerator") == Count("tAnswered") - Count("nOverSla")
            && Count("tShortAbandon") <= Count("tAbandon")
            && Count("nTransferred") == Count("nBlindTransferred") + Count("nConsultTransferred")
            && Count("tHandle") >= Count("tAnswered")
            && Total("tHandle") > 0
            && Total("tHandle")
                == Total("tContacting") + Total("tDialing") + Total("tTalkComplete") + Total("tHeldComplete") + Total("tAcw");
    }

    private record struct Latest(long Start, long Longest) : IConversationVisitor
    {
        public void Visit(MetricEvents conversation)
        {
            foreach (var metricEvent in conversation.All)
            {
                Longest = Math.Max(Longest, metricEvent.At - Start);
            }
        }
    }
}
