using System.Collections.Immutable;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Planning;

public sealed class SlicePlannerTests
{
    [Fact]
    public void The_windows_of_a_plan_cover_the_interval_once_and_every_slice_bucket_lies_in_one_query_bucket() =>
        AggregatesClient.AnyQuery.Sample(
            query =>
            {
                var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);

                var at = query.Interval.From;
                foreach (var window in plan.Windows.OrderBy(window => window.From))
                {
                    if (window.From != at)
                    {
                        // Not as an assertion message, which would be formatted for every valid window too.
                        Assert.Fail($"A gap or an overlap at {at} in {Show(plan)}");
                    }

                    at = window.To;
                    CheckBuckets(window, plan.Edges, query);
                }

                if (query.Interval.EndsNow)
                {
                    at.ShouldBeGreaterThanOrEqualTo(Instant.Max(query.Interval.To, query.Now), "the interval includes everything until now");
                }
                else
                {
                    at.ShouldBe(query.Interval.To);
                }
            },
            iter: 20_000);

    [Fact]
    public void A_slice_never_mixes_open_and_closed_hours() =>
        AggregatesClient.AnyQuery.Sample(
            query =>
            {
                foreach (var slice in SlicePlanner.Plan(query, AggregatesClient.Settle).Slices.Where(slice => slice.Key.BucketCount > 1))
                {
                    var reachesOpenHour = slice.Key.To > query.Now;
                    reachesOpenHour.ShouldBe(reachesOpenHour && slice.Key.From > query.Now - Duration.FromHours(1), $"{slice.Key} at {query.Now}");
                }
            },
            iter: 5_000);

    [Fact]
    public void Zones_share_slices_with_equal_edges()
    {
        var berlin = Plan(new() { From = "2026-11-10T09:00+01:00", To = "2026-11-10T17:00+01:00", Granularity = "PT30M", TimeZone = "Europe/Berlin" });
        var lisbon = Plan(new() { From = "2026-11-10T10:00Z", To = "2026-11-10T12:00Z", Granularity = "PT30M", TimeZone = "Europe/Lisbon" });

        berlin.Slices.Select(slice => slice.Key).ShouldBe(lisbon.Slices.Select(slice => slice.Key));
    }

    [Theory]
    [InlineData("PT24H", 4)] // the partial first hour in buckets of 5 minutes; yesterday's hours; today's closed hours; the open hour
    [InlineData("P30D", 9)] // the same, and days: the rest of October, the settled days of November, three days that can still change
    public void A_total_consists_of_days_hours_and_the_partial_hour(string last, int slices)
    {
        var plan = Plan(new() { Last = last, TimeZone = "UTC" });

        plan.Slices.Length.ShouldBe(slices, Show(plan));
    }

    [Fact]
    public void A_day_with_a_clock_change_is_fetched_alone()
    {
        var plan = Plan(new() { From = "2026-10-01", To = "2026-11-01", Granularity = "P1D", TimeZone = "Europe/Berlin" });

        plan.Slices.Select(slice => (slice.Key.BucketCount, slice.Key.Step.TotalHours, slice.TimeZone)).ShouldBe(
            [(24, 24, "Europe/Berlin"), (1, 25, null), (6, 24, "Europe/Berlin")]);
    }

    [Fact]
    public void Unsettled_days_are_separate_slices_and_today_consists_of_hours()
    {
        var plan = Plan(new() { From = "2026-11-18", Granularity = "P1D", TimeZone = "UTC" });

        plan.Slices.Select(slice => (slice.Key.From.ToString(), slice.Key.BucketCount, slice.Key.Step.TotalHours)).ShouldBe(
        [
            ("2026-11-01T00:00:00Z", 19, 24), // one slice with all settled days of the month, of which the query uses two
            ("2026-11-20T00:00:00Z", 1, 24),
            ("2026-11-21T00:00:00Z", 1, 24),
            ("2026-11-22T00:00:00Z", 1, 24),
            ("2026-11-23T00:00:00Z", 9, 1),
            ("2026-11-23T09:00:00Z", 1, 1),
        ]);
    }

    /// <summary>Both slices have one key, so they are one entry of the cache. A shorter freshness or retention of the exact slice would apply to the shared slice too.</summary>
    [Theory]
    [InlineData("UTC", "2026-11-21T00:00", "2026-11-22T00:00")]
    [InlineData("UTC", "2026-10-01T00:00", "2026-10-02T00:00")]
    [InlineData("Europe/Berlin", "2026-10-25T00:00", "2026-10-26T00:00")] // 25 hours
    [InlineData("Australia/Lord_Howe", "2026-10-04T00:00", "2026-10-05T00:00")] // 23.5 hours
    [InlineData("UTC", "2026-11-20T18:15Z", "2026-11-21T18:15Z")] // a day in Nepal
    public void A_whole_day_as_one_bucket_is_the_slice_of_the_grid(string zone, string from, string to) =>
        ExactSlice(new() { From = from, To = to, TimeZone = zone }).Grain.ShouldBe(FetchGranularity.Day);

    [Fact]
    public void A_day_that_can_still_change_is_the_same_slice_as_one_bucket_and_on_the_grid()
    {
        var day = new AggregatesParameters { From = "2026-11-21", To = "2026-11-22", TimeZone = "UTC" };

        ExactSlice(day).ShouldBe(Plan(day).Slices.ShouldHaveSingleItem());
    }

    [Theory]
    [InlineData("2026-11-20T00:00Z", "2026-11-22T00:00Z")] // two days
    [InlineData("2026-11-20T00:01Z", "2026-11-21T00:01Z")] // in no zone does a day begin then
    [InlineData("2026-11-20T00:00Z", "2026-11-20T23:15Z")] // no day is as long
    [InlineData("2026-11-22T09:15Z", null)] // not over
    public void Another_interval_as_one_bucket_is_on_no_grid(string from, string? to) =>
        ExactSlice(new() { From = from, To = to, TimeZone = "UTC" }).Grain.ShouldBeNull();

    private static Slice ExactSlice(AggregatesParameters parameters) => SlicePlanner
        .PlanAsOneBucket(AggregatesClient.Query(parameters, AggregatesClient.Now), [new(QueueSharding.All, QueueSet.None)]).Slices.ShouldHaveSingleItem();

    private static SlicePlan Plan(AggregatesParameters parameters) => SlicePlanner.Plan(AggregatesClient.Query(parameters, AggregatesClient.Now), AggregatesClient.Settle);

    private static void CheckBuckets(SliceWindow window, ImmutableArray<Instant> edges, AggregatesQuery query)
    {
        window.Slice.Key.Edges.ShouldContain(window.From);
        window.Slice.Key.Edges.ShouldContain(window.To);
        foreach (var (start, end) in window.Slice.Key.Edges.Zip(window.Slice.Key.Edges.Skip(1)).Where(bucket => bucket.First >= window.From && bucket.First < window.To))
        {
            var bucket = Math.Min(FactsMerger.BucketAt(edges, start), edges.Length - 2);
            bucket.ShouldBeGreaterThanOrEqualTo(0);
            if (!(query.Interval.EndsNow && bucket == edges.Length - 2))
            {
                end.ShouldBeLessThanOrEqualTo(edges[bucket + 1]);
            }
        }
    }

    private static string Show(SlicePlan plan) => string.Join("\n", plan.Windows.Select(window => $"{window.Slice.Key} [{window.From}, {window.To})"));
}
