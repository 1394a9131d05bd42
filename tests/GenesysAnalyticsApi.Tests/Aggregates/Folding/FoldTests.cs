using System.Globalization;
using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Folding;

/// <summary>Properties of merging and folding facts. The reference is the simplest method: all cells of a row at once.</summary>
public sealed class FoldTests
{
    private static readonly HashSet<string> NothingRejected = [];

    [Fact]
    public void Merging_the_parts_restores_the_whole() =>
        Gen.Select(GenFacts.Cells, Gen.Int[0, GenFacts.Hours].Array[0, 5], Gen.Int).Sample(
            (cells, cuts, seed) =>
            {
                var random = new Random(seed);
                int[] at = [0, .. cuts.Where(cut => cut is > 0 and < GenFacts.Hours).Distinct().Order(), GenFacts.Hours];
                // Split by time, then each part by series.
                var parts = at.Zip(at.Skip(1)).SelectMany(part =>
                {
                    var (some, others) = (cells.Where(cell => cell.Series.MediaType == "voice"), cells.Where(cell => cell.Series.MediaType != "voice"));
                    return new[] { GenFacts.Facts(some, part.First, part.Second), GenFacts.Facts(others, part.First, part.Second) };
                });

                var merged = FactsMerger.Merge(GenFacts.Edges(0, GenFacts.Hours), GenFacts.Shuffled(parts, random));

                Text(merged).ShouldBe(Text(GenFacts.Facts(cells)));
                merged.Columns.Where(column => !column.Cells.SequenceEqual(column.Cells.Distinct().Order())).ShouldBeEmpty();
            },
            iter: 600);

    [Fact]
    public void A_row_combines_all_of_its_cells_however_they_were_fetched() =>
        Gen.Select(GenFacts.Cells, Gen.Int[0, GenFacts.Hours].Array[0, 6], GenChoice.OneOf(1, 24, 48), Gen.Int[0, 3], Gen.Int).Sample(
            (cells, cuts, bucketHours, groupBy, seed) =>
            {
                var grouping = (Grouping)groupBy;
                var (plan, read) = GenFacts.Slices(cells, cuts, bucketHours, new Random(seed));

                var folded = AggregatesFold.Fold(plan, read, GenFacts.Scope(grouping));

                var expected = cells.GroupBy(cell => RowOf(cell, grouping, bucketHours)).ToDictionary(row => row.Key, row => row.ToList());
                Enumerable.Range(0, folded.Rows.Count).Select(folded.Rows.RowAt).ShouldBe(expected.Keys, ignoreOrder: true);
                for (var row = 0; row < folded.Rows.Count; row++)
                {
                    foreach (var metric in expected[folded.Rows.RowAt(row)].GroupBy(cell => cell.Metric))
                    {
                        Shown(folded.Columns[metric.Key], row).ShouldBe(Expected(metric.Key, [.. metric], cells.Any(cell => cell.Metric == metric.Key && cell.Sum is not null)), $"{metric.Key} of {folded.Rows.RowAt(row)}");
                    }
                }
            },
            iter: 1_000);

    [Fact]
    public void Folding_hours_into_days_gives_the_same_figures_as_merging_them_into_days() =>
        Gen.Select(GenFacts.Cells, Gen.Int).Sample(
            (cells, seed) =>
            {
                var hours = GenFacts.Slices(cells, [7, 30], 24, new Random(seed));
                var days = FactsMerger.Merge(GenFacts.Edges(0, GenFacts.Hours, 24), [GenFacts.Facts(cells)]);

                var folded = AggregatesFold.Fold(hours.Plan, hours.Read, GenFacts.Scope(Grouping.Queue | Grouping.MediaType));

                foreach (var column in days.Columns)
                {
                    for (var i = 0; i < column.Cells.Length; i++)
                    {
                        var series = days.Series[column.Cells[i] / 2];
                        var row = Enumerable.Range(0, folded.Rows.Count).Single(row => folded.Rows.RowAt(row) == new FoldedRow(new RowGroup(series.QueueId, series.MediaType, null), column.Cells[i] % 2));
                        Shown(folded.Columns[column.Metric], row).ShouldBe(Shown(column, i));
                    }
                }
            },
            iter: 300);

    [Fact]
    public void Quotients_without_events_and_figures_that_Genesys_does_not_report_for_callbacks_are_null()
    {
        var record = Records([new FactCell(Voice, 0, "nOffered") { Count = 0 }]).Single();

        record.Offered.ShouldBe(0);
        record.Answered.ShouldBe(0);
        double?[] quotients =
        [
            record.AverageHandleTimeMs, record.AverageTalkTimeMs, record.AverageHoldTimeMs, record.AverageWrapTimeMs, record.AverageWaitTimeMs,
            record.AverageSpeedOfAnswerMs, record.AverageTimeToAbandonMs, record.ServiceLevel, record.ServiceLevelTarget, record.AnswerRate,
            record.AbandonRate, record.TransferRate, record.LongestWaitMs, record.LongestHandleTimeMs,
        ];
        quotients.ShouldAllBe(quotient => quotient == null);

        var callback = Records([new FactCell(Voice with { MediaType = "callback" }, 0, "nOffered") { Count = 3 }]).Single();
        callback.Offered.ShouldBe(3);
        new object?[] { callback.Answered, callback.Abandoned, callback.ShortAbandoned, callback.AnswerTimeMs, callback.AbandonTimeMs, callback.AnswerRate, callback.AbandonRate }
            .ShouldAllBe(figure => figure == null);
    }

    [Fact]
    public void A_maximum_is_unknown_if_a_part_with_events_lacks_it()
    {
        // Without a count, nothing happened in the second hour; with a count, its maximum is missing.
        Records([new(Voice, 0, "tHandle") { Count = 1, Max = 5 }, new(Voice, 1, "tHandle") { Sum = 0 }], bucketHours: 48).Single().LongestHandleTimeMs.ShouldBe(5);
        Records([new(Voice, 0, "tHandle") { Count = 1, Max = 5 }, new(Voice, 1, "tHandle") { Count = 1 }], bucketHours: 48).Single().LongestHandleTimeMs.ShouldBeNull();
        // Two slices, of which the second has no count in any cell.
        Records([new(Voice, 0, "tHandle") { Count = 1, Max = 5 }, new(Voice, 30, "tHandle") { Sum = 0 }], bucketHours: 48, cuts: [24]).Single().LongestHandleTimeMs.ShouldBe(5);
    }

    [Fact]
    public void Conflicting_targets_give_no_target()
    {
        FactCell[] cells = [new(Voice, 0, "oServiceLevel") { Numerator = 1, Target = 0.8 }, new(Voice, 1, "oServiceLevel") { Numerator = 2, Target = 0.8 }];

        Records(cells, bucketHours: 48).Single().ServiceLevelTarget.ShouldBe(0.8);
        Records(cells, bucketHours: 48).Single().ServiceLevel.ShouldBe(0.5);
        Records([cells[0], cells[1] with { Target = 0.9 }], bucketHours: 48).Single().ServiceLevelTarget.ShouldBeNull();
    }

    [Fact]
    public void Large_integers_are_written_exactly_and_overflows_are_null()
    {
        const long Limit = (1L << 53) - 1;
        var large = Json(Records([new(Voice, 0, "tHandle") { Count = Limit, Sum = Limit }, new(Voice, 0, "nOffered") { Count = 4_000_000_000_000 }]));
        large.ShouldContain("\"handled\":9007199254740991,");
        large.ShouldContain("\"totalHandleTimeMs\":9007199254740991,");
        large.ShouldContain("\"averageHandleTimeMs\":1,");
        large.ShouldContain("\"offered\":4000000000000,");

        FactCell[] beyond =
        [
            .. Enumerable.Range(0, 3).Select(hour => new FactCell(Voice, hour, "tHandle") { Count = 1, Sum = double.MaxValue, Max = double.MaxValue }),
            .. Enumerable.Range(0, 3).Select(hour => new FactCell(Voice, hour, "oServiceLevel") { Numerator = double.MaxValue / 4 }),
        ];
        var record = JsonDocument.Parse(Json(Records(beyond, bucketHours: 48, metrics: ["tHandle", "oServiceLevel"]))).RootElement.GetProperty("records")[0];
        record.GetProperty("totalHandleTimeMs").ValueKind.ShouldBe(JsonValueKind.Null);
        record.GetProperty("averageHandleTimeMs").ValueKind.ShouldBe(JsonValueKind.Null);
        record.GetProperty("serviceLevel").ValueKind.ShouldBe(JsonValueKind.Null);
        record.GetProperty("handled").GetInt64().ShouldBe(3);
    }

    [Fact]
    public void A_rejected_metric_is_null_even_if_an_older_slice_has_it()
    {
        FactCell[] cells = [new(Voice, 0, "tWait") { Count = 2, Sum = 10, Max = 7 }, new(Voice, 0, "oServiceLevel") { Numerator = 1, Target = 0.8 }];

        var record = Records(cells, rejected: ["tWait", "oServiceLevel"]).Single();

        new object?[] { record.WaitTimeMs, record.AverageWaitTimeMs, record.LongestWaitMs, record.ServiceLevel, record.ServiceLevelNumerator, record.ServiceLevelTarget }
            .ShouldAllBe(figure => figure == null);
    }

    [Fact]
    public void Non_additive_statistics_are_present_only_if_nothing_was_merged()
    {
        FactCell[] cells =
        [
            new(Voice, 0, "nConversations") { Count = 2 }, new(Voice, 1, "nConversations") { Count = 3 },
            new(Voice, 0, "oServiceTarget") { Target = 0.8 }, new(Voice, 1, "oServiceTarget") { Target = 0.8 },
            new(Voice, 0, "tHandle") { Count = 1, P95 = 9 }, new(Voice, 1, "tHandle") { Count = 1, P95 = 9 },
        ];
        string[] metrics = ["nConversations", "oServiceTarget", "tHandle"];

        var hour = Records(cells, bucketHours: 1, metrics: metrics)[0].Metrics!;
        hour["nConversations"].ShouldBe(new MetricStatistics { Count = 2 });
        hour["oServiceTarget"].ShouldBe(new MetricStatistics { Target = 0.8 });
        hour["tHandle"]!.Value.P95.ShouldBe(9);

        var day = Records(cells, bucketHours: 24, metrics: metrics).Single().Metrics!;
        day["nConversations"].ShouldBeNull();
        day["oServiceTarget"].ShouldBeNull();
        day["tHandle"]!.Value.P95.ShouldBeNull();
    }

    private static FactSeries Voice => new(QueueBuilder.Id(1), "voice");

    private static IReadOnlyList<PlainRecord> Records(
        FactCell[] cells, int bucketHours = 24, int[]? cuts = null, string[]? metrics = null, HashSet<string>? rejected = null)
    {
        var (plan, read) = GenFacts.Slices(cells, cuts ?? [], bucketHours, new Random(1));
        var scope = GenFacts.Scope(Grouping.Queue | Grouping.MediaType);
        var query = new GenesysAnalyticsApi.Aggregates.Request.AggregatesQuery
        {
            Interval = new(plan.Edges[0], plan.Edges[^1], EndsNow: false),
            Now = AggregatesClient.Now,
            Zone = NodaTime.DateTimeZone.Utc,
            Metrics = [.. metrics ?? []],
        };
        return PlainRecords.Of(RecordList.Of(AggregatesFold.Fold(plan, read, scope), query, new BucketStatuses(plan, read, query.Zone, AggregatesClient.Settle), scope, rejected ?? NothingRejected));
    }

    private static string Json(IReadOnlyList<PlainRecord> records) => JsonSerializer.Serialize(new PlainResponse(null!, null!, records), ResponseJson.TypeInfo);

    private static FoldedRow RowOf(FactCell cell, Grouping grouping, int bucketHours) => new(
        new RowGroup(
            grouping.HasFlag(Grouping.Queue) ? cell.Series.QueueId : null,
            grouping.HasFlag(Grouping.MediaType) ? cell.Series.MediaType : null,
            null),
        cell.Hour / bucketHours);

    /// <summary>The sum of a timer is unknown if one of its parts has a count but no sum. For other metrics, this applies only if any cell has a sum.</summary>
    private static double? SumOf(string metric, List<FactCell> parts, bool hasSums) =>
        parts.Exists(part => part.Count > 0 && part.Sum is null) && (hasSums || metric[0] == 't') ? null : parts.Sum(part => part.Sum ?? 0);

    private static string Expected(string metric, List<FactCell> parts, bool hasSums)
    {
        var isAdditive = GenesysMetrics.KindOf(metric) != MetricKind.NotAdditive;
        var counted = parts.Where(part => part.Count > 0).ToList();
        var longest = parts.Exists(part => part.Count > 0 && part.Max is null) ? null : parts.Max(part => part.Max);
        var targets = parts.Select(part => part.Target).Distinct().ToList();
        return Show(
            isAdditive || counted.Count < 2 ? counted.Sum(part => part.Count!.Value) : StatisticAccumulator.Unknown,
            SumOf(metric, parts, hasSums) ?? StatisticAccumulator.Unknown,
            longest,
            -longest,
            parts.Sum(part => part.Numerator ?? 0),
            parts.Sum(part => part.Numerator * 2 ?? 0),
            targets is [var target] && (isAdditive || parts.Count == 1) ? target : null,
            parts.Count == 1 ? parts[0].P95 : null);
    }

    private static string Shown(StatisticAccumulator column, int row) => Shown(column.ToFacts([]), row);

    private static string Shown(FactColumn column, int row) => Show(
        column.Count?[row] ?? 0, SumAt(column, row), StatisticAccumulator.Known(column.Max, row), StatisticAccumulator.Known(column.Min, row), column.Numerator?[row] ?? 0,
        column.Denominator?[row] ?? 0, StatisticAccumulator.Known(column.Target, row), StatisticAccumulator.Known(column.P95, row));

    private static string Show(long count, double sum, double? max, double? min, double numerator, double denominator, double? target, double? p95) =>
        string.Create(CultureInfo.InvariantCulture, $"count {count} sum {sum} max {max} min {min} {numerator}/{denominator} target {target:0.00} p95 {p95}");

    private static string Text(AggregateFacts facts) => string.Join('\n', facts.Columns
        .SelectMany(column => column.Cells.Select((cell, i) =>
            $"{facts.Series[cell / facts.BucketCount]} {cell % facts.BucketCount} {column.Metric} {Shown(column with { Numerator = Absent(column.Numerator), Denominator = Absent(column.Denominator) }, i)}"))
        .Order(StringComparer.Ordinal));

    private static double SumAt(FactColumn column, int row)
    {
        var isCounted = column.Count?[row] is not (null or 0);
        return column.Sum is { } sums ? (!double.IsNaN(sums[row]) ? sums[row] : isCounted ? StatisticAccumulator.Unknown : 0)
            : isCounted && column.Metric[0] == 't' ? StatisticAccumulator.Unknown : 0;
    }

    // An absent value is zero after merging.
    private static double[]? Absent(double[]? sums) => sums is null ? null : [.. sums.Select(sum => double.IsNaN(sum) ? 0 : sum)];
}
