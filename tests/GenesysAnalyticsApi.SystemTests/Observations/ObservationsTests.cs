using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>GET /observations: its records, formats, filters and headers.</summary>
public sealed class ObservationsTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_has_a_record_for_its_users_and_one_for_each_media_type()
    {
        var genesys = new LiveGenesys { Queues = 1 };
        using var service = Service(genesys);

        var body = await QueryAsync(service, "/observations");

        var (users, email, voice) = body.GetProperty("records").EnumerateArray().ToList() switch { [var one, var two, var three] => (one, two, three), var all => throw new InvalidOperationException($"{all.Count}") };
        users.GetRawText().ShouldBe(
            """{"queueId":"00000000-0000-0000-0000-000000000001","queueName":"Queue 001","divisionId":"d1","divisionName":"Home","onQueueUsers":1,"activeUsers":7,"memberUsers":9,"offQueueUsers":3,"usersByPresence":{"BREAK":2},"usersByRoutingStatus":{"IDLE":1}}""");
        email.GetRawText().ShouldBe(
            """{"queueId":"00000000-0000-0000-0000-000000000001","queueName":"Queue 001","divisionId":"d1","divisionName":"Home","mediaType":"email","waiting":0,"interacting":0,"alerting":0}""");
        voice.GetRawText().ShouldBe(
            """{"queueId":"00000000-0000-0000-0000-000000000001","queueName":"Queue 001","divisionId":"d1","divisionName":"Home","mediaType":"voice","waiting":1,"interacting":2,"alerting":1,"longestWaitMs":180000}""");
        body.GetProperty("query").GetRawText().ShouldBe("""{"queueIds":[],"mediaTypes":[],"groupBy":["queue","mediaType"]}""");
        body.GetProperty("meta").GetRawText().ShouldBe("""{"asOf":"2026-11-23T09:15:00.000Z","ageMs":0,"complete":true,"stale":false,"source":"polling","repaired":false,"upstream":"genesys"}""");
        body.GetProperty("warnings").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("groupBy=queue", 3, """{"queueId":"00000000-0000-0000-0000-000000000002","queueName":"Queue 002","divisionId":"d1","divisionName":"Home","waiting":2,"interacting":2,"alerting":1,"longestWaitMs":180000,"onQueueUsers":2,"activeUsers":7,"memberUsers":9,"offQueueUsers":3,"usersByPresence":{"BREAK":2},"usersByRoutingStatus":{"IDLE":2}}""")]
    [InlineData("groupBy=mediaType", 2, """{"mediaType":"voice","waiting":6,"interacting":6,"alerting":3,"longestWaitMs":180000}""")]
    [InlineData("groupBy=none", 1, """{"waiting":6,"interacting":6,"alerting":3,"longestWaitMs":180000}""")]
    [InlineData("groupBy=none&mediaType=call", 0, null)]
    [InlineData("groupBy=none&mediaType=email", 1, """{"waiting":0,"interacting":0,"alerting":0}""")]
    [InlineData("groupBy=none&queue=Queue 001,Queue 003", 0, null)]
    [InlineData("groupBy=none&queue=Queue 001&queue=Queue 003", 1, """{"waiting":4,"interacting":4,"alerting":2,"longestWaitMs":180000}""")]
    [InlineData("groupBy=none&divisionId=00000000-0000-0000-0000-0000000000d1", 1, "{}")]
    public async Task Records_are_grouped_and_filtered(string query, int count, string? record)
    {
        using var service = Service(new LiveGenesys());

        using var response = await service.CreateClient().GetAsync(Address($"/observations?{query}"), TestCancellation);

        if (record is null)
        {
            ((int)response.StatusCode).ShouldBeOneOf(400, 404);
            return;
        }

        var records = (await JsonOf(response)).GetProperty("records").EnumerateArray().Select(one => one.GetRawText()).ToList();
        records.Count.ShouldBe(count);
        records.ShouldContain(record);
    }

    [Fact]
    public async Task A_filter_that_matches_no_queue_is_distinguished_from_queues_without_conversations()
    {
        using var service = Service(new LiveGenesys());

        var body = await QueryAsync(service, "/observations?groupBy=none&divisionId=00000000-0000-0000-0000-0000000000d1");

        body.GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem().GetProperty("code").GetString().ShouldBe("no-queue");
    }

    /// <summary>A sum over queues that do not exist is unknown, not zero. In OpenMetrics, a zero would look like an idle queue.</summary>
    [Theory]
    [InlineData("queueId=00000000-0000-0000-0000-000000000009", "unknown-queue", null)]
    [InlineData("divisionId=00000000-0000-0000-0000-0000000000d1", "no-queue", null)]
    [InlineData("queueId=00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000009", "unknown-queue", 1)]
    [InlineData("queueId=00000000-0000-0000-0000-000000000001&mediaType=email", null, 0)]
    [InlineData("queueId=00000000-0000-0000-0000-000000000001&mediaType=chat", null, 0)]
    public async Task A_sum_over_queues_that_do_not_exist_is_unknown(string filter, string? warning, int? waiting)
    {
        using var service = Service(new LiveGenesys());

        var body = await QueryAsync(service, $"/observations?groupBy=none&{filter}");
        var metrics = await service.CreateClient().GetStringAsync(Address($"/observations?groupBy=none&{filter}&format=openmetrics"), TestCancellation);

        (body.GetProperty("records").EnumerateArray().ShouldHaveSingleItem().TryGetProperty("waiting", out var figure) ? figure.GetInt32() : (int?)null).ShouldBe(waiting);
        body.GetProperty("warnings").EnumerateArray().Select(one => one.GetProperty("code").GetString()).ShouldBe(warning is null ? [] : [warning]);
        metrics.Split('\n').Where(line => line.StartsWith("genesys_queue_live_waiting", StringComparison.Ordinal)).ShouldBe(waiting is null ? [] : [$"genesys_queue_live_waiting {waiting}"]);
        metrics.Split('\n').Where(line => line.StartsWith("genesys_queue_live_data_warnings", StringComparison.Ordinal)).ShouldBe(warning is null ? [] : [$"genesys_queue_live_data_warnings{{code=\"{warning}\"}} 1"]);
        metrics.ShouldContain("genesys_queue_live_data_complete 1");
    }

    /// <summary>Simulates a rate limit that delays the requests. The delays stay within the timeouts.</summary>
    [Fact]
    public async Task A_state_that_took_long_to_read_is_stale()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys, new() { ["Genesys:AttemptTimeout"] = "00:10:00", ["Genesys:TotalTimeout"] = "00:20:00", ["Aggregates:Timeout"] = "00:30:00" });
        genesys.Data = (_, _) =>
        {
            Clock(service).Advance(TimeSpan.FromSeconds(9));
            return null;
        };

        var body = await QueryAsync(service, "/observations");

        body.GetProperty("meta").GetProperty("stale").GetBoolean().ShouldBeTrue();
        body.GetProperty("meta").GetProperty("ageMs").GetInt64().ShouldBeGreaterThan(15_000);
        body.GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem().GetProperty("code").GetString().ShouldBe("stale");
    }

    [Theory]
    [InlineData("groupBy=queueId", "groupBy")]
    [InlineData("groupBy=none,queue", "groupBy")]
    [InlineData("mediaType=call", "mediaType")]
    [InlineData("maxAge=-1", "maxAge")]
    [InlineData("partial=maybe", "partial")]
    [InlineData("format=xml", "format")]
    [InlineData("bom=true", "bom")]
    [InlineData("queueId=1", "queueId")]
    [InlineData("last=PT1H", "last")]
    public async Task An_invalid_parameter_is_named(string wrong, string parameter)
    {
        using var service = Service(new LiveGenesys());

        using var response = await service.CreateClient().GetAsync(Address($"/observations?{wrong}"), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonOf(response, HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task The_response_may_be_cached_until_the_state_is_due_and_has_an_ETag()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        var client = service.CreateClient();
        using var first = await client.GetAsync(Address("/observations"), TestCancellation);
        first.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromSeconds(10));
        first.Headers.Vary.ShouldContain("Authorization");

        // The state is read again, and nothing has changed but the time.
        Clock(service).Advance(TimeSpan.FromSeconds(20));
        using var same = await GetAsync(client, first.Headers.ETag!);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        same.Headers.GetValues("X-Data-As-Of").ShouldBe(["2026-11-23T09:15:20Z"]);

        genesys.Since = LiveGenesys.WaitingSince.AddSeconds(30);
        Clock(service).Advance(TimeSpan.FromSeconds(20));
        using var changed = await GetAsync(client, first.Headers.ETag!);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        changed.Headers.ETag.ShouldNotBe(first.Headers.ETag);
    }

    [Fact]
    public async Task Durations_grow_while_the_state_is_the_same()
    {
        var genesys = new LiveGenesys { Queues = 1 };
        using var service = Service(genesys);
        await QueryAsync(service, "/observations?groupBy=none");

        Clock(service).Advance(TimeSpan.FromMilliseconds(4_321));
        var later = await QueryAsync(service, "/observations?groupBy=none");

        later.GetProperty("records")[0].GetProperty("longestWaitMs").GetInt64().ShouldBe(184_321);
        later.GetProperty("meta").GetProperty("ageMs").GetInt64().ShouldBe(4_321);
        genesys.CallCount(LiveGenesys.Conversations).ShouldBe(1);
    }

    internal static RunningService Service(LiveGenesys genesys, Dictionary<string, string>? settings = null) => new() { Upstream = genesys.Upstream, Settings = settings ?? [] };

    internal static FakeTimeProvider Clock(RunningService service) => (FakeTimeProvider)service.Clock;

    internal static Uri Address(string pathAndQuery) => new(pathAndQuery, UriKind.Relative);

    internal static async Task<JsonElement> QueryAsync(RunningService service, string query, HttpClient? client = null)
    {
        using var response = await (client ?? service.CreateClient()).GetAsync(Address(query), TestCancellation);
        return await JsonOf(response);
    }

    internal static async Task<JsonElement> JsonOf(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(TestCancellation);
        response.StatusCode.ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, EntityTagHeaderValue known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("/observations"));
        request.Headers.IfNoneMatch.Add(known);
        return await client.SendAsync(request, TestCancellation);
    }
}
