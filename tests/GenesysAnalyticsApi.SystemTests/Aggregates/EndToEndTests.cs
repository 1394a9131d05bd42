using System.Globalization;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Tests everything around the figures: headers, order, names, divisions and the log.</summary>
public sealed partial class EndToEndTests
{
    private const string Yesterday = "from=2026-11-22&to=2026-11-23";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_headers_report_the_cost_of_the_request()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));
        await using var simulator = await GenesysSimulator.Simulator.StartAsync(new SimulatorSettings { Queues = 3, Volume = 0.1 }, clock, Cancellation);
        using var service = InFrontOf(simulator, clock);
        using var client = service.CreateClient();

        using var response = await client.GetAsync(new Uri("/aggregates?from=2026-11-19T22:00Z&to=2026-11-22T06:00Z", UriKind.Relative), Cancellation);

        response.EnsureSuccessStatusCode();
        var requests = simulator.Calls.Where(call => call.Path.EndsWith("/aggregates/query", StringComparison.Ordinal)).ToList();
        var slices = requests.Count; // Hours at the start, two unsettled days, hours at the end
        slices.ShouldBe(4);
        response.Headers.GetValues("X-Slices").Single().ShouldBe("cached=0, fetched=4, stale=0, failed=0");
        var upstream = UpstreamHeader().Match(response.Headers.GetValues("X-Upstream").Single());
        int.Parse(upstream.Groups["calls"].Value, CultureInfo.InvariantCulture).ShouldBe(slices);
        int.Parse(upstream.Groups["used"].Value, CultureInfo.InvariantCulture)
            .ShouldBe(simulator.Calls.Count(call => call.Path.StartsWith("/api/", StringComparison.Ordinal)), "the queue listing counts as well");
        upstream.Groups["allowed"].Value.ShouldBe("300");
        int.Parse(upstream.Groups["reset"].Value, CultureInfo.InvariantCulture).ShouldBeInRange(1, 61);
        response.Headers.GetValues("Server-Timing").Single().ShouldMatch(@"^total;dur=\d+\.\d$");
        (response.Headers.CacheControl!.Private, response.Headers.CacheControl.MaxAge >= TimeSpan.FromSeconds(5)).ShouldBe((true, true));
    }

    [Fact]
    public async Task Retries_and_failed_slices_are_counted_in_the_headers()
    {
        var clock = new FastClock(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero), speed: 40);
        await using var simulator = await GenesysSimulator.Simulator.StartAsync(new SimulatorSettings { Queues = 3, Volume = 0.1 }, clock, Cancellation);
        simulator.Faults.Add(FaultNames.ServerError, times: 2, path: "/api/v2/analytics");
        simulator.Faults.Add(FaultNames.ForeignBucket, times: 3);
        using var service = InFrontOf(simulator, clock);
        using var client = service.CreateClient();

        using var response = await client.GetAsync(new Uri("/aggregates?from=2026-11-18&to=2026-11-22&granularity=PT1H", UriKind.Relative), Cancellation);

        response.EnsureSuccessStatusCode();
        var failed = int.Parse(FailedHeader().Match(response.Headers.GetValues("X-Slices").Single()).Groups[1].Value, CultureInfo.InvariantCulture);
        failed.ShouldBeInRange(1, 3);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue("the missing part may be available immediately");
        var calls = simulator.Calls.Count(call => call.Path.EndsWith("/aggregates/query", StringComparison.Ordinal));
        response.Headers.GetValues("X-Upstream").Single().ShouldStartWith($"calls={calls}, ");
        calls.ShouldBe(4 + 2);
    }

    [Fact]
    public async Task Replies_are_requested_compressed_and_as_JSON()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));
        await using var simulator = await GenesysSimulator.Simulator.StartAsync(new SimulatorSettings { Queues = 2, Volume = 0.1 }, clock, Cancellation);
        using var service = InFrontOf(simulator, clock);

        await service.QueryAsync(Yesterday);

        var api = simulator.Calls.Where(call => call.Path.StartsWith("/api/", StringComparison.Ordinal)).ToList();
        api.ShouldNotBeEmpty();
        api.ShouldAllBe(call => call.Headers["Accept-Encoding"].Contains("gzip") && call.Headers["Accept"] == "application/json");
    }

    [Fact]
    public async Task The_request_log_line_contains_the_numbers_of_rows_slices_and_calls()
    {
        using var service = new RunningService { Upstream = Traffic().Upstream() };

        var response = await service.QueryAsync(Yesterday);

        var line = RecordedLog.Text(await service.Log.NextRequestAsync());
        line.ShouldContain($"Rows={response.Records().Count}");
        line.ShouldContain("Slices=1");
        line.ShouldContain("UpstreamCalls=1");
    }

    [Fact]
    public async Task Records_are_ordered_by_name_media_type_and_time()
    {
        var genesys = Traffic();
        using var service = new RunningService { Upstream = genesys.Upstream() };

        var rows = (await service.QueryAsync($"{Yesterday}&granularity=PT12H"))
            .Records().Select(record => $"{record.Text("queueName") ?? "-"} {record.Text("mediaType")} {record.Text("from")![11..13]}");

        rows.ShouldBe(
        [
            "Billing callback 00", "Billing voice 00", "Billing voice 12",
            "Sales North voice 00", "Sales North voice 12",
            "sales South email 12", "sales South voice 00",
            "日本語サポート voice 00",
            "- voice 00", "- voice 12", // The queue without a name is last
        ]);
    }

    [Fact]
    public async Task Equal_queries_return_equal_bytes_regardless_of_the_order_of_the_reply()
    {
        using var service = new RunningService { Upstream = Traffic().Upstream() };

        var first = await service.QueryAsync($"{Yesterday}&granularity=PT1H&metric=tHandle");
        var second = await service.QueryAsync($"{Yesterday}&granularity=PT1H&metric=tHandle");

        second.ToJsonString().ShouldBe(first.ToJsonString());
    }

    [Fact]
    public async Task An_unknown_queue_name_is_404_with_the_closest_name()
    {
        using var service = new RunningService { Upstream = Traffic().Upstream() };

        var problem = await service.QueryProblemAsync($"{Yesterday}&queue=Biling", 404, "unknown-queue");

        problem.Text("detail")!.ShouldContain("'Billing'");
    }

    [Fact]
    public async Task A_name_shared_by_two_queues_is_409_with_both_candidates()
    {
        var genesys = Traffic();
        genesys.Queues = [.. genesys.Queues, new FakeQueue("a0000000-0000-4000-8000-000000000005", "BILLING", 2)];
        using var service = new RunningService { Upstream = genesys.Upstream() };

        var problem = await service.QueryProblemAsync($"{Yesterday}&queue=billing", 409, "ambiguous-queue");

        problem["candidates"]!.AsArray().Select(candidate => (candidate!.AsObject().Text("id"), candidate.AsObject().Text("divisionName")))
            .ShouldBe([("a0000000-0000-4000-8000-000000000001", "Division 1"), ("a0000000-0000-4000-8000-000000000005", "Division 2")], ignoreOrder: true);
        (await service.QueryAsync($"{Yesterday}&queue=billing&divisionId=d0000000-0000-4000-8000-000000000001&groupBy=queueId"))
            .Records().ShouldHaveSingleItem().Text("queueName").ShouldBe("Billing");
    }

    [Fact]
    public async Task An_unknown_queue_id_is_queried_and_causes_a_warning()
    {
        using var service = new RunningService { Upstream = Traffic().Upstream() };

        var silent = await service.QueryAsync($"{Yesterday}&queueId=c0000000-0000-4000-8000-000000000001");
        var deleted = await service.QueryAsync($"{Yesterday}&queueId={FakeEvents.Unlisted}");

        silent.Records().ShouldBeEmpty();
        silent.Warnings().ShouldBe(["unknown-queue"]);
        deleted.Records().ShouldNotBeEmpty();
        deleted.Warnings().ShouldBe(["queue-name-unknown"], "it has data, so the queue existed");
    }

    [Fact]
    public async Task A_deleted_queue_keeps_its_last_name()
    {
        var genesys = Traffic();
        using var service = new RunningService { Upstream = genesys.Upstream() };
        await service.QueryAsync(Yesterday);

        genesys.Queues = [.. genesys.Queues.Where(queue => queue.Name != "Billing")];
        await service.Services.GetRequiredService<QueueDirectory>().RefreshAsync(Cancellation);
        var response = await service.QueryAsync($"{Yesterday}&queue=Billing&groupBy=queueId");

        response.Records().ShouldHaveSingleItem().Text("queueName").ShouldBe("Billing");
        response.Warnings().ShouldNotContain("queue-name-unknown");
    }

    [Fact]
    public async Task Division_fields_are_present_only_when_grouped_by_division()
    {
        using var service = new RunningService { Upstream = Traffic().Upstream() };

        var plain = await service.QueryAsync(Yesterday);
        var divided = await service.QueryAsync($"{Yesterday}&groupBy=divisionId");

        plain.Records().ShouldAllBe(record => !record.ContainsKey("divisionId") && !record.ContainsKey("divisionName"));
        divided.Records().Select(record => (record.Text("divisionName"), record.Number("offered"), record.ContainsKey("divisionId")))
            .ShouldBe([("Division 1", 5.0, true), ("Division 2", 2.0, true), (null, 3.0, true)]);
        divided.Records().ShouldAllBe(record => record["queueId"] == null && record["mediaType"] == null);
    }

    [Fact]
    public async Task The_response_contains_the_query_as_the_service_understood_it()
    {
        using var service = new RunningService { Upstream = Traffic().Upstream() };

        var query = (await service.QueryAsync("from=2026-11-22T00:00&to=2026-11-30T00:00&timeZone=Europe/Berlin&queue=sales*&mediaType=VOICE&direction=inbound"))["query"]!.AsObject();

        query.ToJsonString().ShouldBe(
            """{"interval":"2026-11-21T23:00:00Z/2026-11-23T09:15:00Z","granularity":null,"timeZone":"Europe/Berlin","queueIds":["a0000000-0000-4000-8000-000000000002","a0000000-0000-4000-8000-000000000003"],"mediaTypes":["voice"],"direction":"inbound","serviceLevelThresholdMs":null,"groupBy":["queueId","mediaType"],"hours":null,"weekdays":null,"compare":null,"compareInterval":null}""");
    }

    private static RunningService InFrontOf(GenesysSimulator.Simulator simulator, TimeProvider clock) => new()
    {
        Upstream = null,
        Clock = clock,
        Settings = new()
        {
            ["Genesys:ApiBaseUrl"] = simulator.BaseAddress.AbsoluteUri,
            ["Genesys:LoginBaseUrl"] = simulator.BaseAddress.AbsoluteUri,
            ["Genesys:ClientId"] = "simulator",
            ["Genesys:ClientSecret"] = "simulator",
            // Even on the fast clock, these last several real seconds: a slow machine must not cause timeouts.
            ["Genesys:AttemptTimeout"] = "00:04:00",
            ["Genesys:TotalTimeout"] = "00:10:00",
            ["Aggregates:Timeout"] = "00:20:00",
        },
    };

    /// <summary>Each letter is one offered contact: M in the morning, A in the afternoon.</summary>
    private static FakeGenesysServer Traffic() => new()
    {
        Events =
        [
            .. Offered(1, "voice", "MA"), .. Offered(1, "callback", "M"), .. Offered(2, "voice", "MA"), .. Offered(3, "voice", "M"),
            .. Offered(3, "email", "A"), .. Offered(4, "voice", "M"), .. Offered(9, "voice", "MA"),
        ],
    };

    private static IEnumerable<FakeEvent> Offered(int queue, string media, string times) => times.Select(time => new FakeEvent(
        $"a0000000-0000-4000-8000-00000000000{queue}", media, Instant.FromUtc(2026, 11, 22, time == 'M' ? 9 : 15, 30), "nOffered"));

    [GeneratedRegex(@"^calls=(?<calls>\d+), used=(?<used>\d+), allowed=(?<allowed>\d+), reset=(?<reset>\d+)$")]
    private static partial Regex UpstreamHeader();

    [GeneratedRegex(@"failed=(\d+)$")]
    private static partial Regex FailedHeader();
}
