using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Fetching;

/// <summary>Which metrics count as rejected, for how long, and what responses contain meanwhile. Error texts only suggest what to try first.</summary>
public sealed class UnsupportedMetricTests
{
    private const string Day = "from=2026-11-10&to=2026-11-11&granularity=PT1H";
    private const string Unspecific = "Requested metrics are not supported for aggregate queries in scope CONVERSATION";
    private const string Supported = Unspecific + ". Supported metrics: nBlindTransferred, nConnected, nConsult, nOffered, nOutbound, nOverSla, oServiceLevel, tAbandon, tAcw, tAnswered, tHandle, tNotResponding, tWait";
    private const string FewSupported = Unspecific + ". Try nConnected or tAnswered";
    private const string Mentions = "The query is too complex to compute nOffered, tHandle";

    private static readonly Instant At = Instant.FromUtc(2026, 11, 10, 8, 30);
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 15, 0, TimeSpan.Zero);

    /// <summary>One event per metric and hour for two days.</summary>
    private static readonly FakeEvent[] Events =
    [
        .. from metric in GenesysMetrics.Names
           from hour in Enumerable.Range(0, 48)
           select new FakeEvent(FakeEvents.Queues[0].Id, "voice", At + Duration.FromHours(hour), metric, metric[0] == 'o' ? 1 : 7_000),
    ];

    public static TheoryData<string?> Texts => new(Unspecific, Supported, FewSupported, Mentions, "Value [tScreenMonitoring] is not valid for field type [metrics]", "", null);

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_rejected_metric_that_the_caller_did_not_request_does_not_affect_the_response(string? text)
    {
        var genesys = Rejecting(text, "tScreenMonitoring");
        using var service = Service(genesys);

        var response = await service.QueryAsync($"{Day}&metric=tNotResponding");

        response.Records().ShouldAllBe(record => record["metrics"]!["tNotResponding"]!["count"]!.GetValue<int>() == 1 && record.Number("offered") == 1);
        response.Records().Count.ShouldBe(16);
        response.Warnings().ShouldNotContain("metric-refused");
        response.Meta()["final"]!.GetValue<bool>().ShouldBeTrue();
        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(8);
    }

    [Theory]
    [InlineData("nOffered", "offered", Unspecific)]
    [InlineData("nError", "errors", Supported)]
    [InlineData("tAlert", "alertTimeMs", FewSupported)]
    [InlineData("tContacting", "contactingTimeMs", null)]
    [InlineData("tAlert", "alertTimeMs", Mentions)]
    [InlineData("tAlert", "alertTimeMs", "Value [tAlert] is not valid for field type [metrics]. Allowable values are: nOffered, nError")]
    public async Task Only_the_rejected_metric_is_null_and_no_record_is_final(string metric, string field, string? text)
    {
        var genesys = Rejecting(text, metric);
        using var service = Service(genesys);
        using var client = service.CreateClient();

        using var response = await client.GetAsync(new Uri($"/aggregates?{Day}", UriKind.Relative), TestContext.Current.CancellationToken);
        var result = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();

        result.Meta()["warnings"]!.AsArray().ShouldHaveSingleItem()!.AsObject().Text("message")!.ShouldStartWith($"Genesys rejects {metric} for");
        result.Records().ShouldAllBe(record => record[field] == null && !record["final"]!.GetValue<bool>() && record["complete"]!.GetValue<bool>());
        foreach (var other in new[] { "offered", "errors", "alertTimeMs", "contactingTimeMs", "handled", "abandoned" }.Where(other => other != field))
        {
            result.Records().ShouldAllBe(record => record.Number(other) > 0, other);
        }

        result.Meta()["final"]!.GetValue<bool>().ShouldBeFalse();
        response.Headers.CacheControl!.MaxAge!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(10);
    }

    [Theory]
    [InlineData(Unspecific)]
    [InlineData(Mentions)]
    public async Task Several_rejected_metrics_are_all_found_and_no_others(string text)
    {
        string[] metrics = ["nOffered", "nBlindTransferred", "tAlert", "tContacting"];
        using var service = Service(Rejecting(text, metrics));

        var response = await service.QueryAsync(Day);

        response.Meta()["warnings"]!.AsArray().ShouldHaveSingleItem()!.AsObject().Text("message")!
            .ShouldStartWith("Genesys rejects nBlindTransferred, nOffered, tAlert, tContacting for");
        response.Records().ShouldAllBe(record => record.Number("handled") == 1 && record.Number("totalHandleTimeMs") == 7_000 && record.Number("abandoned") == 1);
    }

    [Theory]
    [InlineData(Unspecific)]
    [InlineData(Mentions)]
    [InlineData(null)]
    public async Task A_rejection_unrelated_to_metrics_is_reported_after_a_few_calls_and_not_learned(string? text)
    {
        var genesys = new FakeGenesysServer { Events = Events, Rejects = _ => FakeGenesysServer.Error(text) };
        using var service = Service(genesys);

        var problem = await service.QueryProblemAsync(Day, 502, "genesys-refused");
        problem["upstream"]!["status"]!.GetValue<int>().ShouldBe(400);
        problem["upstream"]!.AsObject().Text("message").ShouldBe(text);
        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(10);

        genesys.Rejects = _ => null;
        var response = await service.QueryAsync("from=2026-11-11&to=2026-11-12&granularity=PT1H");
        response.Warnings().ShouldBeEmpty();
        response.Records().ShouldAllBe(record => record.Number("offered") == 1 && record["final"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Too_many_metrics_for_one_request_are_requested_in_parts_and_none_counts_as_rejected()
    {
        var genesys = new FakeGenesysServer { Events = Events, Rejects = request => request.Metrics.Count > 12 ? FakeGenesysServer.Error(Mentions) : null };
        using var service = Service(genesys);

        var response = await service.QueryAsync(Day);

        response.Warnings().ShouldBeEmpty();
        response.Meta()["final"]!.GetValue<bool>().ShouldBeTrue();
        response.Records().ShouldAllBe(record => record.Number("offered") == 1 && record.Number("contactingTimeMs") == 7_000 && record.Number("handled") == 1);
    }

    [Fact]
    public async Task A_single_unexplained_rejection_marks_no_metric_as_unsupported()
    {
        var rejections = 0;
        var genesys = new FakeGenesysServer { Events = Events, Rejects = _ => Interlocked.Increment(ref rejections) == 1 ? FakeGenesysServer.Error("Value [nOffered] is not valid for field type [metrics]") : null };
        using var service = Service(genesys);

        var response = await service.QueryAsync(Day);

        response.Warnings().ShouldBeEmpty();
        response.Records().ShouldAllBe(record => record.Number("offered") == 1 && record["final"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_metric_that_is_supported_again_returns_within_an_hour_in_every_slice_that_lacks_it()
    {
        var clock = new FakeTimeProvider(Now);
        var genesys = Rejecting(Unspecific, "nOffered");
        using var service = Service(genesys, clock: clock);
        const string Next = "from=2026-11-11&to=2026-11-12&granularity=PT1H";
        (await service.QueryAsync(Day)).Warnings().ShouldBe(["metric-refused"]);
        clock.Advance(TimeSpan.FromMinutes(50));
        (await service.QueryAsync(Next)).Warnings().ShouldBe(["metric-refused"]);

        genesys.Rejects = _ => null;
        (await service.QueryAsync(Next)).Warnings().ShouldBe(["metric-refused"]);
        clock.Advance(TimeSpan.FromMinutes(11));

        foreach (var query in new[] { Day, Next })
        {
            var response = await service.QueryAsync(query);
            response.Warnings().ShouldBeEmpty();
            response.Meta()["final"]!.GetValue<bool>().ShouldBeTrue();
            response.Records().ShouldAllBe(record => record.Number("offered") == 1 && record["final"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task A_metric_that_stays_rejected_is_tried_once_an_hour_and_not_for_every_slice()
    {
        var clock = new FakeTimeProvider(Now);
        var genesys = Rejecting(Unspecific, "nOffered");
        using var service = Service(genesys, clock: clock);
        const string Days = "from=2026-11-01&to=2026-11-12&granularity=PT1H";
        await service.QueryAsync(Days);
        genesys.Requests.Clear();
        clock.Advance(TimeSpan.FromMinutes(61));

        (await service.QueryAsync(Days)).Warnings().ShouldBe(["metric-refused"]);

        genesys.Requests.Count(request => request.Metrics.Contains("nOffered")).ShouldBe(1);
        genesys.Requests.Count.ShouldBe(12);
    }

    [Fact]
    public async Task A_metric_that_becomes_supported_during_a_fetch_without_it_is_null_in_that_slice_and_not_zero()
    {
        RunningService? service = null;
        var genesys = Rejecting(Unspecific, "nOffered");
        using var running = service = Service(genesys);
        await service.QueryAsync(Day);
        genesys.Rejects = request =>
        {
            service.Services.GetRequiredService<UnsupportedMetrics>().RecordAccepted(["nOffered"], default);
            return null;
        };

        var response = await service.QueryAsync("from=2026-11-11&to=2026-11-12&granularity=PT1H");

        response.Warnings().ShouldBe(["metric-refused"]);
        response.Records().ShouldAllBe(record => record["offered"] == null);
        (await service.QueryAsync("from=2026-11-11&to=2026-11-12&granularity=PT1H")).Records().ShouldAllBe(record => record.Number("offered") == 1);
    }

    [Theory]
    [InlineData(Unspecific)]
    [InlineData("Value [nOutboundAttempted] is not valid for field type [metrics]")]
    public async Task If_a_whole_additional_metric_group_is_rejected_only_its_metrics_are_null(string text)
    {
        var genesys = Rejecting(text, [.. GenesysMetrics.GroupFor("nOutboundAttempted").Metrics]);
        using var service = Service(genesys);

        var response = await service.QueryAsync($"{Day}&metric=nOutboundAttempted");

        response.Warnings().ShouldBe(["metric-refused"]);
        response.Records().ShouldAllBe(record => record["metrics"]!["nOutboundAttempted"] == null && record.Number("offered") == 1);
    }

    [Fact]
    public async Task If_every_standard_metric_is_rejected_the_query_fails()
    {
        using var service = Service(Rejecting(Unspecific, [.. GenesysMetrics.StandardGroup.Metrics]));

        var problem = await service.QueryProblemAsync(Day, 502, "genesys-refused");

        problem["upstream"]!.AsObject().Text("message").ShouldBe(Unspecific);
    }

    /// <summary>Genesys rejects eight concurrent requests before the search for the first of them has found the metric.</summary>
    [Fact]
    public async Task A_query_of_twenty_calls_stays_within_its_budget_even_with_a_metric_search()
    {
        var genesys = Rejecting(Unspecific, "tAlert");
        using var service = Service(genesys);

        var response = await service.QueryAsync("from=2026-10-20&to=2026-11-09&granularity=PT1H&fill=zero&queueId=" + FakeEvents.Queues[0].Id);

        response.Meta()["complete"]!.GetValue<bool>().ShouldBeTrue();
        response.Warnings().ShouldBe(["metric-refused"]);
        genesys.Requests.Count.ShouldBeInRange(20, 40);
    }

    [Theory]
    [InlineData("from=2026-11-10&to=2026-11-11")]
    [InlineData("from=2026-11-10&to=2026-11-11&granularity=PT1H")]
    [InlineData("from=2026-11-09&to=2026-11-16")]
    [InlineData("from=2026-11-09&to=2026-11-16&granularity=P1D")]
    public async Task All_metrics_can_be_requested_at_once(string interval)
    {
        var genesys = Rejecting(Unspecific, "nConversations", "tAgentVideoConnected", "tScreenMonitoring", "tSnippetRecord");
        using var service = Service(genesys);

        var response = await service.QueryAsync($"{interval}&metric={string.Join(',', GenesysMetrics.Names)}");

        response.Warnings().ShouldContain("metric-refused");
        response.Meta()["final"]!.GetValue<bool>().ShouldBeTrue("Genesys rejects these four for most organizations");
        foreach (var record in response.Records())
        {
            record["metrics"]!.AsObject().Where(metric => metric.Value is null).Select(metric => metric.Key).Except(["oServiceTarget"])
                .ShouldBe(["nConversations", "tAgentVideoConnected", "tScreenMonitoring", "tSnippetRecord"], ignoreOrder: true);
        }

        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(40);
    }

    private static FakeGenesysServer Rejecting(string? text, params string[] metrics) => new()
    {
        Events = Events,
        Rejects = request => request.Metrics.Overlaps(metrics) ? FakeGenesysServer.Error(text) : null,
    };

    private static RunningService Service(FakeGenesysServer genesys, TimeProvider? clock = null) => new() { Upstream = genesys.Upstream(), Clock = clock ?? new FakeTimeProvider(Now) };
}
