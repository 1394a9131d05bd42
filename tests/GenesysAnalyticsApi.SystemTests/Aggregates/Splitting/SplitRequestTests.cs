using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Aggregates.Formats.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Splitting;

/// <summary>How many Genesys requests a split needs, and how requests, formats and errors name its dimensions.</summary>
public sealed class SplitRequestTests
{
    private const string Days = "/aggregates?from=2026-11-16&to=2026-11-18&granularity=P1D";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_split_has_separate_slices_which_all_queries_with_that_split_share()
    {
        await using var organization = await SimulatedService.StartAsync();

        (await CallsOfAsync("")).ShouldBeGreaterThan(0);
        (await CallsOfAsync("&groupBy=direction")).ShouldBeGreaterThan(0);
        (await CallsOfAsync("&groupBy=queueId,direction&mediaType=voice")).ShouldBe(0);
        (await CallsOfAsync("&groupBy=messageType")).ShouldBeGreaterThan(0);
        (await CallsOfAsync("&messageType=whatsapp")).ShouldBe(0);
        (await CallsOfAsync("&groupBy=messageType,direction")).ShouldBeGreaterThan(0);
        (await CallsOfAsync("&groupBy=mediaType&fill=zero")).ShouldBe(0);

        Task<int> CallsOfAsync(string query) => organization.CallsOfAsync(() => organization.QueryAsync(Days + query));
    }

    [Theory]
    [InlineData("", """["queueId","mediaType"]""")]
    [InlineData("&groupBy=divisionId", """["queueId","mediaType"]""")]
    [InlineData("&direction=inbound", """["queueId","mediaType"]""")]
    [InlineData("&groupBy=direction", """["queueId","mediaType","originatingDirection"]""")]
    [InlineData("&messageType=sms", """["queueId","mediaType","messageType"]""")]
    [InlineData("&groupBy=direction,messageType", """["queueId","mediaType","messageType","originatingDirection"]""")]
    public async Task The_plan_shows_the_dimensions_of_each_request(string query, string groupBy)
    {
        await using var organization = await SimulatedService.StartAsync();

        var plan = await organization.QueryAsync($"{Days}{query}&explain=true");

        var bodies = plan.GetProperty("slices").EnumerateArray().SelectMany(slice => slice.GetProperty("bodies").EnumerateArray()).ToList();
        bodies.ShouldNotBeEmpty();
        bodies.ShouldAllBe(body => body.GetProperty("groupBy").GetRawText() == groupBy);
    }

    [Fact]
    public async Task A_query_for_few_queues_does_not_change_how_all_queues_are_requested()
    {
        await using var organization = await SimulatedService.StartAsync(
            new() { Queues = 12, RequestsPerMinute = 1_000_000, RowLimit = 1_000 }, new() { ["Auth:AnonymousScopes"] = "read, agents" });

        // A day of all agents is too large for one reply, and requesting the two queues by id takes fewer requests.
        await organization.QueryAsync("/aggregates?from=2026-11-16&to=2026-11-18&granularity=PT1H&groupBy=userId&queue=Billing*");
        var all = await organization.QueryAsync("/aggregates?from=2026-11-10&to=2026-11-12&granularity=PT1H&groupBy=userId");

        all.GetProperty("meta").GetProperty("final").GetBoolean().ShouldBeTrue(all.GetProperty("meta").ToString());
        all.GetProperty("meta").GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()).ShouldNotContain("known-queues-only");
    }

    [Fact]
    public async Task Only_a_query_with_message_type_or_direction_has_their_members_in_its_response()
    {
        await using var organization = await SimulatedService.StartAsync();

        var response = await organization.QueryAsync($"{Days}&direction=inbound");
        var split = await organization.QueryAsync($"{Days}&groupBy=queueId,messageType,direction&messageType=sms,WhatsApp");

        Names(response.GetProperty("query")).ShouldBe("interval granularity timeZone queueIds mediaTypes direction serviceLevelThresholdMs groupBy hours weekdays compare compareInterval");
        Names(response.GetProperty("records")[0]).ShouldStartWith("queueId queueName mediaType from to localFrom totalInteractions ");
        Names(split.GetProperty("records")[0]).ShouldStartWith("queueId queueName mediaType messageType direction from to localFrom totalInteractions ");
        split.GetProperty("query").GetProperty("messageTypes").GetRawText().ShouldBe("""["sms","whatsapp"]""");
        split.GetProperty("query").GetProperty("groupBy").GetRawText().ShouldBe("""["queueId","messageType","direction"]""");
    }

    [Fact]
    public async Task Every_format_contains_the_dimensions()
    {
        await using var organization = await SimulatedService.StartAsync();
        var query = $"{Days}&groupBy=queueId,mediaType,messageType,direction";
        var expected = FormatReader.Json(await BodyAsync("json"));

        expected.Select(record => record["messageType"]).Distinct().Count().ShouldBeGreaterThan(3);
        FormatReader.Ndjson(await BodyAsync("ndjson")).Select(Labels).ShouldBe(expected.Select(Labels));
        FormatReader.Csv(await BodyAsync("csv")).Select(Labels).ShouldBe(expected.Select(Labels));
        FormatReader.Parquet(await BodyAsync("parquet")).Select(Labels).ShouldBe(expected.Select(Labels));
        FormatReader.Sheet(await BodyAsync("xlsx"), 1)[0].ShouldContain("messageType");
        var series = FormatReader.OpenMetrics(await BodyAsync("openmetrics"));
        series.Keys.ShouldContain(name => name.StartsWith("genesys_queue_offered{", StringComparison.Ordinal) && name.Contains("message_type=\"whatsapp\",direction=\"inbound\"", StringComparison.Ordinal));
        Encoding.UTF8.GetString(await BodyAsync("table")).Split('\n')[0].ShouldContain("MEDIA TYPE  MESSAGE TYPE  DIRECTION  FROM");

        async Task<byte[]> BodyAsync(string format) => await organization.Client.GetByteArrayAsync(new Uri($"{query}&format={format}", UriKind.Relative), TestCancellation);

        static string Labels(Dictionary<string, string?> record) =>
            $"{record.GetValueOrDefault("mediaType")} {record.GetValueOrDefault("messageType")} {record.GetValueOrDefault("direction")} {record["from"]} {record["offered"]}";
    }

    [Fact]
    public async Task A_query_in_a_body_has_the_same_response_as_in_a_query_string()
    {
        await using var organization = await SimulatedService.StartAsync();
        using var body = new StringContent("""{"from":"2026-11-16","to":"2026-11-18","groupBy":["direction","messageType"],"messageType":["SMS"]}""", Encoding.UTF8, "application/json");

        using var posted = await organization.Client.PostAsync(new Uri("/aggregates/query", UriKind.Relative), body, TestCancellation);

        var got = await organization.QueryAsync("/aggregates?from=2026-11-16&to=2026-11-18&groupBy=direction,messageType&messageType=SMS");
        (await posted.Content.ReadAsStringAsync(TestCancellation)).ShouldBe(got.GetRawText());
    }

    [Theory]
    [InlineData("groupBy=originatingDirection", "groupBy", "Did you mean 'direction'?")]
    [InlineData("groupBy=messageTypes", "groupBy", "Did you mean 'messageType'?")]
    [InlineData("groupBy=mesageType", "groupBy", "Did you mean 'messageType'?")]
    [InlineData("groupBy=none,direction", "groupBy", "a subset of queueId, mediaType, divisionId, messageType, direction, userId, wrapUpCode.")]
    [InlineData("messageTypes=sms", "messageTypes", "Did you mean 'messageType'?")]
    [InlineData("messageType=whats%20app", "messageType", "'whats app' is not a message type: use one word, such as webmessaging, whatsapp or sms.")]
    [InlineData("messageType=", "messageType", "'' is not a message type")]
    [InlineData("sort=direction", "sort", "'direction' needs 'groupBy' with direction, which adds it to the records.")]
    [InlineData("sort=userName", "sort", "'userName' needs 'groupBy' with userId, which adds it to the records.")]
    [InlineData("sort=wrapUpCodeName&groupBy=direction", "sort", "'wrapUpCodeName' needs 'groupBy' with wrapUpCode")]
    [InlineData("groupBy=agent", "groupBy", "Did you mean 'userId'?")]
    [InlineData("groupBy=disposition", "groupBy", "Did you mean 'wrapUpCode'?")]
    [InlineData("userId=anna", "userId", "'anna' is not a user id (a GUID). Select agents by name with user=Anna*.")]
    [InlineData("user=%20", "user", "is not a user name: give an exact name, or a pattern with *.")]
    [InlineData("wrapUpCode=a,,b", "wrapUpCode", "'' is not a wrap-up code. Give an id from GET /wrapup-codes, or one of Genesys' own codes, such as ININ-WRAP-UP-TIMEOUT.")]
    [InlineData("sort=-messageType&groupBy=direction", "sort", "'-messageType' needs 'groupBy' with messageType, which adds it to the records.")]
    public async Task An_invalid_dimension_is_400_and_the_error_says_what_is_accepted(string query, string name, string message)
    {
        using var service = new RunningService();
        using var client = service.CreateClient();

        using var response = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation)).GetProperty("errors");
        errors.GetProperty(name)[0].GetString()!.ShouldContain(message);
    }

    [Fact]
    public async Task Records_are_sorted_by_the_dimensions_within_a_bucket_and_on_request()
    {
        await using var organization = await SimulatedService.StartAsync();

        var usual = await organization.QueryAsync($"{Days}&groupBy=messageType,direction&fill=zero");
        var byType = await organization.QueryAsync($"{Days}&groupBy=messageType,direction&sort=-messageType,direction,from");

        var types = usual.GetProperty("records").EnumerateArray().Select(record => (From: record.GetProperty("from").GetString(), Type: record.GetProperty("messageType").GetString(), Direction: record.GetProperty("direction").GetString())).ToList();
        types.ShouldBe(types.OrderBy(one => one.From, StringComparer.Ordinal).ThenBy(one => one.Type is null).ThenBy(one => one.Type, StringComparer.Ordinal).ThenBy(one => one.Direction, StringComparer.Ordinal));
        var sorted = byType.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("messageType").GetString()).ToList();
        sorted.ShouldBe(sorted.OrderBy(type => type is null).ThenByDescending(type => type, StringComparer.Ordinal));
        sorted[^1].ShouldBeNull();
    }

    private static string Names(JsonElement value) => string.Join(' ', value.EnumerateObject().Select(member => member.Name));
}
