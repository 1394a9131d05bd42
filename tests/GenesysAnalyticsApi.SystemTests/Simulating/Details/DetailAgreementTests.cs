using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Details;

/// <summary>Details and aggregates come from the same events, so the aggregates can be computed from the details.</summary>
public sealed class DetailAgreementTests
{
    private static readonly string[] CountedMetrics =
    [
        "nOffered", "nConnected", "nTransferred", "nBlindTransferred", "nConsultTransferred", "nConsult", "nOverSla", "nError", "nOutbound",
        "nOutboundAttempted", "nOutboundConnected", "nOutboundAbandoned", "tAnswered", "tAbandon", "tShortAbandon", "tFlowOut", "tAcd", "tAlert",
        "tNotResponding", "tHandle", "tTalk", "tTalkComplete", "tHeld", "tHeldComplete", "tAcw", "tDialing", "tContacting", "tConnected", "tIvr",
        "tVoicemail", "tActiveCallback", "tActiveCallbackComplete", "tAgentResponseTime", "tUserResponseTime", "tFirstResponse", "tFirstEngagement",
        "tFirstConnect", "tFirstDial",
    ];

    private static readonly string[] Granularities = ["PT15M", "PT30M", "PT1H", "PT6H"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Counting_the_metrics_of_details_gives_the_aggregates(int seed)
    {
        var random = new Random(seed);
        await using var organization = await SimulatedOrganization.StartAsync(new() { Seed = random.Next(), Queues = random.Next(4, 12), RequestsPerMinute = 100_000 });
        for (var round = 0; round < 4; round++)
        {
            // The last interval is on the current day and ends after now.
            var from = round < 3 ? Day(2026, 4, 1).AddHours(6 * random.Next(0, 48)) : Day(2026, 4, 15);
            await AgreeAsync(organization, from, from.AddHours(round < 3 ? 6 * random.Next(1, 5) : 12), Granularities[random.Next(Granularities.Length)]);
        }
    }

    private static async Task AgreeAsync(SimulatedOrganization organization, DateTimeOffset from, DateTimeOffset to, string granularity)
    {
        var query = Query(from, to, CountedMetrics).With("granularity", granularity);
        var expected = new SortedDictionary<string, (long Count, long Sum)>(StringComparer.Ordinal);
        foreach (var result in await organization.QueryAsync(query))
        {
            foreach (var row in result!["data"]!.AsArray())
            {
                foreach (var metric in row!["metrics"]!.AsArray())
                {
                    var name = metric!["metric"]!.GetValue<string>();
                    var key = $"{result.Dimension("queueId")}|{result.Dimension("mediaType")}|{row["interval"]!.GetValue<string>().Split('/')[0]}|{name}";
                    expected[key] = (row.Stat(name, "count"), name[0] == 'n' ? row.Stat(name, "count") : row.Stat(name, "sum"));
                }
            }
        }

        // Conversations that began before the day are found only if the interval begins earlier.
        var counted = DetailCount.Of(await organization.DetailsAsync(from.AddDays(-3), to), from, to, granularity, CountedMetrics);
        expected.ShouldNotBeEmpty();
        counted.Keys.Except(expected.Keys).ShouldBeEmpty();
        expected.Keys.Except(counted.Keys).ShouldBeEmpty();
        counted.Where(pair => expected[pair.Key] != pair.Value).ShouldBeEmpty();
    }
}
