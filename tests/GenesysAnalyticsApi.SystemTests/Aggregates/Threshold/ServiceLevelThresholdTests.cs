using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Threshold;

/// <summary>The figures for a caller's own threshold, from the whole service in front of the simulator.</summary>
public sealed class ServiceLevelThresholdTests
{
    private const string Day = "/aggregates?from=2026-11-18&to=2026-11-19";

    private static readonly DateTimeOffset From = new(2026, 11, 18, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(3_000)]
    [InlineData(20_000)]
    [InlineData(604_800_000)]
    public async Task The_figures_equal_those_counted_from_the_simulated_conversations(int threshold)
    {
        await using var service = await SimulatedService.StartAsync();

        var response = await service.QueryAsync($"{Day}&serviceLevelThresholdMs={threshold}");

        var records = Records(response);
        records.Length.ShouldBeGreaterThan(10);
        foreach (var record in records)
        {
            var (queue, media) = (record.GetProperty("queueId").GetGuid(), record.GetProperty("mediaType").GetString()!);
            var figures = service.Simulator.World.Figures(queue, media, From, From.AddDays(1), SimulatedService.Monday, atMost: threshold);
            long? expected = record.GetProperty("answered").ValueKind == JsonValueKind.Null ? null : figures.TryGetValue("tAnswered", out var answers) ? answers.Count : 0;
            Whole(record, "answeredWithin").ShouldBe(expected);
            Number(record, "serviceLevelWithin").ShouldBe(Number(record, "serviceLevelDenominator") is > 0 and var denominator ? expected / denominator : null);
        }

        records.Sum(record => Whole(record, "answeredWithin") ?? 0).ShouldBeGreaterThan(0);
        response.GetProperty("query").GetProperty("serviceLevelThresholdMs").GetInt32().ShouldBe(threshold);
        // One simulated queue was deleted.
        response.GetProperty("meta").GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()).ShouldBe(["queue-name-unknown"]);
        response.GetProperty("meta").GetProperty("final").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task With_the_threshold_of_the_queues_serviceLevelWithin_equals_their_serviceLevel()
    {
        await using var service = await SimulatedService.StartAsync();

        // All simulated voice queues have a threshold of 20 s.
        var records = Records(await service.QueryAsync($"{Day}&mediaType=voice&granularity=PT1H&serviceLevelThresholdMs=20000"));

        records.Count(record => Number(record, "serviceLevel") is > 0 and < 1).ShouldBeGreaterThan(20);
        records.ShouldAllBe(record => Number(record, "serviceLevelWithin") == Number(record, "serviceLevel"));
        records.ShouldAllBe(record => Whole(record, "answeredWithin") == Whole(record, "answered") - Whole(record, "overServiceLevel"));
    }

    [Fact]
    public async Task Hours_and_queues_add_up_and_a_longer_threshold_has_more_answers()
    {
        await using var service = await SimulatedService.StartAsync();
        long last = -1;
        foreach (var threshold in new[] { 5_000, 20_000, 60_000, 604_800_000 })
        {
            var all = Records(await service.QueryAsync($"{Day}&groupBy=none&serviceLevelThresholdMs={threshold}")).ShouldHaveSingleItem();
            var hours = Records(await service.QueryAsync($"{Day}&granularity=PT1H&serviceLevelThresholdMs={threshold}"));

            var total = Whole(all, "answeredWithin").ShouldNotBeNull();
            hours.Sum(record => Whole(record, "answeredWithin") ?? 0).ShouldBe(total);
            Number(all, "serviceLevelWithin").ShouldBe(total / Number(all, "serviceLevelDenominator"));
            total.ShouldBeGreaterThan(last);
            last = total;
            (total == Whole(all, "answered")).ShouldBe(threshold == 604_800_000);
        }
    }

    [Fact]
    public async Task Records_have_the_fields_only_if_requested_and_their_other_fields_are_the_same()
    {
        await using var service = await SimulatedService.StartAsync();

        var plain = await service.QueryAsync($"{Day}&metric=tAnswered");
        var within = await service.QueryAsync($"{Day}&metric=tAnswered&serviceLevelThresholdMs=20000");

        plain.GetProperty("query").GetProperty("serviceLevelThresholdMs").ValueKind.ShouldBe(JsonValueKind.Null);
        Records(plain).SelectMany(record => record.EnumerateObject()).ShouldNotContain(field => field.Name.EndsWith("Within", StringComparison.Ordinal));
        Records(within).Select(record => string.Join(',', record.EnumerateObject().Where(field => !field.Name.EndsWith("Within", StringComparison.Ordinal))))
            .ShouldBe(Records(plain).Select(record => string.Join(',', record.EnumerateObject())));
    }

    [Fact]
    public async Task Standard_slices_are_shared_by_all_thresholds_and_the_slices_of_one_threshold_by_all_its_queries()
    {
        await using var service = await SimulatedService.StartAsync();
        const string Hours = $"{Day}&granularity=PT1H";

        (await CallsAsync(Hours)).ShouldBe(1);
        (await CallsAsync($"{Hours}&serviceLevelThresholdMs=20000")).ShouldBe(1);
        (await CallsAsync($"{Hours}&serviceLevelThresholdMs=20000&mediaType=voice&groupBy=none")).ShouldBe(0);
        (await CallsAsync($"{Day}&granularity=PT6H&serviceLevelThresholdMs=20000&groupBy=queueId")).ShouldBe(0);
        (await CallsAsync($"{Hours}&serviceLevelThresholdMs=30000")).ShouldBe(1);
        (await CallsAsync($"{Hours}&groupBy=none")).ShouldBe(0);

        Task<int> CallsAsync(string query) => service.CallsOfAsync(() => service.QueryAsync(query));
    }

    [Fact]
    public async Task Explain_shows_the_body_with_its_view_and_counts_its_request()
    {
        await using var service = await SimulatedService.StartAsync();
        const string Query = $"{Day}&granularity=PT1H&serviceLevelThresholdMs=20000";

        var plan = await service.QueryAsync($"{Query}&explain=true");

        plan.GetProperty("calls").GetInt32().ShouldBe(2);
        var slice = plan.GetProperty("slices").EnumerateArray().Single(slice => slice.GetProperty("metricGroup").GetString() == "within-20000");
        var body = slice.GetProperty("bodies").EnumerateArray().ShouldHaveSingleItem();
        body.GetProperty("metrics").GetRawText().ShouldBe("""["tAnswered"]""");
        body.GetProperty("views").GetRawText().ShouldBe("""[{"target":"tAnswered","function":"rangeBound","name":"answeredWithin","range":{"lt":20001}}]""");
        (await service.CallsOfAsync(() => service.QueryAsync(Query))).ShouldBe(2);

        // The bodies are compared as JSON, because the official SDK writes the bound as 20001.0.
        service.Simulator.Calls.Where(call => call.Body.StartsWith('{')).ShouldContain(call => JsonElement.DeepEquals(JsonElement.Parse(call.Body), body));
        (await service.QueryAsync($"{Query}&explain=true")).GetProperty("calls").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_caller_sees_the_figures_of_its_own_queues_only()
    {
        var keys = new IssuedKeys().Add("all").Add("limited", ("Queues:0", "B*"), ("Queues:1", "S*"));
        await using var service = await SimulatedService.StartAsync(settings: keys.Settings);
        using var all = keys.Of("all", service.Service);
        using var limited = keys.Of("limited", service.Service);
        const string Query = $"{Day}&serviceLevelThresholdMs=20000";

        var whole = Records(await service.QueryAsync(Query, all));
        var own = Records(await service.QueryAsync(Query, limited));
        var total = Records(await service.QueryAsync($"{Query}&groupBy=none", limited)).ShouldHaveSingleItem();
        var plan = await service.QueryAsync($"{Query}&explain=true&maxAge=0", limited);

        own.Length.ShouldBeInRange(1, whole.Length - 1);
        own.Select(record => record.GetRawText()).ShouldBe(whole.Where(record => record.GetProperty("queueName").GetString() is ['B' or 'S', ..]).Select(record => record.GetRawText()));
        Whole(total, "answeredWithin").ShouldBe(own.Sum(record => Whole(record, "answeredWithin") ?? 0));
        var ids = own.Select(record => record.GetProperty("queueId").GetString()!).ToHashSet();
        var body = plan.GetProperty("slices").EnumerateArray().Single(slice => slice.GetProperty("metricGroup").GetString() == "within-20000").GetProperty("bodies")[0].GetRawText();
        whole.Select(record => record.GetProperty("queueId").GetString()!).Distinct().ShouldAllBe(id => body.Contains(id) == ids.Contains(id));
    }

    private static JsonElement[] Records(JsonElement response) => [.. response.GetProperty("records").EnumerateArray()];

    private static long? Whole(JsonElement record, string field) => record.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static double? Number(JsonElement record, string field) => record.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
