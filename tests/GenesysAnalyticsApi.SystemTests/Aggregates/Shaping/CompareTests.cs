using System.Text.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Shaping;

/// <summary><c>compare</c> adds to each record the record of an earlier interval.</summary>
public sealed class CompareTests
{
    private static readonly string[] Labels = ["queueId", "queueName", "divisionId", "divisionName", "mediaType"];

    [Theory]
    [InlineData("period=today", "previous", "2026-11-22T00:00:00Z/2026-11-22T09:15:00Z")]
    [InlineData("period=yesterday", "previous", "2026-11-21T00:00:00Z/2026-11-22T00:00:00Z")]
    [InlineData("period=last-week&metric=tAlert,nConsult", "previous", "2026-11-09T00:00:00Z/2026-11-16T00:00:00Z")]
    [InlineData("period=this-month&mediaType=voice", "previous", "2026-10-01T00:00:00Z/2026-10-23T09:15:00Z")]
    [InlineData("last=PT24H", "previous", "2026-11-21T09:15:00Z/2026-11-22T09:15:00Z")]
    [InlineData("from=2026-11-10&to=2026-11-12", "previous-week", "2026-11-03T00:00:00Z/2026-11-05T00:00:00Z")]
    [InlineData("from=2026-11-10&to=2026-11-12&groupBy=mediaType&hours=08:00-18:00", "previous-year", "2025-11-10T00:00:00Z/2025-11-12T00:00:00Z")]
    public async Task Previous_equals_the_response_to_a_query_for_the_compared_interval(string query, string compare, string interval)
    {
        await using var organization = await SimulatedService.StartAsync();

        var compared = await organization.QueryAsync($"/aggregates?{query}&compare={compare}&totals=true");

        compared.GetProperty("query").GetProperty("compare").GetString().ShouldBe(compare);
        compared.GetProperty("query").GetProperty("compareInterval").GetString().ShouldBe(interval);
        var others = string.Join('&', query.Split('&').Where(part => part.Split('=')[0] is not ("period" or "last" or "from" or "to")));
        var (now, before) = (await organization.QueryAsync($"/aggregates?{query}"), await organization.QueryAsync($"/aggregates?interval={interval}&totals=true&{others}"));
        ShouldBeUnion(compared, now, before);
        Previous(compared.GetProperty("totals")).ShouldBe(Unlabeled(before.GetProperty("totals")));
    }

    [Theory]
    [InlineData("period=last-week&granularity=P1D", "previous")]
    [InlineData("period=yesterday&granularity=PT1H&fill=zero", "previous-week")]
    [InlineData("from=2026-11-01&to=2026-11-03&granularity=PT6H", "previous")]
    public async Task Buckets_are_paired_by_local_time(string query, string compare)
    {
        await using var organization = await SimulatedService.StartAsync();

        var compared = await organization.QueryAsync($"/aggregates?{query}&compare={compare}&timeZone=Europe/Berlin");

        var interval = compared.GetProperty("query").GetProperty("compareInterval").GetString();
        var others = string.Join('&', query.Split('&').Where(part => part.Split('=')[0] is not ("period" or "from" or "to")));
        var before = await organization.QueryAsync($"/aggregates?interval={interval}&timeZone=Europe/Berlin&{others}");
        var known = before.GetProperty("records").EnumerateArray().ToDictionary(record => Key(record, record.GetProperty("localFrom").GetString()!), Unlabeled);
        var shown = compared.GetProperty("records").EnumerateArray().Where(record => record.GetProperty("previous").ValueKind == JsonValueKind.Object).ToList();
        foreach (var record in shown)
        {
            var start = record.GetProperty("previous").GetProperty("localFrom").GetString()!;
            start[11..].ShouldBe(record.GetProperty("localFrom").GetString()![11..]);
            if (known.Remove(Key(record, start), out var expected))
            {
                Previous(record).ShouldBe(expected);
            }
            else
            {
                record.GetProperty("previous").GetProperty("offered").GetInt64().ShouldBe(0);
            }
        }

        known.ShouldBeEmpty("every record of the compared interval is shown");
    }

    [Fact]
    public async Task An_hour_that_occurs_on_only_one_of_the_days_has_no_previous_record()
    {
        await using var organization = await SimulatedService.StartAsync();
        const string Hours = "/aggregates?timeZone=Europe/Berlin&granularity=PT1H&groupBy=none&fill=zero";

        // On October 25, the hour from 02:00 to 03:00 occurs twice.
        var longer = await organization.QueryAsync($"{Hours}&from=2026-10-25&to=2026-10-26&compare=previous");
        longer.GetProperty("records").GetArrayLength().ShouldBe(25);
        var alone = longer.GetProperty("records").EnumerateArray().Single(record => record.GetProperty("previous").ValueKind == JsonValueKind.Null);
        alone.GetProperty("from").GetString().ShouldBe("2026-10-25T01:00:00Z");

        var shorter = await organization.QueryAsync($"{Hours}&from=2026-10-26&to=2026-10-27&compare=previous&totals=true");
        shorter.GetProperty("records").GetArrayLength().ShouldBe(24);
        shorter.GetProperty("meta").GetProperty("warnings").EnumerateArray().Single(warning => warning.GetProperty("code").GetString() == "compare-unpaired")
            .GetProperty("message").GetString()!.ShouldContain("2026-10-25T01:00:00Z");
        var day = await organization.QueryAsync("/aggregates?timeZone=Europe/Berlin&groupBy=none&from=2026-10-25&to=2026-10-26");
        shorter.GetProperty("totals").GetProperty("previous").GetProperty("offered").GetInt64().ShouldBe(day.GetProperty("records")[0].GetProperty("offered").GetInt64());
    }

    [Fact]
    public async Task A_failed_slice_of_the_compared_interval_is_in_the_metadata()
    {
        await using var organization = await SimulatedService.StartAsync();
        await organization.QueryAsync("/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H");
        organization.Simulator.Faults.Add(FaultNames.ForeignBucket, times: 100);

        var compared = await organization.QueryAsync("/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H&compare=previous");

        var meta = compared.GetProperty("meta");
        meta.GetProperty("complete").GetBoolean().ShouldBeFalse();
        meta.GetProperty("failedSlices")[0].GetProperty("from").GetString().ShouldBe("2026-11-09T00:00:00Z");
        var record = compared.GetProperty("records")[0];
        record.GetProperty("complete").GetBoolean().ShouldBeTrue();
        record.GetProperty("previous").GetProperty("complete").GetBoolean().ShouldBeFalse();
        await organization.Service.QueryProblemAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H&compare=previous&partial=deny", 502, "genesys-refused");
    }

    [Fact]
    public async Task The_plan_and_its_limits_cover_both_intervals()
    {
        await using var organization = await SimulatedService.StartAsync(settings: new() { ["Aggregates:AsyncAboveCalls"] = "9" });
        const string Query = "from=2026-11-10&to=2026-11-15&granularity=PT1H";

        (await organization.QueryAsync($"/aggregates?{Query}&explain=true")).GetProperty("calls").GetInt32().ShouldBe(5);
        var plan = await organization.QueryAsync($"/aggregates?{Query}&compare=previous&explain=true");
        plan.GetProperty("calls").GetInt32().ShouldBe(10);
        plan.GetProperty("slices")[0].GetProperty("from").GetString().ShouldBe("2026-11-05T00:00:00Z");
        (await organization.Service.QueryProblemAsync($"{Query}&compare=previous", 422, "too-wide")).Text("detail")!.ShouldContain("about 10 Genesys requests");
    }

    [Theory]
    [InlineData("compare=yesterday", "use one of previous, previous-week, previous-year")]
    [InlineData("compare=previous-year&from=2026-11-09&to=2026-11-16&granularity=P1W", "granularity=P1W")]
    [InlineData("compare=previous-week&from=2026-10-01&to=2026-11-01&granularity=P1M", "granularity=P1M")]
    [InlineData("compare=previous-year&from=2012-06-01&to=2012-06-02", "too long ago")]
    public async Task Impossible_comparisons_are_explained(string query, string message)
    {
        using var service = new RunningService { Clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(SimulatedService.Monday) };

        var problem = await service.QueryProblemAsync(query, 400, "invalid-request");

        problem["errors"]!["compare"]![0]!.GetValue<string>().ShouldContain(message);
    }

    /// <summary>Every record of either interval is present, with zeros on the side without data.</summary>
    private static void ShouldBeUnion(JsonElement compared, JsonElement now, JsonElement before)
    {
        var records = compared.GetProperty("records").EnumerateArray().ToDictionary(record => Key(record, ""));
        var (current, previous) = (ByKey(now), ByKey(before));
        records.Keys.ShouldBe(current.Keys.Union(previous.Keys), ignoreOrder: true);
        previous.Count.ShouldBeGreaterThan(0);
        foreach (var (key, record) in records)
        {
            if (current.TryGetValue(key, out var own))
            {
                WithoutPrevious(record).ShouldBe(own.ToString());
            }
            else
            {
                (record.GetProperty("offered").GetInt64(), record.GetProperty("averageHandleTimeMs").ValueKind).ShouldBe((0, JsonValueKind.Null));
            }

            if (previous.TryGetValue(key, out var earlier))
            {
                Previous(record).ShouldBe(Unlabeled(earlier));
            }
            else
            {
                record.GetProperty("previous").GetProperty("offered").GetInt64().ShouldBe(0);
            }
        }
    }

    private static Dictionary<string, JsonElement> ByKey(JsonElement response) => response.GetProperty("records").EnumerateArray().ToDictionary(record => Key(record, ""));

    private static string Key(JsonElement record, string start) => $"{record.GetProperty("queueId")}|{record.GetProperty("mediaType")}|{start}";

    private static string Previous(JsonElement record) => record.GetProperty("previous").ToString();

    private static string WithoutPrevious(JsonElement record) => Without(record, ["previous"]);

    private static string Unlabeled(JsonElement record) => Without(record, Labels);

    private static string Without(JsonElement record, string[] names)
    {
        var node = JsonNode.Parse(record.ToString())!.AsObject();
        foreach (var name in names)
        {
            node.Remove(name);
        }

        return node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
