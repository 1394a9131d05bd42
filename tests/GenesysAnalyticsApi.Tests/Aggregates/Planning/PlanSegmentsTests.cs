using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Planning;

public sealed class PlanSegmentsTests
{
    [Fact]
    public void Segments_are_contiguous_and_contain_whole_buckets_and_each_window_once() =>
        Gen.Select(AggregatesClient.AnyQuery, Gen.Int[1, 200], Gen.Bool).Sample(
            (query, maxBuckets, isSharded) =>
            {
                var plan = isSharded
                    ? SlicePlanner.Plan(query, AggregatesClient.Settle, [new("0/2", QueueSet.Of(["a"])), new("1/2", QueueSet.Of(["b"]))])
                    : SlicePlanner.Plan(query, AggregatesClient.Settle);

                var segments = PlanSegments.Of(plan, maxBuckets);

                segments.SelectMany(segment => segment.Edges[..^1]).Append(segments[^1].Edges[^1]).ShouldBe(plan.Edges);
                segments.Skip(1).Select(segment => segment.Edges[0]).ShouldBe(segments.SkipLast(1).Select(segment => segment.Edges[^1]));
                segments.SelectMany(segment => segment.Windows).OrderBy(window => (window.Slice.Key.Text, window.From)).ShouldBe(plan.Windows.OrderBy(window => (window.Slice.Key.Text, window.From)));
                foreach (var (index, segment) in segments.Index())
                {
                    var (from, to, isLast) = (segment.Edges[0], segment.Edges[^1], index == segments.Count - 1);
                    // If the interval ends now, the last segment also contains the open bucket, which may start at the last edge.
                    segment.Windows.ShouldAllBe(window => window.From >= from && (isLast || (window.From < to && window.To <= to)));
                }
            },
            iter: 3_000);

    [Fact]
    public void A_segment_exceeds_the_limit_only_if_it_cannot_be_divided() =>
        Gen.Select(AggregatesClient.AnyQuery, Gen.Int[1, 200]).Sample(
            (query, maxBuckets) =>
            {
                var plan = SlicePlanner.Plan(query, AggregatesClient.Settle);

                foreach (var segment in PlanSegments.Of(plan, maxBuckets).Where(segment => segment.BucketCount > maxBuckets))
                {
                    segment.Edges[1..^1].ShouldAllBe(edge => segment.Windows.Any(window => window.From < edge && edge < window.To));
                }
            },
            iter: 1_000);

    [Fact]
    public void Small_segments_are_joined_up_to_the_limit() =>
        Gen.Select(AggregatesClient.AnyQuery, Gen.Int[1, 200]).Sample(
            (query, maxBuckets) =>
            {
                var segments = PlanSegments.Of(SlicePlanner.Plan(query, AggregatesClient.Settle), maxBuckets);

                segments.Zip(segments.Skip(1)).ShouldAllBe(pair => pair.First.BucketCount + pair.Second.BucketCount > maxBuckets);
            },
            iter: 1_000);

    [Theory]
    [InlineData("PT1H", "2026-10-24", "2026-10-27", "2 24 24 23")] // UTC days; the local day of the clock change has 25 hours
    [InlineData("P1D", "2026-09-25", "2026-10-27", "6 24 1 1")] // months, and the day of the clock change alone
    [InlineData("P1W", "2026-05-18", "2026-06-15", "2 2")] // 1 June is a Monday
    [InlineData("P1W", "2026-09-28", "2026-10-26", "4")] // a week that spans two months joins their segments
    public void Hours_are_divided_at_days_and_days_at_months(string granularity, string from, string to, string buckets)
    {
        var query = AggregatesClient.Query(new() { From = from, To = to, Granularity = granularity, TimeZone = "Europe/Berlin" }, AggregatesClient.Now);

        var segments = PlanSegments.Of(SlicePlanner.Plan(query, AggregatesClient.Settle), maxBuckets: 1);

        string.Join(' ', segments.Select(segment => segment.BucketCount)).ShouldBe(buckets);
    }
}
