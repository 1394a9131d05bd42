using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysSimulator;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Slices;

public sealed class FreshnessTests
{
    private static readonly Instant End = Instant.FromUtc(2026, 11, 23, 0, 0);

    [Theory]
    [InlineData(-0.5, 30)] // open
    [InlineData(0, 300)] // just closed
    [InlineData(23.9, 300)]
    [InlineData(24, 1800)]
    [InlineData(71, 1800)]
    [InlineData(72, 86400)] // settled
    [InlineData(2000, 86400)]
    public void Freshness_follows_the_age_of_the_slice_end_at_fetch_time(double ageHours, int seconds) =>
        SliceFreshness.Of(End, End + Duration.FromHours(ageHours), AggregatesClient.Settle).ShouldBe(Duration.FromSeconds(seconds));

    [Theory]
    [InlineData(-0.003, 0)] // fetched 11 s before it closes: due when it closes
    [InlineData(71.9, 72)] // fetched shortly before it settles: due when it settles
    [InlineData(-1, -0.991666)] // fetched while open: due after 30 s
    public void A_slice_is_due_at_the_latest_when_it_closes_or_settles(double fetchedHours, double dueHours) =>
        (SliceFreshness.RefreshDueAt(SliceOf(FetchGranularity.Hour), End + Duration.FromHours(fetchedHours), AggregatesClient.Settle) - End).TotalHours.ShouldBe(dueHours, 0.001);

    [Fact]
    public void A_slice_is_always_due_after_its_fetch_and_within_a_day() =>
        Gen.Long[-7_200, 90 * 86_400].Sample(seconds =>
        {
            var fetchedAt = End + Duration.FromSeconds(seconds);
            var due = SliceFreshness.RefreshDueAt(SliceOf(FetchGranularity.Hour), fetchedAt, AggregatesClient.Settle);
            due.ShouldBeGreaterThan(fetchedAt);
            due.ShouldBeLessThanOrEqualTo(fetchedAt + Duration.FromHours(24));
        });

    [Fact]
    public async Task A_day_that_can_still_change_is_fresh_for_half_an_hour()
    {
        await using var given = await SimulatedService.StartAsync();
        const string query = "/aggregates?from=2026-11-21&to=2026-11-22&granularity=P1D";
        await given.QueryAsync(query);

        given.FakeClock.Advance(TimeSpan.FromMinutes(23));
        (await given.CallsOfAsync(() => given.QueryAsync(query))).ShouldBe(0);

        given.FakeClock.Advance(TimeSpan.FromMinutes(8));
        (await given.CallsOfAsync(() => given.QueryAsync(query))).ShouldBe(1);
    }

    /// <summary>
    /// On the grid, the compared day is part of a slice of many days, which takes one request for each day. Each interval is therefore planned as one bucket.
    /// The bucket of the current interval is a day that other queries use on the grid.
    /// </summary>
    [Fact]
    public async Task A_day_planned_as_one_bucket_is_as_fresh_as_on_the_grid()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:SliceRows"] = "20", ["Aggregates:AsyncAboveCalls"] = "5" });
        const string day = "/aggregates?from=2026-11-21&to=2026-11-22";
        await given.QueryAsync(day);
        given.FakeClock.Advance(TimeSpan.FromMinutes(6));

        (await given.CallsOfAsync(() => given.QueryAsync(day + "&compare=previous-week"))).ShouldBe(1, "only the compared day is fetched");
        given.FakeClock.Advance(TimeSpan.FromMinutes(6));
        (await given.CallsOfAsync(() => given.QueryAsync(day))).ShouldBe(0);
    }

    /// <summary>Replicas share a slice on the grid even if it has a single bucket. They do not share exact slices.</summary>
    [Theory, EachRedis]
    public async Task Replicas_share_a_day_that_can_still_change(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(
            settings: new() { ["Cache:Redis"] = redis.ConnectionString }, clock: TimeProvider.System, replace: PatientRedisConnection.Add);
        await using var other = given.Replica();
        using var client = other.CreateClient();
        var yesterday = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InUtc().Date.PlusDays(-1);
        var query = $"/aggregates?from={yesterday:uuuu-MM-dd}&to={yesterday.PlusDays(1):uuuu-MM-dd}&granularity=P1D";

        (await given.CallsOfAsync(() => given.QueryAsync(query))).ShouldBe(1);
        (await given.CallsOfAsync(() => given.QueryAsync(query, client))).ShouldBe(0);
    }

    [Theory]
    [InlineData("2026-11-22T23:59:30Z", "2026-11-23T00:00:01Z", "/aggregates?from=2026-11-22T23:00Z&to=2026-11-23T00:00Z&granularity=PT1H")] // open, then closed
    [InlineData("2026-11-23T09:59:50Z", "2026-11-23T10:00:01Z", "/aggregates?from=2026-11-23T09:00Z&to=2026-11-23T10:00Z&granularity=PT1H")]
    [InlineData("2026-11-22T23:50:00Z", "2026-11-23T00:00:01Z", "/aggregates?from=2026-11-19&to=2026-11-20&granularity=PT1H")] // unsettled, then settled
    public async Task A_slice_is_refetched_when_it_has_closed_or_settled(string first, string later, string query)
    {
        await using var given = await SimulatedService.StartAsync(clock: new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.Parse(first, null)));
        await given.QueryAsync(query);
        (await given.CallsOfAsync(() => given.QueryAsync(query))).ShouldBe(0);

        given.FakeClock.SetUtcNow(DateTimeOffset.Parse(later, null));

        (await given.CallsOfAsync(() => given.QueryAsync(query))).ShouldBe(1);
    }

    [Fact]
    public async Task MaxAge_only_shortens_freshness()
    {
        await using var given = await SimulatedService.StartAsync();
        const string Day = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H";
        await given.QueryAsync(Day);
        given.FakeClock.Advance(TimeSpan.FromSeconds(61));

        (await given.CallsOfAsync(() => given.QueryAsync(Day + "&maxAge=120"))).ShouldBe(0);
        (await given.CallsOfAsync(() => given.QueryAsync(Day + "&maxAge=60"))).ShouldBe(1);
        (await given.CallsOfAsync(() => given.QueryAsync(Day + "&maxAge=0"))).ShouldBe(1);
        (await given.CallsOfAsync(() => given.QueryAsync(Day + "&maxAge=86400"))).ShouldBe(0);
    }

    [Fact]
    public async Task Late_data_appears_when_freshness_ends_and_a_change_of_settled_data_is_logged_once()
    {
        var changed = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
        await using var given = await SimulatedService.StartAsync(new SimulatorSettings
        {
            Queues = 8,
            RequestsPerMinute = 1_000_000,
            DriftFrom = new(2026, 11, 10, 0, 0, 0, TimeSpan.Zero),
            DriftTo = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero),
            DriftAt = changed,
        });
        const string Settled = "/aggregates?from=2026-11-12&to=2026-11-13&granularity=PT1H&groupBy=none";
        const string Young = "/aggregates?from=2026-11-21&to=2026-11-22&granularity=PT1H&groupBy=none";
        var (settled, young) = (await WrapTimeAsync(given, Settled), await WrapTimeAsync(given, Young));
        given.FakeClock.SetUtcNow(changed.AddMinutes(1));

        (await WrapTimeAsync(given, Young)).ShouldBeGreaterThan(young);
        given.FakeClock.SetUtcNow(SimulatedService.Monday.AddHours(24).AddSeconds(1));
        (await WrapTimeAsync(given, Settled)).ShouldBeGreaterThan(settled);
        await WrapTimeAsync(given, Settled + "&maxAge=0");

        given.Service.Log.AsText().Split('\n').Count(line => line.Contains("Settled data", StringComparison.Ordinal)).ShouldBe(1);
        given.Service.Log.AsText().ShouldContain("tAcw, tHandle");
    }

    [Fact]
    public async Task Only_the_second_query_near_the_end_of_freshness_triggers_a_background_fetch()
    {
        await using var given = await SimulatedService.StartAsync();
        const string Day = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H";
        await given.QueryAsync(Day);
        given.FakeClock.Advance(TimeSpan.FromHours(20));

        (await given.CallsOfAsync(() => given.QueryAsync(Day))).ShouldBe(0);
        given.AggregateCalls.ShouldBe(1);
        await given.QueryAsync(Day);

        // The fetch runs in the background. If it has to pause on a busy machine, the pauses follow the test's clock.
        await Eventually.IsTrueAsync(
            () =>
            {
                given.FakeClock.Advance(TimeSpan.FromMilliseconds(1));
                return given.AggregateCalls == 2;
            },
            "the slice is fetched in the background");
    }

    private static Slice SliceOf(FetchGranularity grain) =>
        new(new SliceKey(End - Duration.FromHours(1), Duration.FromHours(1), 1, "standard", null), grain, null, GenesysMetrics.StandardGroup);

    private static async Task<long> WrapTimeAsync(SimulatedService given, string query) =>
        (await given.QueryAsync(query)).GetProperty("records").EnumerateArray().Sum((JsonElement record) => record.GetProperty("wrapTimeMs").GetInt64());
}
