using System.Text.Json.Nodes;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates;

/// <summary>
/// Callbacks are offered and handled, but Genesys posts no answers and abandons for them. The day: Callback Desk has 10 callbacks;
/// Billing 20 calls (15 answered, 4 abandoned) and 5 callbacks; Sales 4 calls (3 answered) and 6 callbacks of which 2 post an answer.
/// </summary>
public sealed class CallbackTests
{
    private const string Day = "from=2026-11-01&to=2026-11-02";

    private static readonly StandInQueue Desk = new("b0000000-0000-4000-8000-000000000001", "Callback Desk", null);
    private static readonly StandInQueue Billing = new("b0000000-0000-4000-8000-000000000002", "Billing", null);
    private static readonly StandInQueue Sales = new("b0000000-0000-4000-8000-000000000003", "Sales", null);

    [Fact]
    public async Task A_callback_has_no_answers_and_no_abandons_rather_than_none()
    {
        var answer = await AskAsync("");

        var desk = Row(answer, Desk, "callback");
        ShouldBeNull(desk, "answered", "abandoned", "shortAbandoned", "answerTimeMs", "abandonTimeMs", "averageSpeedOfAnswerMs", "averageTimeToAbandonMs", "answerRate", "abandonRate");
        (desk.Number("offered"), desk.Number("handled"), desk.Number("connected"), desk.Number("totalInteractions")).ShouldBe((10, 8, 7, 10));
        (desk.Number("totalHandleTimeMs"), desk.Number("averageHandleTimeMs")).ShouldBe((8 * 60_000, 60_000));
        (desk.Number("flowOut"), desk.Number("errors"), desk.Number("serviceLevelDenominator")).ShouldBe((0, 0, 0));

        // What is null in the row's own terms needs no warning.
        answer.Warnings().ShouldNotContain("callbacks-without-answers", "no row is merged over a callback");
    }

    [Fact]
    public async Task A_callback_that_does_post_answers_has_them()
    {
        var row = Row(await AskAsync(""), Sales, "callback");

        (row.Number("offered"), row.Number("answered"), row.Number("answerTimeMs"), row.Number("averageSpeedOfAnswerMs")).ShouldBe((6, 2, 2 * 9_000, 9_000));
        row.Number("answerRate").ShouldBe(2 / 6.0);
        ShouldBeNull(row, "abandoned", "shortAbandoned", "abandonTimeMs", "abandonRate");
    }

    [Fact]
    public async Task Calls_beside_callbacks_are_as_if_alone()
    {
        var row = Row(await AskAsync(""), Billing, "voice");

        (row.Number("offered"), row.Number("answered"), row.Number("abandoned"), row.Number("shortAbandoned")).ShouldBe((20, 15, 4, 0));
        (row.Number("answerRate"), row.Number("abandonRate")).ShouldBe((15 / 20.0, 4 / 20.0));
    }

    [Fact]
    public async Task A_queue_with_both_divides_by_the_calls_alone()
    {
        var answer = await AskAsync("&groupBy=queueId");

        var billing = Row(answer, Billing, null);
        (billing.Number("offered"), billing.Number("handled"), billing.Number("answered"), billing.Number("abandoned")).ShouldBe((25, 20, 15, 4));
        (billing.Number("answerRate"), billing.Number("abandonRate")).ShouldBe((15 / 20.0, 4 / 20.0));

        // Its callbacks post answers, so they count for the answer rate; they post no abandons, so they do not for the abandon rate.
        var sales = Row(answer, Sales, null);
        (sales.Number("offered"), sales.Number("answered"), sales.Number("abandoned")).ShouldBe((10, 5, 0));
        (sales.Number("answerRate"), sales.Number("abandonRate")).ShouldBe((5 / 10.0, 0.0));

        ShouldBeNull(Row(answer, Desk, null), "answered", "abandoned", "answerRate", "abandonRate");
        answer.Warnings().ShouldContain("callbacks-without-answers");
    }

    [Theory]
    [InlineData("&groupBy=none")]
    [InlineData("&groupBy=divisionId")]
    public async Task All_together_divide_by_what_could_be_answered(string groupBy)
    {
        var answer = await AskAsync(groupBy);

        var all = answer.Records().ShouldHaveSingleItem();
        (all.Number("offered"), all.Number("handled"), all.Number("answered"), all.Number("abandoned")).ShouldBe((45, 28, 20, 4));

        // Answers: 20 + 4 calls and Sales' 6 callbacks. Abandons: the 24 calls.
        (all.Number("answerRate"), all.Number("abandonRate")).ShouldBe((20 / 30.0, 4 / 24.0));
        answer.Warnings().ShouldContain("callbacks-without-answers");
    }

    [Fact]
    public async Task Callbacks_asked_for_alone_stay_null_when_merged()
    {
        var answer = await AskAsync($"&groupBy=none&mediaType=callback&queueId={Desk.Id}&queueId={Billing.Id}");

        var row = answer.Records().ShouldHaveSingleItem();
        row.Number("offered").ShouldBe(15);
        ShouldBeNull(row, "answered", "abandoned", "shortAbandoned", "answerTimeMs", "abandonTimeMs", "answerRate", "abandonRate");
    }

    [Fact]
    public async Task Calls_asked_for_alone_give_no_warning()
    {
        var answer = await AskAsync("&groupBy=none&mediaType=voice");

        answer.Records().ShouldHaveSingleItem().Number("answerRate").ShouldBe(18 / 24.0);
        answer.Warnings().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_hour_filled_in_is_zero_for_calls_and_null_for_callbacks()
    {
        var answer = await AskAsync($"&granularity=PT1H&fill=zero&queueId={Billing.Id}");

        var quiet = answer.Records().Where(record => record.Text("from") == "2026-11-01T03:00:00Z").ToList();
        quiet.Select(record => record.Text("mediaType")).ShouldBe(["callback", "voice"]);
        ShouldBeNull(quiet[0], "answered", "abandoned", "shortAbandoned", "answerTimeMs", "abandonTimeMs", "answerRate", "abandonRate", "longestWaitMs");
        (quiet[0].Number("offered"), quiet[0].Number("totalHandleTimeMs")).ShouldBe((0, 0));
        (quiet[1].Number("offered"), quiet[1].Number("answered"), quiet[1].Number("abandoned"), quiet[1].Number("shortAbandoned")).ShouldBe((0, 0, 0, 0));
        ShouldBeNull(quiet[1], "answerRate", "abandonRate", "averageHandleTimeMs", "serviceLevel");
        answer.Records().Count.ShouldBe(2 * 24);
    }

    [Fact]
    public async Task A_queue_that_was_silent_is_filled_in_under_the_media_types_asked_for()
    {
        var answer = await AskAsync($"&fill=zero&mediaType=voice,callback&queueId={Desk.Id}");

        answer.Records().Select(record => (record.Text("mediaType"), record.Number("answered"))).ShouldBe([("callback", null), ("voice", 0.0)]);
    }

    private static async Task<JsonObject> AskAsync(string more)
    {
        var genesys = new StandIn { Queues = [Desk, Billing, Sales], Events = [.. TheDay()] };
        using var service = new RunningService { FarSide = genesys.FarSide() };
        return await service.AskAsync(Day + more);
    }

    private static IEnumerable<StandInEvent> TheDay() =>
    [
        .. Happens(Desk, "callback", "nOffered", 10),
        .. Happens(Desk, "callback", "nConnected", 7),
        .. Happens(Desk, "callback", "tHandle", 8, 60_000),
        .. Happens(Billing, "voice", "nOffered", 20),
        .. Happens(Billing, "voice", "tAnswered", 15, 12_000),
        .. Happens(Billing, "voice", "tAbandon", 4, 30_000),
        .. Happens(Billing, "voice", "tHandle", 15, 90_000),
        .. Happens(Billing, "callback", "nOffered", 5),
        .. Happens(Billing, "callback", "tHandle", 5, 45_000),
        .. Happens(Sales, "voice", "nOffered", 4),
        .. Happens(Sales, "voice", "tAnswered", 3, 5_000),
        .. Happens(Sales, "callback", "nOffered", 6),
        .. Happens(Sales, "callback", "tAnswered", 2, 9_000),
    ];

    private static IEnumerable<StandInEvent> Happens(StandInQueue queue, string media, string metric, int times, long value = 0) =>
        Enumerable.Range(0, times).Select(_ => new StandInEvent(queue.Id, media, Instant.FromUtc(2026, 11, 1, 9, 30), metric, value));

    private static JsonObject Row(JsonObject answer, StandInQueue queue, string? mediaType) =>
        answer.Records().Single(record => record.Text("queueId") == queue.Id && record.Text("mediaType") == mediaType);

    private static void ShouldBeNull(JsonObject record, params string[] fields)
    {
        foreach (var field in fields)
        {
            record.ContainsKey(field).ShouldBeTrue(field);
            record[field].ShouldBeNull(field);
        }
    }
}
