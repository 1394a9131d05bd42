using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Planning;

/// <summary>Plans of queries with a filter by local time or with a comparison.</summary>
public sealed class FilteredPlanTests
{
    private static readonly Gen<AggregatesQuery> Filtered = Gen.Select(AggregatesClient.AnyQuery, GenLocalTime.Filter, (query, filter) => query with { LocalTime = filter });

    private static readonly Gen<AggregatesQuery> Compared =
        from query in Gen.OneOf(AggregatesClient.AnyQuery, Filtered)
        from name in GenChoice.OneOf(Comparison.Names)
        let comparison = Comparison.Resolve(name, null, query.Interval, query.Zone, query.Granularity, _ => { })
        where comparison is not null
        select query with { Comparison = comparison };

    [Fact]
    public void The_windows_cover_the_time_that_the_filter_includes_once_and_nothing_else() =>
        Filtered.Sample(
            query =>
            {
                var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);

                var runs = query.LocalTime!.IncludedIntervals(query.Interval.From, End(query), query.Zone);
                CheckCovered(plan, runs, query.Interval.EndsNow, query.Now);
                CheckBuckets(plan, query);
                for (var bucket = 0; bucket < plan.Edges.Length - 1; bucket++)
                {
                    plan.Includes(bucket).ShouldBe(runs.Any(run => run.From < plan.Edges[bucket + 1] && run.To > plan.Edges[bucket]));
                }
            },
            iter: 2_000);

    [Fact]
    public void A_filter_that_includes_all_time_covers_the_whole_interval() =>
        AggregatesClient.AnyQuery.Sample(
            query =>
            {
                var all = SlicePlanner.Plan(query with { LocalTime = GenLocalTime.Of("00:00-24:00", "mon-sun") }, AggregatesClient.Settle);

                all.Edges.ShouldBe(SlicePlanner.Plan(query, AggregatesClient.Settle).Edges);
                all.IsBucketIncluded.ShouldAllBe(isIncluded => isIncluded);
                CheckCovered(all, [(query.Interval.From, End(query))], query.Interval.EndsNow, query.Now);
            },
            iter: 2_000);

    [Fact]
    public void The_plan_of_a_comparison_covers_both_intervals() =>
        Compared.Sample(
            query =>
            {
                var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);

                var interval = query.Comparison!.Interval;
                CheckCovered(plan.Previous!, query.LocalTime?.IncludedIntervals(interval.From, interval.To, query.Zone) ?? [(interval.From, interval.To)], endsNow: false, query.Now);
                CheckBuckets(plan.Previous!, query with { Interval = interval });
                CheckBuckets(plan, query);
                plan.Slices.Select(slice => slice.Key).ShouldBe(plan.Windows.Concat(plan.Previous!.Windows).Select(window => window.Slice.Key).Distinct());
            },
            iter: 2_000);

    [Fact]
    public void A_filter_by_weekdays_alone_uses_slices_of_whole_days()
    {
        var query = AggregatesClient.Query(new() { From = "2026-09-01", To = "2026-11-01", Weekdays = ["mon-fri"], TimeZone = "Asia/Kolkata" }, AggregatesClient.Now);

        SlicePlanner.Plan(query, AggregatesClient.Settle).Slices.Select(slice => slice.Key.Step).Distinct().ShouldBe([Duration.FromHours(24)]);
        SlicePlanner.Plan(query, AggregatesClient.Settle).Slices.Length.ShouldBe(2);
    }

    [Fact]
    public void Slices_that_the_filter_excludes_are_not_read()
    {
        var query = AggregatesClient.Query(new() { From = "2026-11-09", To = "2026-11-16", Weekdays = ["wed"], Hours = ["08:00-20:00"], Granularity = "PT1H" }, AggregatesClient.Now);

        var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);

        plan.Slices.ShouldHaveSingleItem().Key.From.ShouldBe(Instant.FromUtc(2026, 11, 11, 0, 0));
        plan.BucketCount.ShouldBe(12);
    }

    private static Instant End(AggregatesQuery query) => query.Interval.EndsNow ? query.Now : query.Interval.To;

    /// <summary>The windows of the standard group, joined, must be the runs of the filter. The last window may extend to the end of the open bucket.</summary>
    private static void CheckCovered(SlicePlan plan, IReadOnlyList<(Instant From, Instant To)> runs, bool endsNow, Instant now)
    {
        var joined = new List<(Instant From, Instant To)>();
        foreach (var window in plan.Windows.OrderBy(window => window.From))
        {
            if (joined is [.., var last] && window.From < last.To)
            {
                Assert.Fail($"An overlap at {window.From}");
            }

            if (joined is [.., var before] && before.To == window.From)
            {
                joined[^1] = (before.From, window.To);
            }
            else
            {
                joined.Add((window.From, window.To));
            }
        }

        if (endsNow && joined is [.., var open] && open.To > now)
        {
            (open.To - now).ShouldBeLessThanOrEqualTo(Duration.FromHours(1));
            joined[^1] = (open.From, now);
        }

        joined.ShouldBe(runs);
    }

    private static void CheckBuckets(SlicePlan plan, AggregatesQuery query)
    {
        foreach (var window in plan.Windows)
        {
            foreach (var (start, end) in window.Slice.Key.Edges.Zip(window.Slice.Key.Edges.Skip(1)).Where(bucket => bucket.First >= window.From && bucket.First < window.To))
            {
                var bucket = FactsMerger.BucketAt(plan.Edges, start);
                bucket.ShouldBeInRange(0, plan.Edges.Length - 1);
                if (!(query.Interval.EndsNow && bucket >= plan.Edges.Length - 2) && end > plan.Edges[bucket + 1])
                {
                    Assert.Fail($"{start}–{end} is in two buckets");
                }
            }
        }
    }
}
