using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>What callers get if Genesys rejects a request, returns data in an unexpected shape, or omits data.</summary>
public sealed class UnexpectedReplyTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    private const string OneMonthOfDays = "from=2026-09-01&to=2026-10-01&granularity=P1D";

    [Theory]
    [InlineData("tAlert", "alertTimeMs")]
    [InlineData("tHandle", "handled totalHandleTimeMs averageHandleTimeMs longestHandleTimeMs transferRate")]
    [InlineData("nOffered", "totalInteractions offered answerRate abandonRate")]
    [InlineData("tAnswered", "answered answerTimeMs averageSpeedOfAnswerMs answerRate")]
    [InlineData("oServiceLevel", "serviceLevel serviceLevelNumerator serviceLevelDenominator serviceLevelTarget")]
    [InlineData("nTransferred", "transferred transferRate")]
    public async Task A_rejected_metric_is_null_and_never_zero(string metric, string fields)
    {
        var truth = (await organization.TruthAsync(FaultyOrganization.Query)).Records().ToDictionary(Key);

        var response = await QueryRejectingAsync(metric, FaultyOrganization.Query);

        response.Warnings().ShouldContain("metric-refused");
        response.Meta()["complete"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var record in response.Records())
        {
            foreach (var (field, figure) in record)
            {
                var expected = fields.Split(' ').Contains(field) ? null : field == "final" ? JsonValue.Create(false) : truth[Key(record)][field];
                JsonNode.DeepEquals(figure, expected).ShouldBeTrue($"{field} is {figure?.ToJsonString() ?? "null"} without {metric}");
            }
        }
    }

    [Theory]
    [InlineData("tTalk")] // In a separate group
    [InlineData("tAlert")] // In the standard group
    public async Task A_rejected_metric_that_was_requested_has_null_statistics(string metric)
    {
        var response = await QueryRejectingAsync(metric, $"{FaultyOrganization.Query}&metric={metric},nConsult");

        response.Warnings().ShouldContain("metric-refused");
        response.Records().ShouldAllBe(record => record["metrics"]!.AsObject().ContainsKey(metric) && record["metrics"]![metric] == null);
        response.Records().ShouldAllBe(record => record["metrics"]!["nConsult"]!["count"] != null, "the other metrics of its group are requested again");
    }

    [Fact]
    public async Task A_rejected_metric_that_the_query_does_not_need_causes_no_warning()
    {
        var response = await QueryRejectingAsync("tHeld", $"{FaultyOrganization.Query}&metric=tTalk");

        response.Warnings().ShouldNotContain("metric-refused");
        response.Records().ShouldAllBe(record => record["metrics"]!["tTalk"]!["count"] != null);
    }

    [Theory]
    [InlineData(FaultNames.TooLarge, 1)]
    [InlineData(FaultNames.TooLarge, 3)]
    [InlineData(FaultNames.GatewayTimeout, 2)] // The retry takes too long as well
    public async Task A_request_that_is_too_large_is_halved(string fault, int times)
    {
        var response = await organization.QueryAsync(OneMonthOfDays, new SimulatorFault(fault, null, times, FaultyOrganization.Aggregates));

        response.Outcome.ShouldBe("right");
        Intervals().ShouldContain("2026-09-01T00:00:00.000Z/2026-09-16T00:00:00.000Z");
    }

    [Fact]
    public async Task A_size_that_was_too_large_is_not_requested_again()
    {
        var truth = await organization.TruthAsync(OneMonthOfDays);
        organization.Simulator.Faults.Set([new SimulatorFault(FaultNames.TooLarge, null, 1, FaultyOrganization.Aggregates)]);
        using var service = organization.Service();
        (await organization.QueryAsync(service, OneMonthOfDays, truth)).Outcome.ShouldBe("right");
        organization.Simulator.ClearCalls();

        (await organization.QueryAsync(service, $"{OneMonthOfDays}&maxAge=0", truth)).Outcome.ShouldBe("right");

        Intervals().ShouldBe(["2026-09-01T00:00:00.000Z/2026-09-16T00:00:00.000Z", "2026-09-16T00:00:00.000Z/2026-10-01T00:00:00.000Z"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    public async Task Days_with_unexpected_boundaries_are_requested_again_in_hours(string zone)
    {
        var query = $"{OneMonthOfDays}&timeZone={zone}";

        var response = await organization.QueryAsync(query, new SimulatorFault(FaultNames.ForeignBucket, null, 1, FaultyOrganization.Aggregates));

        response.Outcome.ShouldBe("right");
        Requests().Select(body => body.Text("granularity")).Distinct().ShouldBe(["P1D", "PT1H"]);
    }

    [Fact]
    public async Task Hours_with_unexpected_boundaries_are_an_error()
    {
        var response = await organization.QueryAsync(
            "from=2026-10-05&to=2026-10-06&granularity=PT1H", new SimulatorFault(FaultNames.ForeignBucket, null, null, FaultyOrganization.Aggregates));

        response.Outcome.ShouldBe("genesys-refused");
        Requests().ShouldHaveSingleItem("the same request would get the same reply");
    }

    [Fact]
    public async Task A_reply_without_results_means_no_data()
    {
        var response = await QueryWithFaultAsync(new SimulatorFault(FaultNames.MissingResults, null, null, FaultyOrganization.Aggregates), FaultyOrganization.Query);

        response.Records().ShouldBeEmpty();
        response.Meta()["complete"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_group_without_a_queue_is_not_counted()
    {
        const string query = "from=2026-10-05&to=2026-10-06&granularity=PT1H";
        var truth = (await organization.TruthAsync(query)).Records();

        var response = await QueryWithFaultAsync(new SimulatorFault(FaultNames.GroupWithoutQueue, null, null, FaultyOrganization.Aggregates), query);

        var left = response.Records().Select(record => record.ToJsonString()).ToHashSet();
        var lost = truth.Where(record => !left.Contains(record.ToJsonString())).ToList();
        left.Count.ShouldBe(truth.Count - lost.Count, "no record is new");
        lost.Select(record => (record.Text("queueId"), record.Text("mediaType"))).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_unknown_media_type_is_passed_through_and_added_up()
    {
        var whole = await organization.TruthAsync(FaultyOrganization.Query);

        var response = await QueryWithFaultAsync(new SimulatorFault(FaultNames.UnknownMediaType, "hologram", null, FaultyOrganization.Aggregates), FaultyOrganization.Query);

        response.Records().ShouldContain(record => record.Text("mediaType") == "hologram");
        foreach (var field in new[] { "offered", "handled", "totalHandleTimeMs", "waitTimeMs", "serviceLevelDenominator" })
        {
            SumsOf(response, field).ShouldBe(SumsOf(whole, field), ignoreOrder: true, field);
        }

        static IEnumerable<(string? QueueId, double? Sum)> SumsOf(JsonObject body, string field) =>
            body.Records().GroupBy(record => record.Text("queueId"), record => record.Number(field)).Select(queue => (queue.Key, (double?)queue.Sum()));
    }

    private Task<JsonObject> QueryRejectingAsync(string metric, string query) =>
        QueryWithFaultAsync(new SimulatorFault(FaultNames.RefusedMetric, metric, null, FaultyOrganization.Aggregates), query);

    private async Task<JsonObject> QueryWithFaultAsync(SimulatorFault fault, string query)
    {
        organization.Simulator.Faults.Set([fault]);
        using var service = organization.Service();
        var response = await service.QueryAsync(query);
        organization.Simulator.Faults.Clear();
        return response;
    }

    private IReadOnlyList<JsonObject> Requests() =>
        [.. organization.Simulator.Calls
            .Where(call => call.Path.StartsWith(FaultyOrganization.Aggregates, StringComparison.Ordinal))
            .Select(call => JsonNode.Parse(call.Body)!.AsObject())];

    private IEnumerable<string> Intervals() => Requests().Select(body => body.Text("interval")!);

    private static (string?, string?) Key(JsonObject record) => (record.Text("queueId"), record.Text("mediaType"));
}
