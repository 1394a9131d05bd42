using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using static GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure.CannedGenesys;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>An invalid statistic of one cell is omitted only from the record of that cell.</summary>
public sealed class InvalidStatisticTests(CannedGenesys genesys) : IClassFixture<CannedGenesys>
{
    private const string Code = "figure-left-out";

    private static string ServiceLevel(string stats) => Metric("oServiceLevel", stats);

    [Theory]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("\"9007199254740993\"")]
    [InlineData("9223372036854775808")]
    [InlineData("true")]
    [InlineData("NaN")]
    [InlineData(" Infinity ")]
    [InlineData("-Infinity")]
    [InlineData("\"NaN\"")]
    [InlineData("\"many\"")]
    [InlineData("\"\"")]
    [InlineData("\"-3\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"count\":5,\"x\":[1,{}]}")]
    [InlineData("[5,[6]]")]
    public async Task An_invalid_count_is_omitted_from_its_record_alone(string count)
    {
        var response = await genesys.NextDay()
            .With(1, Metric("nOffered", $"{{\"count\":{count}}}"), Metric("nOutbound", "{\"count\":4}"), Metric("tHandle", "{\"count\":2,\"sum\":30}"))
            .With(2, Metric("nOffered", "{\"count\":7}"))
            .QueryAsync();

        var (odd, other) = (Record(response, 1), Record(response, 2));
        odd["offered"].ShouldBeNull();
        odd["totalInteractions"].ShouldBeNull();
        odd["answerRate"].ShouldBeNull();
        (odd.Number("outbound"), odd.Number("handled"), odd.Number("averageHandleTimeMs")).ShouldBe((4, 2, 15));
        (IsTrue(odd, "complete"), IsTrue(odd, "final")).ShouldBe((false, false));
        (other.Number("offered"), IsTrue(other, "complete"), IsTrue(other, "final")).ShouldBe((7, true, true));
        (IsTrue(response.Meta(), "complete"), IsTrue(response.Meta(), "final")).ShouldBe((false, false));
        var warning = Messages(response).ShouldHaveSingleItem();
        warning.ShouldContain($"Queue Sales ({QueueBuilder.Id(1)}), voice: nOffered count is ");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5.0")]
    [InlineData("\"5\"")]
    [InlineData("\" 5.0 \"")]
    [InlineData("\"\\u0035\"")]
    [InlineData("0.5e1")]
    public async Task A_count_is_parsed_in_every_valid_notation(string count)
    {
        var response = await genesys.NextDay().With(1, Metric("tHandle", $"{{\"count\":{count},\"sum\":\"40\",\"max\":\"30\"}}")).QueryAsync();

        var record = Record(response, 1);
        (record.Number("handled"), record.Number("averageHandleTimeMs"), record.Number("longestHandleTimeMs"), IsTrue(record, "complete")).ShouldBe((5, 8, 30, true));
        response.Warnings().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"numerator":0,"denominator":-1,"target":0.8}""", "oServiceLevel denominator is -1")]
    [InlineData("""{"numerator":-1,"denominator":4,"target":0.8}""", "oServiceLevel numerator is -1")]
    [InlineData("""{"numerator":"x","denominator":4,"target":0.8}""", "oServiceLevel numerator is \"x\"")]
    [InlineData("""{"numerator":1,"denominator":NaN,"target":0.8}""", "oServiceLevel denominator is \"NaN\"")]
    public async Task A_service_level_with_an_omitted_part_is_null_in_merged_rows_too(string stats, string expected)
    {
        genesys.NextDay()
            .With(1, hour: 8, ServiceLevel(stats), Metric("nOffered", "{\"count\":1}"))
            .With(1, hour: 9, ServiceLevel("""{"numerator":3,"denominator":4,"target":0.8}"""), Metric("nOffered", "{\"count\":4}"))
            .With(2, hour: 9, ServiceLevel("""{"numerator":1,"denominator":2,"target":0.8}"""), Metric("nOffered", "{\"count\":2}"));

        var hours = await genesys.QueryAsync($"{genesys.Day}&granularity=PT1H");
        var odd = hours.Records().Single(record => record.Text("localFrom")!.EndsWith("T08:00:00", StringComparison.Ordinal));
        odd["serviceLevel"].ShouldBeNull();
        (odd.Number("offered"), odd.Number("serviceLevelTarget"), IsTrue(odd, "complete")).ShouldBe((1, 0.8, false));
        hours.Records().Count(record => IsTrue(record, "complete") && record["serviceLevel"] is not null).ShouldBe(2);

        var day = await genesys.QueryAsync($"{genesys.HalfDay}&groupBy=none");
        var all = day.Records().ShouldHaveSingleItem();
        all["serviceLevel"].ShouldBeNull();
        (all.Number("offered"), IsTrue(all, "complete"), IsTrue(all, "final")).ShouldBe((7, false, false));
        Messages(day).ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Fact]
    public async Task Sums_without_the_invalid_parts_are_reported_but_not_divided()
    {
        var response = await genesys.NextDay()
            .With(1, Metric("tHandle", """{"count":2,"sum":-5}"""), Metric("nTransferred", """{"count":1}"""), Metric("nOffered", """{"count":-2}"""), Metric("tAnswered", """{"count":1,"sum":1}"""))
            .With(2, Metric("tHandle", """{"count":3,"sum":90}"""), Metric("nTransferred", """{"count":-1}"""), Metric("nOffered", """{"count":3}"""), Metric("tAnswered", """{"count":2,"sum":1}"""))
            .QueryAsync($"{genesys.Day}&groupBy=mediaType");

        var record = response.Records().ShouldHaveSingleItem();
        (record.Number("handled"), record.Number("totalHandleTimeMs"), record.Number("transferred"), record.Number("offered"), record.Number("answered")).ShouldBe((5, 90, 1, 3, 3));
        foreach (var quotient in new[] { "averageHandleTimeMs", "transferRate", "answerRate" })
        {
            record[quotient].ShouldBeNull(quotient);
        }

        IsTrue(record, "complete").ShouldBeFalse();
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"none\"")]
    [InlineData("5")]
    [InlineData("false")]
    public async Task Statistics_that_are_not_an_object_are_all_omitted(string stats)
    {
        var response = await genesys.NextDay().With(1, Metric("tHandle", stats), Metric("nOffered", "{\"count\":3}")).QueryAsync();

        var record = Record(response, 1);
        (record.Number("offered"), record["handled"], record["totalHandleTimeMs"], record["longestHandleTimeMs"], IsTrue(record, "complete")).ShouldBe((3, null, null, null, false));
        Messages(response).ShouldHaveSingleItem().ShouldContain("tHandle stats");
    }

    [Theory]
    [InlineData("""{"stats":{"count":5}}""")]
    [InlineData("""{"metric":null,"stats":{"count":5}}""")]
    [InlineData("""{"metric":{"name":"x"},"stats":{"count":5}}""")]
    [InlineData("""{"metric":"","stats":{"count":5}}""")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[{\"metric\":\"nOffered\"}]")]
    public async Task Figures_without_a_metric_name_make_their_record_incomplete(string metric)
    {
        var response = await genesys.NextDay().With(1, metric, Metric("nOffered", "{\"count\":3}")).With(2, Metric("nOffered", "{\"count\":3}")).QueryAsync();

        (Record(response, 1).Number("offered"), IsTrue(Record(response, 1), "complete"), IsTrue(Record(response, 2), "complete")).ShouldBe((3, false, true));
        Messages(response).ShouldHaveSingleItem().ShouldContain("Sales");
    }

    [Fact]
    public async Task Invalid_figures_outside_the_query_do_not_affect_the_response()
    {
        genesys.NextDay().With(1, Metric("tTalk", """{"count":-1,"sum":3}"""), Metric("nConsult", """{"count":2}"""));

        IsTrue(Record(await genesys.QueryAsync($"{genesys.Day}&metric=nConsult"), 1), "complete").ShouldBeTrue();
        var response = await genesys.QueryAsync($"{genesys.Day}&metric=tTalk");
        IsTrue(Record(response, 1), "complete").ShouldBeFalse();
        Record(response, 1)["metrics"]!["tTalk"]!.ToJsonString().ShouldBe("""{"sum":3}""");
    }

    [Fact]
    public async Task Warnings_are_few_and_short_and_have_no_line_breaks()
    {
        genesys.NextDay();
        for (var queue = 1; queue <= 30; queue++)
        {
            genesys.With(queue, Metric("nOffered", $"{{\"count\":\"\\u202e\\n{new string('x', 5000)}\"}}"));
        }

        var messages = Messages(await genesys.QueryAsync());

        messages.Count.ShouldBe(11);
        messages[^1].ShouldStartWith("Further invalid statistics that are omitted: 20.");
        messages.ShouldAllBe(message => message.Length < 300 && !message.Any(char.IsControl) && !message.Contains('\u202e'));
    }

    [Fact]
    public async Task Invalid_figures_of_other_queues_cause_no_warning()
    {
        genesys.NextDay().With(1, Metric("nOffered", "{\"count\":-1}")).With(2, Metric("nOffered", "{\"count\":2}"));

        var response = await genesys.QueryAsync($"{genesys.Day}&queueId={QueueBuilder.Id(2)}");

        response.Warnings().ShouldBeEmpty();
        (IsTrue(response.Meta(), "complete"), IsTrue(response.Meta(), "final")).ShouldBe((true, true));
    }

    [Fact]
    public async Task A_slice_with_invalid_figures_is_refetched_after_half_an_hour_and_its_response_is_not_stored()
    {
        genesys.NextDay().With(1, Metric("nOffered", "{\"count\":-1}"));
        using var client = genesys.Client();
        using var first = await client.GetAsync(new Uri($"/aggregates?{genesys.Day}", UriKind.Relative), TestContext.Current.CancellationToken);

        first.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var requests = genesys.Requests;
        genesys.Clock.Advance(TimeSpan.FromMinutes(29));
        await genesys.QueryAsync();
        genesys.Requests.ShouldBe(requests);
        genesys.Clock.Advance(TimeSpan.FromMinutes(2));
        await genesys.QueryAsync();
        genesys.Requests.ShouldBe(2 * requests);
    }

    [Fact]
    public async Task Sums_that_cannot_be_exact_are_null_and_never_overflow()
    {
        const string Largest = "9007199254740991";
        genesys.NextDay();
        for (var queue = 1; queue <= 2; queue++)
        {
            genesys.With(queue, Metric("nOffered", $"{{\"count\":{Largest}}}"), Metric("tHandle", $"{{\"count\":1,\"sum\":{Largest}}}"));
        }

        var response = await genesys.QueryAsync($"{genesys.Day}&groupBy=none");

        var record = response.Records().ShouldHaveSingleItem();
        (record["offered"], record["totalInteractions"], record["answerRate"], record.Number("handled"), IsTrue(record, "complete")).ShouldBe((null, null, null, 2, false));
        record["totalHandleTimeMs"].ShouldBeNull();
        Messages(response).Select(message => message.Split(',')[0]).ShouldBe(["Several queues: nOffered count is a sum beyond 2^53 - 1", "Several queues: tHandle sum is a sum beyond 2^53 - 1"]);
    }

    private static bool IsTrue(JsonObject from, string field) => from[field]!.GetValue<bool>();

    private static JsonObject Record(JsonObject response, int queue) => response.Records().Single(record => record.Text("queueId") == QueueBuilder.Id(queue));

    private static List<string> Messages(JsonObject response) =>
        [.. response.Meta()["warnings"]!.AsArray().Where(warning => warning!["code"]!.GetValue<string>() == Code).Select(warning => warning!["message"]!.GetValue<string>())];
}
