using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Folding;

/// <summary>Properties of the figures for a threshold: the counts add up like any other, and the quotient is computed last, from complete parts only.</summary>
public sealed class AnsweredWithinTests
{
    private static readonly Gen<Answer[]> Answers =
        (from queue in Gen.Int[1, 3]
         from media in GenChoice.OneOf("voice", "chat", "callback")
         from hour in Gen.Frequency((1, Gen.Int[0, 2]), (1, Gen.Int[0, GenFacts.Hours - 1]))
         from wait in GenChoice.OneOf(0L, 999L, 1_000L, 1_001L, 20_000L, 20_001L, 600_000L)
         from isAbandoned in Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true)))
         select new Answer(new FactSeries(QueueBuilder.Id(queue), media), hour, wait, isAbandoned)).Array[0, 60];

    [Fact]
    public void The_figures_equal_a_direct_count_of_all_answers_however_they_were_fetched() =>
        Gen.Select(Answers, GenChoice.OneOf(1_000, 20_000, 600_000), Gen.Int[0, GenFacts.Hours].Array[0, 5], GenChoice.OneOf(1, 24, 48), Gen.Int[0, 3], Gen.Int).Sample(
            (answers, threshold, cuts, bucketHours, groupBy, seed) =>
            {
                var grouping = (Grouping)groupBy;
                var records = Records(answers, threshold, cuts, bucketHours, grouping, new Random(seed));

                var expected = answers.GroupBy(answer => (Key(answer, grouping), answer.Hour / bucketHours)).ToDictionary(row => row.Key, row => row.ToList());
                records.Count.ShouldBe(expected.Count);
                foreach (var record in records)
                {
                    var own = expected[((record.QueueId, record.MediaType), (int)((InstantOf(record.From) - GenFacts.Start).TotalHours / bucketHours))];
                    var within = own.Count(answer => !answer.IsAbandoned && answer.Wait <= threshold);
                    record.AnsweredWithin.ShouldBe(within);
                    record.ServiceLevelWithin.ShouldBe(within / (double)own.Count);
                    record.Complete.ShouldBeTrue();
                }
            },
            iter: 500);

    [Fact]
    public void A_longer_threshold_never_counts_fewer_answers_and_the_longest_counts_all() =>
        Gen.Select(Answers, Gen.Int).Sample(
            (answers, seed) =>
            {
                var records = new[] { 1_000, 20_000, 600_000 }.Select(threshold => Records(answers, threshold, [7, 30], 24, Grouping.Queue, new Random(seed))).ToList();

                foreach (var (shorter, longer) in records.Zip(records.Skip(1)).SelectMany(pair => pair.First.Zip(pair.Second)))
                {
                    shorter.AnsweredWithin!.Value.ShouldBeLessThanOrEqualTo(longer.AnsweredWithin!.Value);
                    shorter.ServiceLevelWithin!.Value.ShouldBeLessThanOrEqualTo(longer.ServiceLevelWithin!.Value);
                }

                records[^1].ShouldAllBe(record => record.AnsweredWithin == record.Answered);
            },
            iter: 200);

    [Fact]
    public void The_hours_add_up_to_the_day() =>
        Gen.Select(Answers, Gen.Int).Sample(
            (answers, seed) =>
            {
                var hours = Records(answers, 20_000, [], 1, Grouping.Queue, new Random(seed));
                var days = Records(answers, 20_000, [24], 24, Grouping.Queue, new Random(seed + 1));

                days.ShouldAllBe(day => day.AnsweredWithin == hours.Where(hour => hour.QueueId == day.QueueId && Day(hour) == Day(day)).Sum(hour => hour.AnsweredWithin));
            },
            iter: 200);

    /// <summary>The numerator and the denominator come from different slices, so one of them can be missing.</summary>
    [Theory]
    [InlineData("within", 1L, 2L)]
    [InlineData("standard", 2L, 1L)]
    public void The_service_level_is_null_if_a_slice_of_its_bucket_is_missing(string failed, long within, long answered)
    {
        Answer[] answers = [new(Voice, 0, 5, false), new(Voice, 30, 5, false), new(Voice, 30, 5, true)];

        var records = Records(answers, 20_000, [24], 48, Grouping.Queue, new Random(1), key => key.Group.StartsWith(failed, StringComparison.Ordinal) && key.From == GenFacts.Start);
        var record = records.ShouldHaveSingleItem();
        (record.AnsweredWithin, record.Answered, record.ServiceLevelWithin, record.Complete).ShouldBe((within, answered, null, false));
        record.ServiceLevelDenominator.ShouldBe(failed == "standard" ? 2 : 3);

        var days = Records(answers, 20_000, [24], 24, Grouping.None, new Random(1), key => key.Group.StartsWith(failed, StringComparison.Ordinal) && key.From == GenFacts.Start);
        days[^1].ServiceLevelWithin.ShouldBe(0.5);
        days[^1].Complete.ShouldBeTrue();
        days[0].ServiceLevelWithin.ShouldBeNull();
    }

    [Fact]
    public void Without_any_slice_of_the_view_the_figures_are_null() =>
        Records([new(Voice, 0, 5, false)], 20_000, [], 48, Grouping.Queue, new Random(1), key => key.Group != "standard").ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(record => record.AnsweredWithin.ShouldBeNull(), record => record.ServiceLevelWithin.ShouldBeNull(), record => record.Answered.ShouldBe(1));

    [Fact]
    public void Without_answers_or_abandons_the_service_level_is_null_and_callbacks_have_no_figures()
    {
        FactCell[] offered = [new(Voice, 0, "nOffered") { Count = 1 }, new(Voice with { MediaType = "callback" }, 0, "nOffered") { Count = 1 }];

        var records = Records(offered, [], 20_000, [], 48, Grouping.Queue | Grouping.MediaType, new Random(1));

        records.Select(record => (record.MediaType, record.AnsweredWithin, record.ServiceLevelWithin)).ShouldBe([("callback", null, null), ("voice", 0L, null)]);
    }

    private static FactSeries Voice => new(QueueBuilder.Id(1), "voice");

    private static IReadOnlyList<PlainRecord> Records(
        Answer[] answers, int threshold, int[] cuts, int bucketHours, Grouping groupBy, Random random, Predicate<SliceKey>? fails = null)
    {
        var standard = answers.GroupBy(answer => (answer.Series, answer.Hour)).SelectMany(cell => new FactCell?[]
        {
            cell.Any(answer => !answer.IsAbandoned) ? new(cell.Key.Series, cell.Key.Hour, "tAnswered") { Count = cell.Count(answer => !answer.IsAbandoned) } : null,
            cell.Any(answer => answer.IsAbandoned) ? new(cell.Key.Series, cell.Key.Hour, "tAbandon") { Count = cell.Count(answer => answer.IsAbandoned) } : null,
            // GenFacts sets each denominator to twice the numerator.
            new(cell.Key.Series, cell.Key.Hour, "oServiceLevel") { Numerator = cell.Count() / 2.0 },
        });
        var within = answers.Where(answer => !answer.IsAbandoned && answer.Wait <= threshold).GroupBy(answer => (answer.Series, answer.Hour))
            .Select(cell => new FactCell(cell.Key.Series, cell.Key.Hour, AnsweredWithin.Column) { Count = cell.Count() });
        return Records([.. standard.OfType<FactCell>()], [.. within], threshold, cuts, bucketHours, groupBy, random, fails);
    }

    private static IReadOnlyList<PlainRecord> Records(
        FactCell[] standard, FactCell[] within, int threshold, int[] cuts, int bucketHours, Grouping groupBy, Random random, Predicate<SliceKey>? fails = null)
    {
        var (plan, read) = GenFacts.Slices(standard, cuts, bucketHours, random);
        var (_, ofView) = GenFacts.Slices(within, cuts, bucketHours, random);
        var group = AnsweredWithin.GroupOf(threshold);
        var windows = plan.Windows.Concat(plan.Windows.Select(window => window with { Slice = window.Slice with { Key = window.Slice.Key with { Group = group.Name }, Metrics = group } })).ToArray();
        random.Shuffle(windows);
        plan = plan with { Windows = [.. windows] };
        foreach (var window in windows)
        {
            var result = window.Slice.Metrics == group ? ofView[window.Slice.Key with { Group = "standard" }] with { Slice = window.Slice } : read[window.Slice.Key];
            read[window.Slice.Key] = fails?.Invoke(window.Slice.Key) == true ? result with { Facts = null } : result;
        }

        var scope = GenFacts.Scope(groupBy);
        var query = new AggregatesQuery
        {
            Interval = new(plan.Edges[0], plan.Edges[^1], EndsNow: false),
            Now = AggregatesClient.Now,
            Zone = DateTimeZone.Utc,
            GroupBy = groupBy,
            ServiceLevelThresholdMs = threshold,
        };
        return PlainRecords.Of(RecordList.Of(AggregatesFold.Fold(plan, read, scope), query, new BucketStatuses(plan, read, query.Zone, AggregatesClient.Settle), scope, new HashSet<string>()));
    }

    private static (string?, string?) Key(Answer answer, Grouping grouping) => (
        grouping.HasFlag(Grouping.Queue) ? answer.Series.QueueId : null, grouping.HasFlag(Grouping.MediaType) ? answer.Series.MediaType : null);

    private static Instant InstantOf(string text) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(text).Value;

    private static string Day(PlainRecord record) => record.From[..10];

    private sealed record Answer(FactSeries Series, int Hour, long Wait, bool IsAbandoned);
}
