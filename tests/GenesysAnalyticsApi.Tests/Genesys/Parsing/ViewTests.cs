using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Parsing;

/// <summary>A view in a reply becomes a column, like a metric. An invalid or impossible value becomes an invalid statistic of its cell.</summary>
public sealed class ViewTests
{
    private const string Column = "views.answeredWithin";

    private static readonly AggregatesRequest Request = GatewayDriver.Request with { Metrics = ["tAnswered"], Views = [new MetricView("answeredWithin", "tAnswered", 20_001)] };

    [Theory]
    [InlineData("""{"name":"answeredWithin","stats":{"count":3,"min":5}}""")]
    [InlineData("""{"stats":{"count":3,"min":5},"name":"answeredWithin"}""")]
    [InlineData("""{"x":{"name":"no"},"n\u0061me":"answered\u0057ithin","qualifier":null,"stats":{"count":"3"}}""")]
    [InlineData("""{"name":"answeredWithin","stats":{"count":3}},{"name":"answeredWithin","stats":{"count":3}}""")]
    [InlineData("""{"name":"answeredWithin","stats":{"count":3}},{"name":"other","stats":{"count":-9}},{"name":"tAnswered","stats":{"count":9}}""")]
    [InlineData("""{"name":"answeredWithin","qualifier":"a","stats":{"count":1}},{"name":"answeredWithin","qualifier":"b","stats":{"count":2}}""")]
    [InlineData("""{"name":"answeredWithin","stats":{"count":3}},{"name":"answeredWithin"},{"name":"answeredWithin","stats":null}""")]
    public async Task A_requested_view_is_a_column_and_others_are_ignored(string views)
    {
        var facts = await ReadAsync(Reply($"[{views}]"));

        facts.Columns.Select(column => column.Metric).ShouldBe([Column, "tAnswered"], ignoreOrder: true);
        ColumnOf(facts).Count!.ShouldBe([3]);
        facts.HasInvalid.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"name":"answeredWithin","stats":{"count":-1}}""", "-1")]
    [InlineData("""{"name":"answeredWithin","stats":{"count":2.5}}""", "2.5")]
    [InlineData("""{"name":"answeredWithin","stats":{"count":NaN}}""", "\"NaN\"")]
    [InlineData("""{"name":"answeredWithin","stats":{"count":{}}}""", "an object")]
    [InlineData("""{"name":"answeredWithin","stats":{"count":6}}""", ViewVerifier.Contradiction)] // more than were answered
    public async Task An_invalid_or_impossible_count_is_omitted(string view, string shown)
    {
        var column = ColumnOf(await ReadAsync(Reply($"[{view}]")));

        column.Count!.ShouldBe([0]);
        column.Invalid.ShouldBe([new InvalidStatistic(0, Statistic.Count, shown)]);
    }

    [Theory]
    [InlineData("""{"name":"answeredWithin","stats":7}""", "7")]
    [InlineData("""{"name":"answeredWithin","stats":[7]}""", "a list")]
    public async Task Invalid_statistics_invalidate_the_whole_view(string view, string shown) =>
        ColumnOf(await ReadAsync(Reply($"[{view}]"))).Invalid.ShouldBe([new InvalidStatistic(0, Statistic.All, shown)]);

    [Theory]
    [InlineData("""{"stats":{"count":3}}""")]
    [InlineData("""{"name":5,"stats":{"count":3}}""")]
    [InlineData("""{"name":"","stats":{"count":3}}""")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[[]]")]
    public async Task A_view_without_a_name_marks_its_cell(string view)
    {
        var facts = await ReadAsync(Reply($"[{view}]", answered: """{"count":5}"""));

        facts.Columns.Single(column => column.Metric == FactsBuilder.NoMetric).Invalid.ShouldNotBeNull().ShouldHaveSingleItem();
        facts.Columns.ShouldNotContain(column => column.Metric == Column);
    }

    [Theory]
    [InlineData("""{"name":"answeredWithin","stats":{"count":3}},{"name":"answeredWithin","stats":{"count":4}}""")]
    public async Task Two_different_values_of_a_view_are_unreadable(string views) => await ShouldBeUnreadableAsync(Reply($"[{views}]"));

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    public async Task Views_that_are_not_a_list_are_unreadable_unless_none_was_requested(string views)
    {
        await ShouldBeUnreadableAsync(Reply(views));

        (await ReadAsync(Reply(views), Request with { Views = [] })).Columns.ShouldHaveSingleItem().Metric.ShouldBe("tAnswered");
    }

    /// <summary>Genesys omits a view without events. A server that ignores views omits it too; the target metric shows which of the two is the case.</summary>
    [Theory]
    [InlineData("""{"count":5,"min":20001,"max":90000}""", null)]
    [InlineData("""{"count":5}""", null)]
    [InlineData("""{"count":0,"min":5}""", null)]
    [InlineData("""{"count":-1,"min":5}""", null)]
    [InlineData("""{"count":5,"min":20000,"max":90000}""", ViewVerifier.Contradiction)]
    [InlineData("""{"count":5,"max":20000}""", ViewVerifier.Contradiction)]
    public async Task A_missing_view_is_zero_unless_the_target_shows_events_below_the_bound(string answered, string? shown)
    {
        foreach (var views in new[] { "[]", "null", "[{}]", """[{"name":"other","stats":{"count":5}}]""" })
        {
            var column = (await ReadAsync(Reply(views, answered))).Columns.SingleOrDefault(column => column.Metric == Column);

            column?.Invalid?.Select(one => one.Value).ShouldBe([shown]);
            (column is null).ShouldBe(shown is null);
        }
    }

    [Theory]
    [InlineData("""{"count":5,"min":5,"max":20000}""", 4, false)]
    [InlineData("""{"count":5,"min":5,"max":20000}""", 5, true)]
    [InlineData("""{"count":5,"min":5,"max":20001}""", 4, true)]
    [InlineData("""{"count":5,"min":20001,"max":30000}""", 0, true)]
    public async Task A_count_must_fit_the_extremes_of_the_target(string answered, int count, bool isPossible) =>
        (await ReadAsync(Reply($$"""[{"name":"answeredWithin","stats":{"count":{{count}} } }]""", answered))).HasInvalid.ShouldBe(!isPossible);

    [Fact]
    public async Task A_metric_named_like_the_column_is_not_added_to_it()
    {
        var reply = Reply("""[{"name":"answeredWithin","stats":{"count":3}}]""")
            .Replace("\"metrics\":[", $$$"""  "metrics":[{"metric":"{{{Column}}}","stats":{"count":100}},""", StringComparison.Ordinal);

        ColumnOf(await ReadAsync(reply)).Count!.ShouldBe([3]);
    }

    [Fact]
    public async Task Group_interval_and_views_may_come_in_any_order_and_in_any_pieces()
    {
        const string Reply = """
            {"results":[{"data":[{"views":[{"stats":{"count":3,"sum":4.5,"min":1,"max":2},"name":"answeredWithin"}],"metrics":[{"stats":{"count":5},"metric":"tAnswered"}],
            "interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z"}],"group":{"mediaType":"voice","queueId":"q1"}},
            {"data":[{"views":[{"name":"answeredWithin","stats":{"count":3}}],"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z"}],"group":{"mediaType":"voice"}}]}
            """;
        var whole = await ReadAsync(Reply);
        whole.Series.ShouldBe([new FactSeries("q1", "voice")]);
        ColumnOf(whole).Count!.ShouldBe([3]);

        for (var piece = 1; piece <= 9; piece++)
        {
            await using var body = new PiecewiseStream(Encoding.UTF8.GetBytes(Reply), piece);
            FactsText.Of(await AggregatesReplyReader.ReadAsync(body, Request, TestContext.Current.CancellationToken)).ShouldBe(FactsText.Of(whole));
        }
    }

    /// <summary>Counts of the same events never contradict each other.</summary>
    [Fact]
    public void Correct_counts_are_never_omitted() =>
        Gen.Select(Gen.Int[0, 4].SelectMany(cells => Gen.Long[0, 40_000].Array[0, 6].Array[cells]), Gen.Long[1_000, 39_000]).Sample((cells, threshold) =>
        {
            var view = new MetricView("answeredWithin", "tAnswered", threshold + 1);
            AggregateFacts facts = new(
                [.. Enumerable.Range(0, cells.Length + 1).Select(hour => Instant.FromUtc(2026, 1, 1, hour, 0))],
                [new FactSeries("q", "voice")],
                [Of("tAnswered", cells), Of(view.Column, [.. cells.Select(waits => waits.Where(wait => wait <= threshold).ToArray())])]);

            ViewVerifier.Verify(facts, [view]).ShouldBeSameAs(facts);
        });

    private static FactColumn Of(string metric, long[][] cells)
    {
        var given = cells.Index().Where(cell => cell.Item.Length > 0).ToList();
        return new()
        {
            Metric = metric,
            Cells = [.. given.Select(cell => cell.Index)],
            Count = [.. given.Select(cell => cell.Item.LongLength)],
            Min = [.. given.Select(cell => (double)cell.Item.Min())],
            Max = [.. given.Select(cell => (double)cell.Item.Max())],
        };
    }

    private static string Reply(string views, string answered = """{"count":5,"min":5,"max":90000}""") => $$$"""
        {"results":[{"group":{"queueId":"q","mediaType":"voice"},"data":[{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z",
        "views":{{{views}}},"metrics":[{"metric":"tAnswered","stats":{{{answered}}}}]}]}]}
        """;

    private static FactColumn ColumnOf(AggregateFacts facts) => facts.Columns.Single(column => column.Metric == Column);

    private static async Task<AggregateFacts> ReadAsync(string json, AggregatesRequest? request = null)
    {
        await using var body = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return await AggregatesReplyReader.ReadAsync(body, request ?? Request, TestContext.Current.CancellationToken);
    }

    private static async Task ShouldBeUnreadableAsync(string json) =>
        (await Should.ThrowAsync<GenesysException>(() => ReadAsync(json))).Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
}
