using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Parsing;

public sealed class AggregatesReplyReaderTests
{
    private static readonly ImmutableArray<Instant> Hours = [.. Enumerable.Range(0, 4).Select(hour => Instant.FromUtc(2026, 1, 1, hour, 0))];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_week_parses_to_its_exact_figures()
    {
        var facts = await SampleAsync();

        facts.Series.Select(series => series.QueueId[..8]).ShouldBe(["027396f4", "28a9d881", "05f1c285", "0c42ff58", "92c4908f"], ignoreOrder: true);
        facts.Series.ShouldAllBe(series => series.MediaType == "voice");
        var queue = facts.Series.Select(series => series.QueueId[..8]).ToList().IndexOf("05f1c285");
        Figure(facts, "nOffered", queue).Count.ShouldBe(877);
        Figure(facts, "nOutbound", queue).Count.ShouldBe(29);
        Figure(facts, "tHandle", queue).ShouldBe((817, 131580101, 5211, 1040810));
        Figure(facts, "tAnswered", queue).ShouldBe((787, 40279740, 2324, 451577));
        Figure(facts, "tAbandon", queue).ShouldBe((83, 5750770, 94, 219470));
        Figure(facts, "tWait", queue).ShouldBe((877, 47536266, 94, 451577));
        var level = facts.Columns.Single(column => column.Metric == "oServiceLevel");
        var row = Array.IndexOf(level.Cells, queue);
        level.Count.ShouldBeNull();
        (level.Numerator![row], level.Denominator![row], level.Target![row]).ShouldBe((414, 870, 0.8));
        facts.Columns.Single(column => column.Metric == "tHandle").Sum!.ShouldBe([131580101, 70430555, 18587299, 8219483], ignoreOrder: true);
    }

    [Fact]
    public async Task A_reply_in_small_pieces_parses_to_the_same_facts()
    {
        var bytes = await File.ReadAllBytesAsync(SamplePath, TestCancellation);
        var whole = await SampleAsync();

        for (var piece = 1; piece <= 7; piece++)
        {
            await using var body = new PiecewiseStream(bytes, piece);
            FactsText.Of(await AggregatesReplyReader.ReadAsync(body, whole.Edges, TestCancellation)).ShouldBe(FactsText.Of(whole));
        }
    }

    [Fact]
    public async Task A_truncated_reply_is_never_parsed_as_facts()
    {
        var bytes = Encoding.UTF8.GetBytes(Wire.OneQueue);
        (await ReadAsync(Wire.OneQueue, GatewayDriver.Day)).Columns.Length.ShouldBe(2);

        for (var length = 0; length < bytes.Length; length++)
        {
            await using var body = new MemoryStream(bytes, 0, length);
            await ShouldBeUnreadableAsync(AggregatesReplyReader.ReadAsync(body, GatewayDriver.Day, TestCancellation));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("<html><body>502</body></html>")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("""{"results":{}}""")]
    [InlineData("""{"results":[5]}""")]
    [InlineData("""{"results":null}""")]
    [InlineData("""{"results":[null]}""")]
    [InlineData("""{"x":1}""")]
    [InlineData("""{"results":[],"code":"internal.server.error"}""")]
    public async Task A_body_that_is_not_an_aggregates_reply_is_unreadable(string body) => await ShouldBeUnreadableAsync(ReadAsync(body, Hours));

    [Theory]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("-Infinity", "\"-Infinity\"")]
    [InlineData("1e999", "1e999")]
    [InlineData("-1", "-1")]
    [InlineData("5.5", "5.5")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    [InlineData("true", "true")]
    [InlineData("{}", "an object")]
    public async Task An_invalid_count_is_omitted_from_its_cell_for_any_piece_size(string count, string shown)
    {
        var bytes = Encoding.UTF8.GetBytes(One(Bucket(0, $"{{\"max\":7,\"count\": {count} ,\"sum\":3}}"), Bucket(1, "{\"count\":4}")));
        for (var piece = 1; piece <= 40; piece++)
        {
            await using var body = new PiecewiseStream(bytes, piece);
            var column = (await AggregatesReplyReader.ReadAsync(body, Hours, TestCancellation)).Columns.ShouldHaveSingleItem();

            column.Invalid.ShouldBe([new InvalidStatistic(0, Statistic.Count, shown)]);
            (column.Count!, column.Sum!, column.Max!).ShouldSatisfyAllConditions(
                all => all.Item1.ShouldBe([0, 4]), all => all.Item2.ShouldBe([3, double.NaN]), all => all.Item3.ShouldBe([7, double.NaN]));
        }
    }

    [Fact]
    public async Task Ids_and_media_types_that_differ_in_case_are_the_same_series()
    {
        const string Id = "3f2504e0-4f89-41d3-9a0c-0305e82c33ab";
        var bucket = Bucket(0, "{\"count\":10}");
        var facts = await ReadAsync(
            $$$"""{"results":[{"group":{"queueId":"{{{Id.ToUpperInvariant()}}}","mediaType":"VOICE"},"data":[{{{bucket}}}]},{"group":{"queueId":"{{{Id}}}","mediaType":"voice"},"data":[{{{bucket}}}]}]}""", Hours);

        facts.Series.ShouldBe([new FactSeries(Id, "voice")]);
        facts.Columns.ShouldHaveSingleItem().Count!.ShouldBe([10]);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    public void Names_of_any_length_have_distinct_hashes(int length) =>
        Enumerable.Range(0, 50_000)
            .Select(number => Utf8StringTable.Hash(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0'))))
            .Distinct().Count().ShouldBeGreaterThan(49_900);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"results":[]}""")]
    [InlineData("""{"results":[{},{"group":null,"data":null},{"group":{"queueId":"q"},"data":[{"interval":"2026-01-01T00:00Z/x","metrics":null}]}]}""")]
    public async Task An_empty_reply_gives_no_facts(string body)
    {
        var facts = await ReadAsync(body.Replace("2026-01-01T00:00Z/x", "2026-01-01T00:00:00Z/2026-01-01T01:00:00Z", StringComparison.Ordinal), Hours);

        facts.Series.ShouldBeEmpty();
        facts.Columns.ShouldBeEmpty();
        facts.Edges.ShouldBe(Hours);
    }

    [Theory]
    [InlineData("2026-01-01T01:00:00.000Z/2026-01-01T02:00:00.000Z", 1)]
    [InlineData("2026-01-01T01:00:00Z/2026-01-01T02:00:00Z", 1)]
    [InlineData("2026-01-01T02:00:00+01:00/2026-01-01T03:00:00+01:00", 1)]
    [InlineData("2026-01-01T02:00:00.000Z/2026-01-01T03:00:00.000Z", 2)]
    [InlineData("2026-01-01T02:00:00.000Z/2026-01-01T02:17:00.000Z", 2)] // the last bucket, cut off at now
    public async Task A_planned_bucket_is_recognized_in_every_notation(string interval, int bucket)
    {
        var facts = await ReadAsync(One($$$"""{"interval":"{{{interval}}}","metrics":[{"metric":"m","stats":{"count":1}}]}"""), Hours);

        facts.Columns.ShouldHaveSingleItem().Cells.ShouldBe([bucket]);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00.000Z/2026-01-01T00:30:00.000Z")]
    [InlineData("2026-01-01T00:00:00.000Z/2026-01-01T02:00:00.000Z")]
    [InlineData("2026-01-01T00:30:00.000Z/2026-01-01T01:00:00.000Z")]
    [InlineData("2026-01-01T02:00:00.000Z/2026-01-01T03:30:00.000Z")]
    [InlineData("2026-01-01T02:00:00.000Z/2026-01-01T02:00:00.000Z")]
    [InlineData("2026-01-01T03:00:00.000Z/2026-01-01T04:00:00.000Z")]
    [InlineData("2026-01-01")]
    [InlineData("PT1H/2026-01-01T03:00:00.000Z")]
    public async Task An_unplanned_bucket_is_reported(string interval)
    {
        var failure = await ShouldBeUnreadableAsync(ReadAsync(One($$"""{"interval":"{{interval}}","metrics":[]}"""), Hours));

        failure.Failure.Message.ShouldContain(interval);
        failure.Retry.ShouldBe(RetryKind.Never);
    }

    [Fact]
    public async Task A_bucket_without_an_interval_is_unreadable() =>
        await ShouldBeUnreadableAsync(ReadAsync(One("""{"metrics":[{"metric":"m","stats":{"count":1}}]}"""), Hours));

    [Fact]
    public async Task Groups_without_a_queue_are_omitted_wherever_the_group_member_is()
    {
        var data = $"[{Bucket(0, """{"count":3}""")}]";
        var facts = await ReadAsync(
            $$$"""
            {"results":[{"group":{"mediaType":"voice"},"data":{{{data}}}},
            {"data":{{{data}}},"group":{"mediaType":"voice","queueId":null}},{"data":{{{data}}},"group":{"queueId":""}},{"data":{{{data}}}},
            {"data":{{{data}}},"group":{"queueId":"q"}}]}
            """,
            Hours);

        facts.Series.ShouldBe([new FactSeries("q", "unknown")]);
        facts.Columns.ShouldHaveSingleItem().Count.ShouldBe([3]);
    }

    [Fact]
    public async Task Parts_of_one_cell_are_merged_by_kind()
    {
        var facts = await ReadAsync(
            One("""
                {"interval":"2026-01-01T00:00:00.000Z/2026-01-01T01:00:00.000Z","metrics":[
                {"metric":"t","qualifier":"a","stats":{"count":1,"sum":10,"min":10,"max":10,"p95":10}},
                {"metric":"t","qualifier":"b","stats":{"count":2.0,"sum":50,"min":5,"max":45,"p95":44}},
                {"metric":"o","stats":{"numerator":1,"denominator":2,"target":0.8}},{"metric":"o","qualifier":"b","stats":{"numerator":2,"denominator":4,"target":0.5}},
                {"metric":"x","qualifier":"a","stats":{"count":1,"max":3}},{"metric":"x","stats":{"count":1}},{"metric":"x","stats":null},{}]}
                """),
            Hours);

        var columns = facts.Columns.ToDictionary(column => column.Metric);
        columns["t"].ShouldSatisfyAllConditions(
            t => t.Cells.ShouldBe([0]),
            t => t.Count.ShouldBe([3]),
            t => t.Sum.ShouldBe([60]),
            t => t.Min.ShouldBe([5]),
            t => t.Max.ShouldBe([45]),
            t => StatisticAccumulator.Known(t.P95, 0).ShouldBeNull());
        columns["o"].ShouldSatisfyAllConditions(o => o.Numerator.ShouldBe([3]), o => o.Denominator.ShouldBe([6]), o => StatisticAccumulator.Known(o.Target, 0).ShouldBeNull(), o => o.Count.ShouldBeNull());
        columns["x"].Count.ShouldBe([2]);
        StatisticAccumulator.Known(columns["x"].Max, 0).ShouldBeNull();
    }

    [Fact]
    public async Task A_missing_statistic_is_a_gap_if_other_cells_have_it()
    {
        var facts = await ReadAsync(One(Bucket(0, """{"count":1,"sum":4}"""), Bucket(2, """{"count":2,"sum":6,"min":1}"""), Bucket(1, """{"sum":9}""")), Hours);

        var column = facts.Columns.ShouldHaveSingleItem();
        column.Cells.ShouldBe([0, 1, 2]);
        column.Count.ShouldBe([1, 0, 2]);
        column.Sum.ShouldBe([4, 9, 6]);
        column.Min.ShouldBe([double.NaN, double.NaN, 1]);
        column.Max.ShouldBeNull();
    }

    [Fact]
    public async Task Escapes_are_decoded_and_unknown_members_are_ignored()
    {
        var facts = await ReadAsync(
            """
            {"x":{"results":[1,{"a":[]}]},"\u0072esults":[{"y":[[{}]],"group":{"queueId":"\u0071","z":{"queueId":"no"}},
            "data":[{"views":[{"name":"v","stats":{"count":9}}],"interval":"2026-01-01T00:00:00.000Z\/2026-01-01T01:00:00.000Z",
            "metrics":[{"metric":"\u006d","stats":{"co\u0075nt":1,"ratio":0.5,"new":{"count":7}}}]}]}]}
            """,
            Hours);

        facts.Series.ShouldBe([new FactSeries("q", "unknown")]);
        facts.Columns.ShouldHaveSingleItem().ShouldSatisfyAllConditions(column => column.Metric.ShouldBe("m"), column => column.Count.ShouldBe([1]));
    }

    [Fact]
    public async Task A_byte_order_mark_is_skipped() => (await ReadAsync("\uFEFF{}", Hours)).Series.ShouldBeEmpty();

    [Fact]
    public async Task A_very_long_value_is_skipped() =>
        (await ReadAsync($$"""{"note":"{{new string('x', 100_000)}}","results":[]}""", Hours)).Series.ShouldBeEmpty();

    internal static async Task<AggregateFacts> ReadAsync(string json, ImmutableArray<Instant> edges)
    {
        await using var body = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return await AggregatesReplyReader.ReadAsync(body, edges, TestCancellation);
    }

    private static string SamplePath => Path.Combine(AppContext.BaseDirectory, "Data", "aggregates-week-voice.json");

    private static async Task<AggregateFacts> SampleAsync()
    {
        await using var body = File.OpenRead(SamplePath);
        return await AggregatesReplyReader.ReadAsync(body, [Instant.FromUtc(2025, 1, 25, 21, 0), Instant.FromUtc(2025, 2, 1, 21, 0)], TestCancellation);
    }

    private static (long Count, double Sum, double Min, double Max) Figure(AggregateFacts facts, string metric, int cell)
    {
        var column = facts.Columns.Single(one => one.Metric == metric);
        var row = Array.IndexOf(column.Cells, cell);
        return (column.Count![row], column.Sum?[row] ?? 0, column.Min?[row] ?? 0, column.Max?[row] ?? 0);
    }

    private static string One(params string[] buckets) => $$$"""{"results":[{"group":{"queueId":"q","mediaType":"voice"},"data":[{{{string.Join(',', buckets)}}}]}]}""";

    private static string Bucket(int hour, string stats) =>
        $$$"""{"interval":"2026-01-01T0{{{hour}}}:00:00.000Z/2026-01-01T0{{{hour + 1}}}:00:00.000Z","metrics":[{"metric":"m","stats":{{{stats}}}}]}""";

    private static async Task<GenesysException> ShouldBeUnreadableAsync(Task<AggregateFacts> reading)
    {
        var failed = await Should.ThrowAsync<GenesysException>(() => reading);
        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
        return failed;
    }
}

/// <summary>A body that is read a few bytes at a time.</summary>
internal sealed class PiecewiseStream(byte[] bytes, int piece) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
}
