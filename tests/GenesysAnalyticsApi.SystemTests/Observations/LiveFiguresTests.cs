using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Simulating;
using GenesysAnalyticsApi.SystemTests.Simulating.RealTime;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Observations.ObservationsTests;
using static GenesysAnalyticsApi.SystemTests.Simulating.RealTime.RealTimeQueries;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>At random instants, the response of GET /observations equals the counts of the simulated events. The service queries the simulator.</summary>
public sealed class LiveFiguresTests
{
    [Theory]
    [InlineData(11, false, 200)]
    [InlineData(12, true, 200)]
    [InlineData(13, true, 5)]
    public async Task At_a_random_instant_the_records_equal_the_counts_over_the_events(int seed, bool refusesUnfiltered, int maxPredicates)
    {
        var random = new Random(seed);
        var now = new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero).AddMilliseconds(random.Next(0, 12 * 3_600_000));
        await using var organization = await SimulatedOrganization.StartAsync(
            new SimulatorSettings { Seed = random.Next(), Queues = 13, Volume = 1.5, RequestsPerMinute = 100_000, RefusesUnfilteredActivity = refusesUnfiltered, MaxPredicates = maxPredicates }, now);
        using var service = new RunningService
        {
            Clock = organization.Clock,
            Upstream = null,
            Settings = new()
            {
                ["Genesys:ApiBaseUrl"] = organization.Simulator.BaseAddress.ToString(),
                ["Genesys:LoginBaseUrl"] = organization.Simulator.BaseAddress.ToString(),
                ["Genesys:ClientId"] = "simulator",
                ["Genesys:ClientSecret"] = "simulator",
                ["Genesys:RequestsPerMinute"] = "100000",
            },
        };
        // If queries must name the queues, the service gets no figures for deleted queues.
        var listed = organization.Simulator.World.Queues.Where(queue => queue.IsListed).Select(queue => queue.WireId).ToHashSet();
        var refused = new List<int>();
        for (var round = 0; round < 4; round++)
        {
            var expected = await LiveCount.OfAsync(organization);
            var body = await QueryAsync(service, "/observations?maxAge=0");
            refused.Add(organization.Simulator.Calls.Count(call => call.Status == 400));

            body.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue(body.GetProperty("warnings").GetRawText());
            var figures = Figures(body, organization.Clock.GetUtcNow());
            figures.Except(expected.Figures).ShouldBeEmpty();
            expected.Figures.Except(figures).Where(figure => !refusesUnfiltered || listed.Contains(figure.Key.Split('|')[0])).ShouldBeEmpty();
            await AgreeOnUsersAsync(organization, service, refusesUnfiltered);
            organization.Clock.Advance(TimeSpan.FromMilliseconds(round == 1 ? random.Next(1, 3_600_000 * 9) : random.Next(1, 30_000)));
        }

        // No request is rejected twice for the same limit.
        refused[0].ShouldBeLessThanOrEqualTo(refusesUnfiltered ? maxPredicates < 13 ? 2 : 1 : 0);
        refused.ShouldAllBe(count => count == refused[0]);
    }

    private static SortedDictionary<string, long> Figures(JsonElement body, DateTimeOffset now)
    {
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in body.GetProperty("records").EnumerateArray().Where(record => record.TryGetProperty("mediaType", out _)))
        {
            foreach (var (field, metric) in new[] { ("waiting", "oWaiting"), ("interacting", "oInteracting"), ("alerting", "oAlerting"), ("longestWaitMs", "oLongestWaiting"), ("longestInteractionMs", "oLongestInteracting") })
            {
                if (record.TryGetProperty(field, out var value) && (field.EndsWith("Ms", StringComparison.Ordinal) || value.GetInt64() > 0))
                {
                    figures[Key(record.GetProperty("queueId").GetString()!, record.GetProperty("mediaType").GetString()!, metric)] =
                        field.EndsWith("Ms", StringComparison.Ordinal) ? now.ToUnixTimeMilliseconds() - value.GetInt64() : value.GetInt64();
                }
            }
        }

        return figures;
    }

    private static async Task AgreeOnUsersAsync(SimulatedOrganization organization, RunningService service, bool refusesUnfiltered)
    {
        if (refusesUnfiltered)
        {
            // The simulator would also reject the query of this test, which has no filter.
            return;
        }

        var records = (await QueryAsync(service, "/observations?groupBy=queue")).GetProperty("records").EnumerateArray().ToDictionary(record => record.GetProperty("queueId").GetString()!.ToUpperInvariant());
        var groups = await organization.AllAsync(RoutingPath, Activity(UserMetrics, false, "queueId"));
        groups.ShouldNotBeEmpty();
        foreach (var group in groups)
        {
            var record = records[((string)group["group"]!["queueId"]!).ToUpperInvariant()];
            foreach (var (field, metric) in new[] { ("onQueueUsers", "oOnQueueUsers"), ("activeUsers", "oActiveUsers"), ("memberUsers", "oMemberUsers"), ("offQueueUsers", "oOffQueueUsers") })
            {
                record.GetProperty(field).GetInt64().ShouldBe(Sum(group, metric), string.Create(CultureInfo.InvariantCulture, $"{field} of {record.GetProperty("queueName")}"));
            }

            record.GetProperty("usersByPresence").EnumerateObject().Sum(part => part.Value.GetInt64()).ShouldBe(Sum(group, "oUserPresences"));
            record.GetProperty("usersByRoutingStatus").EnumerateObject().Sum(part => part.Value.GetInt64()).ShouldBe(Sum(group, "oUserRoutingStatuses"));
        }
    }

    private static long Sum(JsonNode group, string metric) => group["data"]!.AsArray().Where(data => (string?)data!["metric"] == metric).Sum(data => data!["count"]!.GetValue<long>());
}
