using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Formats.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Response;

/// <summary>Responses that are read and written in segments of time, compared with the JSON response to the same query, which is read as a whole.</summary>
public sealed class SegmentedResponseTests
{
    private const string Week = "from=2026-11-02&to=2026-11-09&granularity=PT1H";

    private static readonly string[] Formats = ["ndjson", "csv", "parquet"];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_format_has_the_same_figures_and_metadata_as_the_response_that_is_read_as_a_whole()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "20" });
        foreach (var query in new[]
        {
            Week,
            $"{Week}&groupBy=queueId&metric=tAgentResponseTime,oServiceLevel",
            $"{Week}&groupBy=none&timeZone=Europe/Berlin",
            $"{Week}&groupBy=divisionId,mediaType",
            $"{Week}&fill=zero",
            $"{Week}&fill=zero&mediaType=voice,callback&groupBy=queueId",
            $"{Week}&mediaType=voice&serviceLevelThresholdMs=20000",
            $"{Week}&groupBy=queueId,mediaType,messageType,direction",
            $"{Week}&groupBy=mediaType,direction&fill=zero&messageType=sms,whatsapp",
            "from=2026-09-20&to=2026-11-24&granularity=P1D&timeZone=Europe/Berlin",
            "period=today&granularity=PT15M",
        })
        {
            var whole = await BodyAsync(given.Client, query, "json");
            var expected = FormatReader.Json(whole).OrderBy(record => record["from"], StringComparer.Ordinal).ToList();
            foreach (var format in Formats)
            {
                ShouldBeEqual(Records(await BodyAsync(given.Client, query, format), format), expected, $"{query}&format={format}");
            }

            LastLine(await BodyAsync(given.Client, query, "ndjson"))["meta"]!.ToJsonString().ShouldBe(JsonNode.Parse(whole)!["meta"]!.ToJsonString(), query);
        }
    }

    [Fact]
    public async Task Callbacks_with_answers_on_one_day_have_zero_answers_on_the_others()
    {
        FakeQueue sales = new("b0000000-0000-4000-8000-000000000001", "Sales", null), desk = new("b0000000-0000-4000-8000-000000000002", "Desk", null);
        const string Deleted = "b0000000-0000-4000-8000-000000000009";
        var genesys = new FakeGenesysServer
        {
            Queues = [sales, desk],
            Events =
            [
                new(sales.Id, "callback", At(2), "nOffered"), new(sales.Id, "callback", At(4), "tAnswered", 9_000), new(sales.Id, "callback", At(4), "nOffered"),
                new(desk.Id, "callback", At(2), "nOffered"), new(desk.Id, "callback", At(5), "nOffered"), new(desk.Id, "voice", At(5), "nOffered"),
                new(Deleted, "callback", At(3), "nOffered"), new(Deleted, "callback", At(6), "tAbandon", 5_000),
            ],
        };
        using var service = new RunningService { Upstream = genesys.Upstream(), Settings = new() { ["Aggregates:StreamRows"] = "4" } };
        using var client = service.CreateClient();
        foreach (var query in new[] { Week, $"{Week}&groupBy=queueId", $"{Week}&groupBy=none", $"{Week}&fill=zero", $"{Week}&queueId={desk.Id},{sales.Id}&fill=zero&groupBy=queueId" })
        {
            var whole = await BodyAsync(client, query, "json");
            var expected = FormatReader.Json(whole).OrderBy(record => record["from"], StringComparer.Ordinal).ToList();
            expected.Select(record => record["answered"]).Distinct().Count().ShouldBeGreaterThan(1, query);
            foreach (var format in Formats)
            {
                ShouldBeEqual(Records(await BodyAsync(client, query, format), format), expected, $"{query}&format={format}");
            }

            LastLine(await BodyAsync(client, query, "ndjson"))["meta"]!.ToJsonString().ShouldBe(JsonNode.Parse(whole)!["meta"]!.ToJsonString(), query);
        }

        genesys.Violations.ShouldBeEmpty();

        static Instant At(int day) => Instant.FromUtc(2026, 11, day, 9, 30);
    }

    [Fact]
    public async Task Headers_omit_what_is_not_known_yet_and_trailers_contain_it()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "20" });
        using var response = await given.Client.GetAsync(Uri(Week, "csv"), TestCancellation);
        var body = await response.Content.ReadAsByteArrayAsync(TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (response.Headers.ETag, response.Headers.CacheControl!.ToString(), response.Content.Headers.ContentType!.MediaType).ShouldBe((null, "no-store", "text/csv"));
        string[] facts = ["X-Slices", "X-Row-Count", "X-Data-Complete", "X-Data-Final", "X-Data-Stale", "X-Data-As-Of"];
        facts.ShouldAllBe(name => !response.Headers.Contains(name));
        facts[..5].Select(name => response.TrailingHeaders.GetValues(name).Single()).ShouldBe(
            ["cached=0, fetched=8, stale=0, failed=0", $"{FormatReader.Csv(body).Count}", "true", "true", "false"]);
    }

    [Fact]
    public async Task A_response_that_turns_out_to_be_small_is_read_as_a_whole_the_next_time()
    {
        var genesys = new LargeOrganization { Listed = [.. Enumerable.Range(1, 50).Select(LargeOrganization.Id)], Offered = { [LargeOrganization.Id(1)] = 1 } };
        using var service = new RunningService { Upstream = genesys.Upstream(), Settings = new() { ["Aggregates:StreamRows"] = "200" } };
        using var client = service.CreateClient();

        // The first estimate is based on the number of queues, the second on the rows of the replies.
        using var first = await client.GetAsync(Uri(Week, "csv"), TestCancellation);
        using var second = await client.GetAsync(Uri(Week, "csv"), TestCancellation);

        (first.Headers.ETag is null, second.Headers.ETag is null).ShouldBe((true, false));
        (await second.Content.ReadAsStringAsync(TestCancellation)).ShouldBe(await first.Content.ReadAsStringAsync(TestCancellation));
    }

    [Theory]
    [InlineData("csv", "")]
    [InlineData("parquet", "")]
    [InlineData("ndjson", "&partial=deny")]
    public async Task A_failure_of_a_later_segment_aborts_the_connection(string format, string more)
    {
        var genesys = new LargeOrganization { DownFrom = Instant.FromUtc(2026, 11, 5, 0, 0) }.With(20);
        using var service = new RunningService { Upstream = genesys.Upstream(), Settings = new() { ["Aggregates:StreamRows"] = "100" } };
        using var client = service.CreateClient();

        using var response = await client.GetAsync(Uri(Week + more, format), HttpCompletionOption.ResponseHeadersRead, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(TestCancellation));
        await service.Log.NextRequestAsync();
        service.Log.AsText().Split('\n').ShouldContain(line => line.Contains("A response was aborted after 1440 rows: ", StringComparison.Ordinal), service.Log.AsText());
        service.Log.Events.ShouldAllBe(line => line.Level < Serilog.Events.LogEventLevel.Error);
        genesys.Requests.Count.ShouldBe(1 + 3 + 1, "one for the interval, three for days, and the one that failed");
    }

    [Fact]
    public async Task A_failure_of_the_first_segment_is_a_problem()
    {
        var genesys = new LargeOrganization { DownFrom = Instant.FromUtc(2026, 11, 2, 0, 0) }.With(20);
        using var service = new RunningService { Upstream = genesys.Upstream(), Settings = new() { ["Aggregates:StreamRows"] = "100" } };

        await service.QueryProblemAsync($"{Week}&format=csv&mediaType=voice", 503, "genesys-unavailable");
    }

    [Fact]
    public async Task If_partial_results_are_allowed_NDJSON_continues_and_its_last_line_lists_what_is_missing()
    {
        var genesys = new LargeOrganization { DownFrom = Instant.FromUtc(2026, 11, 8, 0, 0) }.With(20);
        using var service = new RunningService { Upstream = genesys.Upstream(), Settings = new() { ["Aggregates:StreamRows"] = "100" } };
        using var client = service.CreateClient();

        var body = await BodyAsync(client, Week, "ndjson");

        var meta = LastLine(body)["meta"]!;
        ((bool)meta["complete"]!, (int)meta["rows"]!["returned"]!).ShouldBe((false, 6 * 24 * 20));
        meta["failedSlices"]!.AsArray().Select(slice => (string)slice!["from"]!).ShouldBe(["2026-11-08T00:00:00Z"]);
        FormatReader.Ndjson(body).Count.ShouldBe(6 * 24 * 20);
    }

    [Fact]
    public async Task When_a_caller_disconnects_no_further_Genesys_requests_are_sent()
    {
        var genesys = new LargeOrganization().With(100);
        using var service = new RunningService
        {
            Upstream = genesys.Upstream(),
            Settings = new() { ["Aggregates:StreamRows"] = "100", ["Aggregates:AsyncAboveCalls"] = "1000", ["Genesys:RequestsPerMinute"] = "100000" },
        };
        using var client = service.CreateClient();
        using (var response = await client.GetAsync(Uri("from=2026-08-01&to=2026-11-09&granularity=PT1H", "ndjson"), HttpCompletionOption.ResponseHeadersRead, TestCancellation))
        {
            await (await response.Content.ReadAsStreamAsync(TestCancellation)).ReadExactlyAsync(new byte[1_000], TestCancellation);
        }

        await service.Log.NextRequestAsync();
        genesys.Requests.Count.ShouldBeInRange(2, 50, "of 101 requests");
        service.Log.Events.ShouldAllBe(line => line.Level < Serilog.Events.LogEventLevel.Error);
    }

    private static Uri Uri(string query, string format) => new($"/aggregates?{query}&format={format}", UriKind.Relative);

    private static async Task<byte[]> BodyAsync(HttpClient client, string query, string format)
    {
        using var response = await client.GetAsync(Uri(query, format), TestCancellation);
        var body = await response.Content.ReadAsByteArrayAsync(TestCancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        (response.Headers.ETag is null).ShouldBeTrue($"{query}&format={format} is streamed");
        return body;
    }

    private static List<Dictionary<string, string?>> Records(byte[] body, string format)
    {
        var records = format switch { "csv" => FormatReader.Csv(body), "parquet" => FormatReader.Parquet(body), _ => FormatReader.Ndjson(body) };
        records.ForEach(record => record["queueName"] = record.GetValueOrDefault("queueName")?.TrimStart('\''));
        return records;
    }

    private static JsonNode LastLine(byte[] body) => JsonNode.Parse(Encoding.UTF8.GetString(body).TrimEnd('\n').Split('\n')[^1])!;

    private static void ShouldBeEqual(List<Dictionary<string, string?>> records, List<Dictionary<string, string?>> expected, string query)
    {
        records.Count.ShouldBe(expected.Count, query);
        foreach (var (record, other) in records.Zip(expected))
        {
            foreach (var name in record.Keys.Union(other.Keys))
            {
                if (record.GetValueOrDefault(name) != other.GetValueOrDefault(name))
                {
                    Assert.Fail($"{query}: {name} of {other.GetValueOrDefault("queueName")}, {other.GetValueOrDefault("mediaType")}, {other["from"]} is {record.GetValueOrDefault(name)} instead of {other.GetValueOrDefault(name)}");
                }
            }
        }
    }
}
