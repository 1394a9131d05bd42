using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Folding;

/// <summary>Buckets of a query and of the compared interval are paired by local time.</summary>
public sealed class BucketPairsTests
{
    private static readonly Gen<AggregatesQuery> Compared =
        from query in AggregatesClient.AnyQuery
        from filter in Gen.Frequency((2, Gen.Const((LocalTimeFilter?)null)), (1, GenLocalTime.Filter.Select(filter => (LocalTimeFilter?)filter)))
        from name in GenChoice.OneOf(Comparison.Names)
        let comparison = Comparison.Resolve(name, null, query.Interval, query.Zone, query.Granularity, _ => { })
        where comparison is not null && query.Granularity is not null
        select query with { Comparison = comparison, LocalTime = filter };

    [Fact]
    public void Every_bucket_of_the_compared_interval_has_one_partner_or_is_reported() =>
        Compared.Sample(
            query =>
            {
                var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);
                var partners = BucketPairs.Of(plan, query);

                partners.Count.ShouldBe(plan.Edges.Length - 1);
                var paired = partners.Where(partner => partner >= 0).ToList();
                paired.Concat(BucketPairs.Unpaired(plan.Previous!, partners)).Distinct().Order()
                    .ShouldBe(Enumerable.Range(0, plan.Previous!.Edges.Length - 1).Where(plan.Previous.Includes));
                if (query.Comparison!.Name != "previous-year")
                {
                    // 28 and 29 February have the same partner in the year before.
                    paired.ShouldBeUnique();
                    paired.ShouldBeInOrder();
                }
            },
            iter: 1_000);

    [Fact]
    public void Without_a_clock_change_all_buckets_are_paired_in_order() =>
        Compared.Select(InUtc).Sample(
            query =>
            {
                var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);

                BucketPairs.Of(plan, query).ShouldBe(Enumerable.Range(0, plan.Edges.Length - 1));
                BucketPairs.Unpaired(plan.Previous!, BucketPairs.Of(plan, query)).ShouldBeEmpty();
            },
            iter: 300);

    /// <summary>The same query in UTC, in buckets of 2 hours or a day, without a filter, and not compared with the previous year.</summary>
    private static AggregatesQuery InUtc(AggregatesQuery query)
    {
        var granularity = Granularity.All.Single(known => known.Iso == (query.Granularity!.Unit == GranularityUnit.Clock ? "PT2H" : "P1D"));
        var from = BucketBoundaries.AtOrBefore(query.Interval.From, granularity, DateTimeZone.Utc);
        var interval = new QueryInterval(from, BucketBoundaries.After(query.Interval.To, granularity, DateTimeZone.Utc), EndsNow: false);
        return query with
        {
            Zone = DateTimeZone.Utc,
            Granularity = granularity,
            Interval = interval,
            LocalTime = null,
            Now = interval.To + Duration.FromDays(1),
            Comparison = Comparison.Resolve(query.Comparison!.Name == "previous-year" ? "previous" : query.Comparison.Name, null, interval, DateTimeZone.Utc, granularity, _ => { }),
        };
    }

    [Theory]
    // The hour from 02:00 occurs twice on 25 October and does not exist on 29 March.
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-26", "PT1H", "1", "")]
    [InlineData("Europe/Berlin", "2026-10-26", "2026-10-27", "PT1H", "", "1")]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-30", "PT1H", "", "1")]
    [InlineData("Europe/Berlin", "2026-03-30", "2026-03-31", "PT1H", "1", "")]
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-26", "PT15M", "4", "")]
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-26", "P1D", "", "")]
    // The clocks change by half an hour: one hourly bucket is longer or shorter, but none is missing or added.
    [InlineData("Australia/Lord_Howe", "2026-10-04", "2026-10-05", "PT1H", "", "")]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "2026-10-05", "PT30M", "", "1")]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "2026-04-06", "PT30M", "1", "")]
    // Midnight does not exist on this day.
    [InlineData("America/Havana", "2026-03-08", "2026-03-09", "P1D", "", "")]
    public void Only_the_hour_of_a_clock_change_has_no_partner(string zone, string from, string to, string granularity, string withoutPartner, string unpaired)
    {
        var query = AggregatesClient.Query(new() { From = from, To = to, Granularity = granularity, TimeZone = zone, Compare = "previous" }, AggregatesClient.Now);
        var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);

        var partners = BucketPairs.Of(plan, query);

        Shown(partners.Count(partner => partner < 0)).ShouldBe(withoutPartner);
        Shown(BucketPairs.Unpaired(plan.Previous!, partners).Count).ShouldBe(unpaired);

        static string Shown(int number) => number == 0 ? "" : number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_29th_of_February_is_compared_with_the_28th()
    {
        var query = AggregatesClient.Query(new() { From = "2024-02-27", To = "2024-03-02", Granularity = "P1D", Compare = "previous-year" }, AggregatesClient.Now);

        BucketPairs.Of(SlicePlanner.Plan(query, AggregatesClient.Settle), query).ShouldBe([0, 1, 1, 2]);
    }

    [Fact]
    public void Days_that_the_month_before_lacks_have_no_partner()
    {
        var query = AggregatesClient.Query(new() { Period = "this-month", Granularity = "P1D", Compare = "previous" }, Instant.FromUtc(2026, 3, 31, 10, 0));

        BucketPairs.Of(SlicePlanner.Plan(query, AggregatesClient.Settle), query).ShouldBe([.. Enumerable.Range(0, 28), -1, -1, -1]);
    }
}
