using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Slices;

/// <summary>
/// However the service divides a query into slices, the figures of a bucket equal those of one simulator request for exactly that bucket. The
/// queries have random seeds, zones, clock changes, granularities and intervals, which end in the past or now. They use maxAge=0, because an
/// open hour that was cached half a minute ago would rightly lack what has happened since.
/// </summary>
public sealed class SingleFlightTests
{
    private static readonly string[] Counts =
        ["nOffered", "nOutbound", "nConnected", "nOverSla", "nTransferred", "nError", "tAnswered", "tAbandon", "tFlowOut", "tHandle"];

    private static readonly string[] Sums = ["tHandle", "tTalkComplete", "tHeldComplete", "tAcw", "tWait", "tAlert", "tDialing", "tContacting", "tFlowOut"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_folded_slices_equal_a_single_simulator_request(int seed)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var simulator = await Simulator.StartAsync(
            new SimulatorSettings { Seed = seed, Queues = 6, RequestsPerMinute = 1_000_000, RowLimit = 400 }, clock, TestContext.Current.CancellationToken);
        using var service = new RunningService
        {
            Clock = clock,
            Upstream = null,
            Settings = new()
            {
                ["Genesys:ApiBaseUrl"] = simulator.BaseAddress.ToString(),
                ["Genesys:LoginBaseUrl"] = simulator.BaseAddress.ToString(),
                ["Genesys:ClientId"] = "simulator",
                ["Genesys:ClientSecret"] = "simulator",
                ["Genesys:RequestsPerMinute"] = "100000",
                ["Aggregates:AsyncAboveCalls"] = "10000",
            },
        };
        using var client = service.CreateClient();
        using var direct = new HttpClient { BaseAddress = simulator.BaseAddress };

        foreach (var (query, pick) in Gen.Select(RecentQuery, Gen.Double.Unit).Array[24].Single().OrderBy(request => request.Item1.Now))
        {
            // Completes the background refresh before the clock jumps. A login in progress would time out, and the query would share its failure.
            await service.Services.GetRequiredService<QueueDirectory>().RefreshAsync(TestContext.Current.CancellationToken);
            clock.SetUtcNow(query.Now.ToDateTimeOffset());
            await TokenAsync(direct);
            using var response = await client.GetAsync(UrlOf(query), TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            response.IsSuccessStatusCode.ShouldBeTrue($"{UrlOf(query)}: {text}");
            var result = JsonDocument.Parse(text).RootElement;
            var records = result.GetProperty("records").EnumerateArray().ToList();
            var edges = SlicePlanner.Plan(query, AggregatesClient.Settle).Edges;
            var bucket = (int)(pick * (edges.Length - 1));
            var from = InstantFormat.Print(edges[bucket]);
            var mine = records.Where(record => record.GetProperty("from").GetString() == from).ToDictionary(Key);

            var truth = await QueryOnceAsync(direct, edges[bucket], edges[bucket + 1], query);

            mine.Keys.Order().ShouldBe(truth.Keys.Order(), $"{UrlOf(query)} at {query.Now}, bucket {from}");
            foreach (var (key, metrics) in truth)
            {
                Compare(mine[key], metrics, $"{UrlOf(query)} at {query.Now}, bucket {from}, {key}");
            }
        }
    }

    /// <summary>All simulated queues have existed since the end of 2022, so queries cover later times.</summary>
    private static readonly Gen<AggregatesQuery> RecentQuery =
        AggregatesClient.AnyQuery.Where(query => query.Interval.From > Instant.FromUtc(2023, 1, 2, 0, 0) && query.Interval.To - query.Interval.From < Duration.FromDays(40));

    /// <summary>A query that ends now has no explicit end: written out, it would end at the start of the current minute.</summary>
    private static string UrlOf(AggregatesQuery query) => string.Create(
        CultureInfo.InvariantCulture,
        $"/aggregates?maxAge=0&from={InstantFormat.Print(query.Interval.From)}{(query.Interval.EndsNow ? "" : $"&to={InstantFormat.Print(query.Interval.To)}")}&timeZone={query.Zone.Id}{(query.Granularity is null ? "" : $"&granularity={query.Granularity}")}");

    private static string Key(JsonElement record) => $"{record.GetProperty("queueId").GetString()} {record.GetProperty("mediaType").GetString()}";

    private static async Task TokenAsync(HttpClient direct)
    {
        direct.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.Latin1.GetBytes("simulator:simulator")));
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        using var response = await direct.PostAsync("/oauth/token", form, TestContext.Current.CancellationToken);
        var token = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        direct.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
    }

    private static async Task<Dictionary<string, Dictionary<string, JsonElement>>> QueryOnceAsync(HttpClient direct, Instant from, Instant to, AggregatesQuery query)
    {
        // A total that ends now would end at the start of the current minute. With a later end, it contains everything that has happened so far.
        using var response = await direct.PostAsJsonAsync(
            "/api/v2/analytics/conversations/aggregates/query",
            new { interval = $"{from}/{(query.Granularity is null && query.Interval.EndsNow ? to + Duration.FromHours(2) : to)}", groupBy = new[] { "queueId", "mediaType" }, metrics = GenesysMetrics.StandardGroup.Metrics },
            TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        if (!body.TryGetProperty("results", out var results))
        {
            return [];
        }

        return results.EnumerateArray()
            .Where(result => result.GetProperty("group").TryGetProperty("queueId", out _))
            .ToDictionary(
                result => Key(result.GetProperty("group")),
                result => result.GetProperty("data").EnumerateArray().Single().GetProperty("metrics").EnumerateArray()
                    .ToDictionary(metric => metric.GetProperty("metric").GetString()!, metric => metric.GetProperty("stats")));
    }

    private static void Compare(JsonElement record, Dictionary<string, JsonElement> metrics, string where)
    {
        var isCallback = record.GetProperty("mediaType").GetString() == "callback";
        foreach (var (metric, field) in Counts.Zip(["offered", "outbound", "connected", "overServiceLevel", "transferred", "errors", "answered", "abandoned", "flowOut", "handled"]))
        {
            if (isCallback && field is "answered" or "abandoned" && !metrics.ContainsKey(metric))
            {
                record.GetProperty(field).ValueKind.ShouldBe(JsonValueKind.Null, $"{where}: {field}");
                continue;
            }

            record.GetProperty(field).GetInt64().ShouldBe(Stat(metrics, metric, "count"), $"{where}: {field}");
        }

        foreach (var (metric, field) in Sums.Zip(["totalHandleTimeMs", "talkTimeMs", "holdTimeMs", "wrapTimeMs", "waitTimeMs", "alertTimeMs", "dialingTimeMs", "contactingTimeMs", "flowOutTimeMs"]))
        {
            record.GetProperty(field).GetInt64().ShouldBe(Stat(metrics, metric, "sum"), $"{where}: {field}");
        }

        var longest = record.GetProperty("longestWaitMs");
        (longest.ValueKind == JsonValueKind.Null ? 0 : longest.GetInt64()).ShouldBe(Stat(metrics, "tWait", "max"), $"{where}: longestWaitMs");
        record.GetProperty("serviceLevelNumerator").GetInt64().ShouldBe(Stat(metrics, "oServiceLevel", "numerator"), where);
        record.GetProperty("serviceLevelDenominator").GetInt64().ShouldBe(Stat(metrics, "oServiceLevel", "denominator"), where);
    }

    private static long Stat(Dictionary<string, JsonElement> metrics, string metric, string statistic) =>
        metrics.TryGetValue(metric, out var stats) && stats.TryGetProperty(statistic, out var value) ? value.GetInt64() : 0;
}
