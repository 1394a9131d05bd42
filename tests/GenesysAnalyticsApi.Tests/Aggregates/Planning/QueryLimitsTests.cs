using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Tests.Aggregates.Planning;

/// <summary>Which queries are rejected before any Genesys request, and what the problem says would fit instead.</summary>
public sealed class QueryLimitsTests
{
    private static readonly GenesysRateLimiter Idle = new(TimeProvider.System, Options.Create(new GenesysOptions()), new LocalRateLimit());

    [Theory]
    [InlineData("P400D", null)] // the start is rounded down by two minutes
    [InlineData("P400D", "P1D")]
    [InlineData("P402D", null)]
    public void An_interval_is_limited_to_400_days_before_rounding(string last, string? granularity)
    {
        var limits = Limits();
        var query = AggregatesClient.Query(new() { Last = last, Granularity = granularity }, AggregatesClient.Now + NodaTime.Duration.FromMinutes(2));

        if (last == "P400D")
        {
            limits.CheckInterval(query);
        }
        else
        {
            ProblemOf(() => limits.CheckInterval(query)).ShouldBe("422 too-large: The interval has 402 days; the maximum is 400 (Aggregates:MaxInterval). Use a later start or an earlier end.");
        }
    }

    [Theory]
    [InlineData("PT1H", 1000, "none", null, null)]
    [InlineData("PT5M", 1000, "none", null, "422 too-large: The response would have about 8640000 rows; the maximum is 1000000 (Aggregates:MaxRows). With PT5M, about 3 days would fit; with PT1H, the whole interval. Or use format=ndjson, csv or parquet, which can have up to 20000000 rows.")]
    [InlineData("PT5M", 1000, "none", "none", null)] // merged over the queues, there is one row per bucket
    [InlineData("PT1H", 1000, "zero", null, "422 too-large: The response would have about 1440000 rows; the maximum is 1000000 (Aggregates:MaxRows). With PT1H, about 20 days would fit; with PT2H, the whole interval. Or use format=ndjson, csv or parquet, which can have up to 20000000 rows.")]
    [InlineData("PT5M", 10, "none", null, null)]
    public void Rows_are_estimated_from_the_selected_queues(string granularity, int queues, string fill, string? groupBy, string? expected)
    {
        var limits = Limits();
        var query = AggregatesClient.Query(
            new() { From = "2026-10-01", To = "2026-10-31", Granularity = granularity, Fill = fill, MediaType = ["voice,chat"], GroupBy = groupBy is null ? null : [groupBy] },
            AggregatesClient.Now);
        var selection = new ResolvedQueues(false, [.. Enumerable.Range(1, queues).Select(QueueBuilder.Id)], []);

        if (expected is null)
        {
            limits.CheckRows(query, SlicePlanner.Plan(query, AggregatesClient.Settle), selection);
        }
        else
        {
            ProblemOf(() => limits.CheckRows(query, SlicePlanner.Plan(query, AggregatesClient.Settle), selection)).ShouldBe(expected);
        }
    }

    /// <summary>
    /// 40 rows per hour without a split, 120 with one. What was learned about one is not used for the other, except that a split has at least as many rows.
    /// </summary>
    [Fact]
    public void The_rows_of_a_split_are_learned_and_estimated_separately()
    {
        var sizes = new LearnedSliceSize(Options.Create(new GenesysOptions { SliceRows = 240 }), TimeProvider.System);
        var limits = new QueryLimits(sizes, Idle, Options.Create(new AggregatesOptions { MaxRows = 2_000 }));
        var (whole, split) = (Day("queueId,mediaType"), Day("queueId,direction"));

        sizes.RecordRowsPerBucket(whole.Plan.Slices[0], Rows(40));
        (sizes.RequestsFor(whole.Plan.Slices[0]), sizes.RequestsFor(split.Plan.Slices[0])).ShouldBe((4, 4));
        limits.CheckRows(split.Query, split.Plan, new ResolvedQueues(true, [], []));

        sizes.RecordRowsPerBucket(split.Plan.Slices[0], Rows(120));
        (sizes.RequestsFor(whole.Plan.Slices[0]), sizes.RequestsFor(split.Plan.Slices[0])).ShouldBe((4, 12));
        limits.CheckRows(whole.Query, whole.Plan, new ResolvedQueues(true, [], []));
        ProblemOf(() => limits.CheckRows(split.Query, split.Plan, new ResolvedQueues(true, [], []))).ShouldStartWith("422 too-large: The response would have about 2880 rows; the maximum is 2000");

        // For named queues, too, the split has three times as many rows.
        var named = new ResolvedQueues(false, [.. Enumerable.Range(1, 30).Select(QueueBuilder.Id)], []);
        limits.CheckRows(whole.Query, whole.Plan, named);
        ProblemOf(() => limits.CheckRows(split.Query, split.Plan, named)).ShouldStartWith("422 too-large: The response would have about 2160 rows");

        static (AggregatesQuery Query, SlicePlan Plan) Day(string groupBy) =>
            AggregatesClient.Query(new() { From = "2026-10-01", To = "2026-10-02", Granularity = "PT1H", GroupBy = [groupBy] }, AggregatesClient.Now) is var query
                ? (query, SlicePlanner.Plan(query, AggregatesClient.Settle)) : default;

        static AggregateFacts Rows(int count) => new(
            [AggregatesClient.Now, AggregatesClient.Now + NodaTime.Duration.FromHours(1)], [], [new FactColumn { Metric = "nOffered", Cells = [.. Enumerable.Range(0, count)] }]);
    }

    /// <summary>No reply has shown how many queues have data, so one row per bucket is assumed.</summary>
    [Theory]
    [InlineData(null, null, "422 too-large: The response would have about 115200 rows, or more if several queues have data; the maximum is 100000 (Aggregates:StreamRows). Use a coarser granularity, or an interval shorter than 347 days. Or omit sort: without it, a response with more rows is streamed.")]
    [InlineData("08:00-10:00", null, null)]
    [InlineData("08:00-22:00", "previous-year", "422 too-large: The response, with the interval that it is compared with, would have about 134400 rows, or more if several queues have data; the maximum is 100000 (Aggregates:StreamRows). Use a coarser granularity, or an interval shorter than 297 days. Or omit sort, compare: without them, a response with more rows is streamed.")]
    public void Buckets_that_the_query_excludes_do_not_count_and_those_of_a_comparison_do(string? hours, string? compare, string? expected)
    {
        var limits = Limits();
        var query = AggregatesClient.Query(
            new() { From = "2025-10-14", To = "2026-11-18", Granularity = "PT5M", Hours = hours is null ? null : [hours], Compare = compare, Sort = ["-offered"] }, AggregatesClient.Now);

        var problem = Record.Exception(() =>
        {
            limits.CheckInterval(query);
            limits.CheckRows(query, SlicePlanner.Plan(query, AggregatesClient.Settle), new ResolvedQueues(true, [], []));
        });

        (problem is ProblemException refused ? TextOf(refused) : problem?.ToString()).ShouldBe(expected);
    }

    [Fact]
    public void A_query_that_needs_too_many_calls_is_rejected_and_the_problem_says_what_would_fit()
    {
        var limits = Limits();
        var query = AggregatesClient.Query(new() { From = "2026-06-01", To = "2026-08-30", Granularity = "PT5M" }, AggregatesClient.Now);

        ProblemOf(() => limits.CheckPlanAsync(query, SlicePlanner.Plan(query, AggregatesClient.Settle), QueueVisibility.All, _ => Task.FromResult(false)).GetAwaiter().GetResult()).ShouldBe(
            "422 too-wide: The query needs about 90 Genesys requests; the limit is 20 (Aggregates:AsyncAboveCalls). "
            + "Use a shorter interval (about 18 days would fit), or a coarser granularity. "
            + "Or send the header 'Prefer: respond-async': a job then runs the query, which takes about 1 minute.");
        ProblemOf(() => limits.CheckPlanAsync(query, SlicePlanner.Plan(query, AggregatesClient.Settle), QueueVisibility.Of(["Billing"], []), _ => Task.FromResult(false)).GetAwaiter().GetResult()).ShouldBe(
            "422 too-wide: The query needs more Genesys requests than the limit of 20 (Aggregates:AsyncAboveCalls). "
            + "Use a shorter interval, or a coarser granularity. Or send the header 'Prefer: respond-async': a job then runs the query.");
    }

    private static string ProblemOf(Action check)
    {
        return TextOf(Should.Throw<ProblemException>(check));
    }

    private static string TextOf(ProblemException refused)
    {
        var problem = refused.Problem;
        return $"{problem.Status} {problem.Name}: {problem.Detail} {problem.HttpRemedy}".TrimEnd();
    }

    private static QueryLimits Limits() =>
        new(new LearnedSliceSize(Options.Create(new GenesysOptions()), TimeProvider.System), Idle, Options.Create(new AggregatesOptions()));
}
