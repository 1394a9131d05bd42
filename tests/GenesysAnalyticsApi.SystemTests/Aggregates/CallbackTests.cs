using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>
/// Genesys reports answers and abandons for agent-first callbacks, but not for customer-first ones, which are only offered and handled. The day:
/// Callback Desk has 10 customer-first callbacks; Billing has 20 calls (15 answered, 4 abandoned) and 5 customer-first callbacks; Sales has 4 calls
/// (3 answered) and 6 agent-first callbacks (2 answered).
/// </summary>
public sealed class CallbackTests
{
    private const string Day = "from=2026-11-01&to=2026-11-02";

    private static readonly FakeQueue Desk = new("b0000000-0000-4000-8000-000000000001", "Callback Desk", null);
    private static readonly FakeQueue Billing = new("b0000000-0000-4000-8000-000000000002", "Billing", null);
    private static readonly FakeQueue Sales = new("b0000000-0000-4000-8000-000000000003", "Sales", null);

    [Fact]
    public async Task Customer_first_callbacks_have_null_answers_and_abandons_instead_of_zero()
    {
        var response = await QueryAsync("");

        var desk = Row(response, Desk, "callback");
        ShouldBeNull(desk, "answered", "abandoned", "shortAbandoned", "answerTimeMs", "abandonTimeMs", "averageSpeedOfAnswerMs", "averageTimeToAbandonMs", "answerRate", "abandonRate");
        (desk.Number("offered"), desk.Number("handled"), desk.Number("connected"), desk.Number("totalInteractions")).ShouldBe((10, 8, 7, 10));
        (desk.Number("totalHandleTimeMs"), desk.Number("averageHandleTimeMs")).ShouldBe((8 * 60_000, 60_000));
        (desk.Number("flowOut"), desk.Number("errors"), desk.Number("serviceLevelDenominator")).ShouldBe((0, 0, 0));

        // A null in a record of callbacks alone needs no warning.
        response.Warnings().ShouldNotContain("callbacks-without-answers", "no record merges callbacks with other media types");
    }

    [Fact]
    public async Task A_queue_whose_callbacks_have_answers_has_zero_abandons_instead_of_null()
    {
        var row = Row(await QueryAsync(""), Sales, "callback");

        (row.Number("offered"), row.Number("answered"), row.Number("answerTimeMs"), row.Number("averageSpeedOfAnswerMs")).ShouldBe((6, 2, 2 * 9_000, 9_000));
        (row.Number("answerRate"), row.Number("abandonRate")).ShouldBe((2 / 6.0, 0.0));
        (row.Number("abandoned"), row.Number("shortAbandoned"), row.Number("abandonTimeMs")).ShouldBe((0, 0, 0));
        ShouldBeNull(row, "averageTimeToAbandonMs");
    }

    [Fact]
    public async Task Voice_rows_are_unaffected_by_callbacks_of_the_same_queue()
    {
        var row = Row(await QueryAsync(""), Billing, "voice");

        (row.Number("offered"), row.Number("answered"), row.Number("abandoned"), row.Number("shortAbandoned")).ShouldBe((20, 15, 4, 0));
        (row.Number("answerRate"), row.Number("abandonRate")).ShouldBe((15 / 20.0, 4 / 20.0));
    }

    [Fact]
    public async Task The_rates_of_a_queue_exclude_callbacks_without_answers()
    {
        var response = await QueryAsync("&groupBy=queueId");

        var billing = Row(response, Billing, null);
        (billing.Number("offered"), billing.Number("handled"), billing.Number("answered"), billing.Number("abandoned")).ShouldBe((25, 20, 15, 4));
        (billing.Number("answerRate"), billing.Number("abandonRate")).ShouldBe((15 / 20.0, 4 / 20.0));

        // The callbacks of Sales have answers, so they count in both rates, which share one denominator.
        var sales = Row(response, Sales, null);
        (sales.Number("offered"), sales.Number("answered"), sales.Number("abandoned")).ShouldBe((10, 5, 0));
        (sales.Number("answerRate"), sales.Number("abandonRate")).ShouldBe((5 / 10.0, 0.0));

        ShouldBeNull(Row(response, Desk, null), "answered", "abandoned", "answerRate", "abandonRate");
        // Only the five of Billing: the ten of Callback Desk are in a record without rates.
        Warning(response).ShouldContain(" 5 offered callbacks ");
    }

    [Theory]
    [InlineData("&groupBy=none")]
    [InlineData("&groupBy=divisionId")]
    public async Task The_rates_of_a_total_exclude_callbacks_without_answers(string groupBy)
    {
        var response = await QueryAsync(groupBy);

        var all = response.Records().ShouldHaveSingleItem();
        (all.Number("offered"), all.Number("handled"), all.Number("answered"), all.Number("abandoned")).ShouldBe((45, 28, 20, 4));

        // 20 + 4 calls and the 6 callbacks of Sales; the other 10 + 5 callbacks have neither answers nor abandons.
        (all.Number("answerRate"), all.Number("abandonRate")).ShouldBe((20 / 30.0, 4 / 30.0));
        Warning(response).ShouldContain(" 15 offered callbacks ");
    }

    [Fact]
    public async Task Answers_and_abandons_of_merged_customer_first_callbacks_stay_null()
    {
        var response = await QueryAsync($"&groupBy=none&mediaType=callback&queueId={Desk.Id}&queueId={Billing.Id}");

        var row = response.Records().ShouldHaveSingleItem();
        row.Number("offered").ShouldBe(15);
        ShouldBeNull(row, "answered", "abandoned", "shortAbandoned", "answerTimeMs", "abandonTimeMs", "answerRate", "abandonRate");
    }

    [Fact]
    public async Task Calls_queried_alone_produce_no_warning()
    {
        var response = await QueryAsync("&groupBy=none&mediaType=voice");

        response.Records().ShouldHaveSingleItem().Number("answerRate").ShouldBe(18 / 24.0);
        response.Warnings().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_zero_filled_hour_is_zero_for_calls_and_null_for_callbacks()
    {
        var response = await QueryAsync($"&granularity=PT1H&fill=zero&queueId={Billing.Id}");

        var quiet = response.Records().Where(record => record.Text("from") == "2026-11-01T03:00:00Z").ToList();
        quiet.Select(record => record.Text("mediaType")).ShouldBe(["callback", "voice"]);
        ShouldBeNull(quiet[0], "answered", "abandoned", "shortAbandoned", "answerTimeMs", "abandonTimeMs", "answerRate", "abandonRate", "longestWaitMs");
        (quiet[0].Number("offered"), quiet[0].Number("totalHandleTimeMs")).ShouldBe((0, 0));
        (quiet[1].Number("offered"), quiet[1].Number("answered"), quiet[1].Number("abandoned"), quiet[1].Number("shortAbandoned")).ShouldBe((0, 0, 0, 0));
        ShouldBeNull(quiet[1], "answerRate", "abandonRate", "averageHandleTimeMs", "serviceLevel");
        response.Records().Count.ShouldBe(2 * 24);
    }

    [Fact]
    public async Task A_queue_is_zero_filled_for_every_requested_media_type()
    {
        var response = await QueryAsync($"&fill=zero&mediaType=voice,callback&queueId={Desk.Id}");

        response.Records().Select(record => (record.Text("mediaType"), record.Number("answered"))).ShouldBe([("callback", null), ("voice", 0.0)]);
    }

    [Fact]
    public async Task Callbacks_with_answers_in_one_hour_have_zero_answers_in_every_other_hour()
    {
        // Sales answers callbacks at 09:30; at 13:30 they are only offered.
        var later = Events(Sales, "callback", "nOffered", 3, at: 13);

        var response = await QueryAsync($"&granularity=PT1H&fill=zero&queueId={Sales.Id}&queueId={Desk.Id}", [.. EventsOfTheDay(), .. later, .. Events(Desk, "callback", "nOffered", 2, at: 13)]);

        var sales = response.Records().Where(record => record.Text("queueId") == Sales.Id && record.Text("mediaType") == "callback").ToList();
        sales.Select(record => record.Number("answered")).ShouldBe([.. Enumerable.Range(0, 24).Select(hour => hour == 9 ? 2.0 : 0.0)]);
        sales[13].Number("answerRate").ShouldBe(0);
        response.Records().Where(record => record.Text("queueId") == Desk.Id).ShouldAllBe(record => record["answered"] == null && record["abandonRate"] == null);
        response.Warnings().ShouldNotContain("callbacks-without-answers");
    }

    [Fact]
    public async Task An_hour_with_only_callbacks_counts_as_an_hour_without_calls()
    {
        var response = await QueryAsync($"&granularity=PT1H&groupBy=queueId&queueId={Billing.Id}", [.. EventsOfTheDay(), .. Events(Billing, "callback", "nOffered", 3, at: 13)]);

        var hours = response.Records();
        hours.Select(record => (record.Number("offered"), record.Number("answered"), record.Number("answerRate"))).ShouldBe([(25, 15, 15 / 20.0), (3, 0, null)]);
        Warning(response).ShouldContain(" 8 offered callbacks ");
    }

    [Theory]
    [InlineData("tAnswered")]
    [InlineData("tAbandon")]
    [InlineData("tShortAbandon")]
    public async Task Any_of_the_three_metrics_shows_that_Genesys_reports_answers_for_the_callbacks(string reported)
    {
        var response = await QueryAsync("", [.. Events(Desk, "callback", "nOffered", 4), .. Events(Desk, "callback", reported, 1, 5_000, at: 20)]);

        var row = response.Records().ShouldHaveSingleItem();
        (row.Number("answered"), row.Number("abandoned"), row.Number("shortAbandoned"))
            .ShouldBe((reported == "tAnswered" ? 1 : 0, reported == "tAbandon" ? 1 : 0, reported == "tShortAbandon" ? 1 : 0));
        (row.Number("answerRate"), row.Number("abandonRate")).ShouldBe((reported == "tAnswered" ? 0.25 : 0, reported == "tAbandon" ? 0.25 : 0));
    }

    [Fact]
    public async Task Answers_outside_the_interval_are_ignored()
    {
        // Both halves of the day belong to one slice, which covers more than the query.
        FakeEvent[] events = [.. Events(Desk, "callback", "nOffered", 4, at: 3), .. Events(Desk, "callback", "tAnswered", 1, 5_000, at: 20)];
        var genesys = new FakeGenesysServer { Queues = [Desk], Events = events };
        using var service = new RunningService { Upstream = genesys.Upstream() };
        (await service.QueryAsync(Day + "&granularity=PT1H")).Records()[0].Number("answered").ShouldBe(0);

        var morning = await service.QueryAsync("from=2026-11-01&to=2026-11-01T12:00&granularity=PT1H");

        ShouldBeNull(morning.Records().ShouldHaveSingleItem(), "answered", "abandoned", "answerRate");
    }

    [Fact]
    public async Task Agent_first_callbacks_of_two_queues_merge_correctly()
    {
        // From a real organization: 10 offered, 6 answered and 4 abandoned in one queue; 4 offered and all abandoned in the other.
        FakeEvent[] events =
        [
            .. Events(Billing, "callback", "nOffered", 10), .. Events(Billing, "callback", "tAnswered", 6, 100_000), .. Events(Billing, "callback", "tAbandon", 4, 75_000),
            .. Events(Desk, "callback", "nOffered", 4), .. Events(Desk, "callback", "tAbandon", 4, 100_000),
        ];

        var desk = Row(await QueryAsync("", events), Desk, "callback");
        var merged = (await QueryAsync("&groupBy=mediaType", events)).Records().ShouldHaveSingleItem();

        (desk.Number("answered"), desk.Number("answerRate"), desk.Number("abandonRate")).ShouldBe((0, 0, 1));
        (merged.Number("offered"), merged.Number("answerRate"), merged.Number("abandonRate")).ShouldBe((14, 6 / 14.0, 8 / 14.0));
    }

    private static Task<JsonObject> QueryAsync(string more) => QueryAsync(more, [.. EventsOfTheDay()]);

    private static async Task<JsonObject> QueryAsync(string more, FakeEvent[] events)
    {
        var genesys = new FakeGenesysServer { Queues = [Desk, Billing, Sales], Events = events };
        using var service = new RunningService { Upstream = genesys.Upstream() };
        return await service.QueryAsync(Day + more);
    }

    private static string Warning(JsonObject response) => response.Meta()["warnings"]!.AsArray()
        .Select(warning => warning!.AsObject()).Single(warning => warning.Text("code") == "callbacks-without-answers").Text("message")!;

    private static IEnumerable<FakeEvent> EventsOfTheDay() =>
    [
        .. Events(Desk, "callback", "nOffered", 10),
        .. Events(Desk, "callback", "nConnected", 7),
        .. Events(Desk, "callback", "tHandle", 8, 60_000),
        .. Events(Billing, "voice", "nOffered", 20),
        .. Events(Billing, "voice", "tAnswered", 15, 12_000),
        .. Events(Billing, "voice", "tAbandon", 4, 30_000),
        .. Events(Billing, "voice", "tHandle", 15, 90_000),
        .. Events(Billing, "callback", "nOffered", 5),
        .. Events(Billing, "callback", "tHandle", 5, 45_000),
        .. Events(Sales, "voice", "nOffered", 4),
        .. Events(Sales, "voice", "tAnswered", 3, 5_000),
        .. Events(Sales, "callback", "nOffered", 6),
        .. Events(Sales, "callback", "tAnswered", 2, 9_000),
    ];

    private static IEnumerable<FakeEvent> Events(FakeQueue queue, string media, string metric, int times, long value = 0, int at = 9) =>
        Enumerable.Range(0, times).Select(_ => new FakeEvent(queue.Id, media, Instant.FromUtc(2026, 11, 1, at, 30), metric, value));

    private static JsonObject Row(JsonObject response, FakeQueue queue, string? mediaType) =>
        response.Records().Single(record => record.Text("queueId") == queue.Id && record.Text("mediaType") == mediaType);

    private static void ShouldBeNull(JsonObject record, params string[] fields)
    {
        foreach (var field in fields)
        {
            record.ContainsKey(field).ShouldBeTrue(field);
            record[field].ShouldBeNull(field);
        }
    }
}
