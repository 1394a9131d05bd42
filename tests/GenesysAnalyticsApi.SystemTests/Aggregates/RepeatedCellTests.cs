using System.Net;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using static GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure.CannedGenesys;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>A reply can contain a cell in several pieces: distinct parts add up, a repetition counts once, and conflicting values are an error.</summary>
public sealed class RepeatedCellTests(CannedGenesys genesys) : IClassFixture<CannedGenesys>
{
    /// <summary>Placeholder for the day of the test.</summary>
    private const string Interval = "…";

    private static readonly string Offered = Metric("nOffered", """{"count":1818}""");
    private static readonly string Handled = Metric("tHandle", """{"count":2,"sum":30,"max":20}""");

    public static TheoryData<string, string> Repetitions
    {
        get
        {
            var (other, alike) = (Metric("nOffered", """{"count":1817}"""), Metric("nOffered", """{"count":1818.0}"""));
            var data = new TheoryData<string, string>();
            foreach (var second in new[] { Offered, alike, other })
            {
                var outcome = second == other ? "differ" : "once";
                data.Add(Result(Group(1), Offered, Handled) + "," + Result(Group(1), second, Handled), outcome);
                data.Add(Result(Group(1), Offered, second), outcome);
                data.Add($$"""{"group":{{Group(1)}},"data":[{{Bucket(Offered)}},{{Bucket(second, Handled)}}]}""", outcome);
                data.Add($$"""{"data":[{{Bucket(Offered)}},{{Bucket(second, Handled)}}],"group":{{Group(1)}}}""", outcome);
                data.Add(Result(Group(1, ",\"usedRouting\":\"Standard\""), Offered) + "," + Result(Group(1, ",\"usedRouting\":\"Standard\""), second), outcome);
                data.Add(Result(Group(1), Qualified("a", Offered), Qualified("a", second)), outcome);
                data.Add(Result(Group(1), Offered) + "," + Result(Group(1, ",\"usedRouting\":null"), second), outcome);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Repetitions))]
    public async Task A_repeated_cell_counts_once_and_a_conflicting_one_is_an_error(string results, string outcome)
    {
        var (status, response) = await Given(results).QueryToCompletionAsync();

        if (outcome == "once")
        {
            status.ShouldBe(HttpStatusCode.OK, response.ToJsonString());
            response.Records().ShouldHaveSingleItem(response.ToJsonString()).Number("offered").ShouldBe(1818);
        }
        else
        {
            status.ShouldBe(HttpStatusCode.BadGateway, response.ToJsonString());
            response.Text("detail")!.ShouldContain("'nOffered' twice");
        }
    }

    public static TheoryData<string> Splits => new(
        Result(Group(1), Qualified("a", Offered), Qualified("b", Offered)),
        Result(Group(1), Offered, Qualified("b", Offered)),
        Result(Group(1, ",\"usedRouting\":\"Standard\""), Offered) + "," + Result(Group(1, ",\"usedRouting\":\"Bullseye\""), Offered),
        Result(Group(1, ",\"a\":\"1\",\"b\":\"2\""), Offered) + "," + Result(Group(1, ",\"b\":\"1\",\"a\":\"2\""), Offered),
        Result(Group(1, $",\"wrapUpCode\":\"{new string('w', 300)}1\""), Offered) + "," + Result(Group(1, $",\"wrapUpCode\":\"{new string('w', 300)}2\""), Offered),
        Result(Group(1), Offered) + "," + Result(Group(1, ",\"videoPresent\":true"), Offered),
        $$"""{"data":[{{Bucket(Offered)}}],"group":{{Group(1, ",\"x\":\"1\"")}}},{"data":[{{Bucket(Offered)}}],"group":{{Group(1, ",\"x\":\"2\"")}}}""",
        Result($$"""{"queueId":"{{QueueBuilder.Id(1)}}"}""", Offered) + "," + Result($$"""{"queueId":"{{QueueBuilder.Id(1)}}","mediaType":"unknown"}""", Offered));

    [Theory]
    [MemberData(nameof(Splits))]
    public async Task The_parts_of_a_cell_add_up(string results)
    {
        var response = await Given(results).QueryAsync();

        response.Records().ShouldHaveSingleItem().Number("offered").ShouldBe(3636);
    }

    [Fact]
    public async Task Parts_of_a_cell_merge_like_rows()
    {
        string Half(string one, string target) => string.Join(',',
            Qualified(one, Metric("nConversations", """{"count":2}""")),
            Qualified(one, Metric("oServiceTarget", """{"target":0.8}""")),
            Qualified(one, Metric("oServiceLevel", target)));
        Given(Result(Group(1), Half("a", """{"numerator":1,"denominator":2,"target":0.8}"""), Half("b", """{"numerator":1,"denominator":2}""")));

        // The groups of these metrics are fetched by separate requests, which get the same reply.
        var record = (await genesys.QueryAsync($"{genesys.Day}&metric=nConversations,oServiceTarget")).Records().ShouldHaveSingleItem();

        record["metrics"]!.ToJsonString().ShouldBe("""{"nConversations":null,"oServiceTarget":null}""");
        record["serviceLevelTarget"].ShouldBeNull("one part has a service level but no target");
        record.Number("serviceLevel").ShouldBe(0.5);
    }

    [Theory]
    [InlineData("tHandle", """{"count":5}""")]
    [InlineData("tHandle", """{"count":5,"sum":null,"max":9}""")]
    [InlineData("tHandle", """{"sum":40}""")]
    public async Task A_timer_without_sum_or_count_has_no_average_alone_or_merged(string metric, string stats)
    {
        genesys.NextDay().With(1, Metric(metric, stats)).With(2, Metric(metric, """{"count":3,"sum":90}"""));

        var alone = (await genesys.QueryAsync()).Records();
        var odd = alone.Single(record => record.Text("queueId") == QueueBuilder.Id(1));
        odd["averageHandleTimeMs"].ShouldBeNull();
        odd[stats.Contains("count", StringComparison.Ordinal) ? "totalHandleTimeMs" : "handled"].ShouldBeNull("it is not zero");
        alone.Single(record => record.Text("queueId") == QueueBuilder.Id(2)).Number("averageHandleTimeMs").ShouldBe(30);
        var merged = (await genesys.QueryAsync($"{genesys.Day}&groupBy=none")).Records().ShouldHaveSingleItem();
        merged["averageHandleTimeMs"].ShouldBeNull();
        merged[stats.Contains("count", StringComparison.Ordinal) ? "totalHandleTimeMs" : "handled"].ShouldBeNull("one part of the sum is unknown");
    }

    [Theory]
    [InlineData("""{"denominator":5,"target":0.8}""", "serviceLevelNumerator")]
    [InlineData("""{"numerator":5,"target":0.8}""", "serviceLevelDenominator")]
    public async Task A_service_level_without_numerator_or_denominator_is_null_alone_or_merged(string stats, string missing)
    {
        genesys.NextDay().With(1, hour: 8, Metric("oServiceLevel", stats)).With(1, hour: 9, Metric("oServiceLevel", """{"numerator":1,"denominator":2,"target":0.8}"""));

        foreach (var record in (await genesys.QueryAsync(genesys.HalfDay)).Records().Append((await genesys.QueryAsync($"{genesys.Day}&granularity=PT1H")).Records()[0]))
        {
            (record["serviceLevel"], record[missing]).ShouldBe((null, null));
        }
    }

    private CannedGenesys Given(string results)
    {
        genesys.NextDay().Body = () => $$"""{"results":[{{results.Replace(Interval, genesys.Interval, StringComparison.Ordinal)}}]}""";
        return genesys;
    }

    private static string Result(string group, params string[] metrics) => $$"""{"group":{{group}},"data":[{{Bucket(metrics)}}]}""";

    private static string Bucket(params string[] metrics) => $$"""{"interval":"{{Interval}}","metrics":[{{string.Join(',', metrics)}}]}""";

    private static string Qualified(string qualifier, string metric) => $$"""{"qualifier":"{{qualifier}}",{{metric[1..]}}""";
}
