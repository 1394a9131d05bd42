using System.Globalization;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>
/// Sends a week of a real contact center, as Genesys returned it, through the whole service. The expected records were computed
/// once from the file, by hand: they contain integers, and quotients as <c>"numerator/denominator"</c>.
/// </summary>
public sealed class FixtureTests
{
    private const string Week = "from=2025-01-25T21:00:00Z&to=2025-02-01T21:00:00Z";

    private static readonly Instant Sunday = Instant.FromUtc(2025, 1, 26, 0, 0);

    private static readonly FakeQueue[] Queues =
    [
        new("027396f4-553b-43ed-8ec0-09303971bd1c", "Outbound", 1),
        new("05f1c285-6777-4ccc-806f-8db085ae0793", "Customer Service", 1),
        new("0c42ff58-231e-4f85-a47c-a81ea703718f", "Night Line", 1),
        new("28a9d881-8d9b-4e97-87fb-0a25baa00292", "Outbound Reserve", 1),
        new("92c4908f-eba5-4255-8aef-39e735b44a4f", "Front Desk", 1),
    ];

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Istanbul")] // In this zone, the week in the file consists of seven whole days
    public async Task The_records_of_a_real_week_are_exact(string zone)
    {
        var genesys = RealWeek();
        using var service = new RunningService { Upstream = genesys.Upstream() };

        var response = await service.QueryAsync($"{Week}&timeZone={zone}");

        genesys.Violations.ShouldBeEmpty();
        response.Records().Select(record => record.Text("queueName")).ShouldBe(["Customer Service", "Front Desk", "Night Line", "Outbound", "Outbound Reserve"]);
        foreach (var expected in JsonNode.Parse(await ReadAsync("aggregates-week-voice.expected.json"))!.AsArray())
        {
            ShouldBe(response.Records().Single(record => record.Text("queueId") == expected!["queueId"]!.GetValue<string>()), expected!.AsObject());
        }

        response.Meta()["complete"]!.GetValue<bool>().ShouldBeTrue();
        response.Warnings().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_total_is_merged_before_it_is_divided()
    {
        using var service = new RunningService { Upstream = RealWeek().Upstream() };

        var record = (await service.QueryAsync($"{Week}&groupBy=none")).Records().ShouldHaveSingleItem();

        // 877 + 47 + 31 offered; 1385 + 29 + 363 + 34 outbound. The other counts and sums are added up over the queues in the same way.
        ShouldBe(record, JsonNode.Parse("""
            {
              "queueId": null, "mediaType": null, "totalInteractions": 2766, "offered": 955, "outbound": 1811, "answered": 791, "abandoned": 123,
              "shortAbandoned": 12, "flowOut": 41, "handled": 2605, "totalHandleTimeMs": 228817438, "averageHandleTimeMs": "228817438/2605",
              "longestWaitMs": 1087729, "longestHandleTimeMs": 1040810, "serviceLevel": "418/914", "serviceLevelTarget": 0.8,
              "answerRate": "791/955", "abandonRate": "123/955", "transferRate": "638/2605"
            }
            """)!.AsObject());
    }

    /// <summary>A fake Genesys that places the data of the whole week on its Sunday, whichever slices are requested.</summary>
    private static FakeGenesysServer RealWeek()
    {
        var week = File.ReadAllText(PathOf("aggregates-week-voice.json"));
        return new FakeGenesysServer
        {
            Queues = Queues,
            Replies = request =>
            {
                var reply = JsonNode.Parse(week)!.AsObject();
                if (request.BucketOf(Sunday) is not { } bucket)
                {
                    return request.Edges.Length % 2 == 0 ? new JsonObject { ["results"] = new JsonArray() } : [];
                }

                foreach (var result in reply["results"]!.AsArray())
                {
                    result!["data"]![0]!["interval"] = request.IntervalOf(bucket);
                }

                return reply;
            },
        };
    }

    private static void ShouldBe(JsonObject record, JsonObject expected)
    {
        foreach (var (field, value) in expected)
        {
            var place = $"{field} of {record.Text("queueName")}";
            if (value is JsonValue text && text.TryGetValue<string>(out var quotient) && quotient.Split('/') is [var numerator, var denominator])
            {
                var exact = double.Parse(numerator, CultureInfo.InvariantCulture) / double.Parse(denominator, CultureInfo.InvariantCulture);
                record.Number(field)!.Value.ShouldBe(exact, Math.Max(1, exact) * 1e-9, place);
            }
            else
            {
                (record[field]?.ToJsonString()).ShouldBe(value?.ToJsonString(), place);
            }
        }
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    private static Task<string> ReadAsync(string name) => File.ReadAllTextAsync(PathOf(name), TestContext.Current.CancellationToken);
}
