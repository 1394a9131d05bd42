using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Replicas with different clocks, and a clock that is set back.</summary>
public sealed class ClockSkewTests
{
    private const string Day = "/aggregates?from=2026-11-20&to=2026-11-21&granularity=PT1H";

    [Theory, EachRedis]
    public Task A_replica_with_a_fast_clock_does_not_mislead_others_about_the_age_of_figures(string software) => AssertSkewIsHarmlessAsync(software, ahead: 3_600);

    [Theory, EachRedis]
    public Task A_replica_with_a_slow_clock_does_not_mislead_others_about_the_age_of_figures(string software) => AssertSkewIsHarmlessAsync(software, ahead: -3_600);

    [Theory, EachRedis]
    public async Task A_slice_with_a_future_fetch_time_is_ignored_and_replaced(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var right = await Replica.ConnectedAsync(redis);
        await using var ahead = await Replica.ConnectedAsync(redis);
        ahead.Clock.Advance(TimeSpan.FromHours(1));
        await ahead.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1, fetchedAfterNoon: 4_000), TimeSpan.FromDays(7), memoryOnly: false);

        (await right.Slices.FindAsync(SliceBuilder.Key, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await right.Slices.FindSharedAsync(SliceBuilder.Key, QueueSet.None, TestContext.Current.CancellationToken)).ShouldBeNull();
        await right.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2), TimeSpan.FromDays(7), memoryOnly: false);

        await using var third = await Replica.ConnectedAsync(redis);
        SliceBuilder.SumOf(await third.Slices.FindAsync(SliceBuilder.Key, TestContext.Current.CancellationToken)).ShouldBe(2);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_keep_figures_fresh_forever()
    {
        var clock = new ClockSetBack(new FakeTimeProvider(SimulatedService.Monday));
        await using var given = await SimulatedService.StartAsync(clock: clock);
        await given.QueryAsync(Day);
        await given.QueryAsync(Day);
        await given.QueryAsync(Day);
        clock.SetBack(TimeSpan.FromHours(2));

        var calls = new List<int>();
        for (var time = 0; time < 3; time++)
        {
            calls.Add(await given.CallsOfAsync(async () => AsOf(await given.QueryAsync(Day)).ShouldBeLessThanOrEqualTo(clock.GetUtcNow())));
        }

        calls.ShouldBe([1, 0, 0]);
        using var response = await given.Client.GetAsync(new Uri(Day, UriKind.Relative), TestContext.Current.CancellationToken);
        response.Headers.CacheControl!.MaxAge!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(30));
        clock.Advance(TimeSpan.FromMinutes(31));
        (await given.CallsOfAsync(() => given.QueryAsync(Day))).ShouldBe(1);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_extend_a_remembered_failure()
    {
        var clock = new ClockSetBack(new FakeTimeProvider(SimulatedService.Monday));
        await using var given = await SimulatedService.StartAsync(clock: clock);
        await given.QueryAsync("/queues");
        given.Simulator.Faults.Add(FaultNames.MissingPermission, path: "/api/v2/analytics");
        using var refused = await given.Client.GetAsync(new Uri(Day, UriKind.Relative), TestContext.Current.CancellationToken);
        given.Simulator.Faults.Clear();
        clock.SetBack(TimeSpan.FromHours(2));

        ((int)refused.StatusCode).ShouldBe(502);
        await given.QueryAsync(Day);
    }

    [Theory]
    [InlineData("20", "ok", null)]
    [InlineData("600", "degraded", "The clock is 600.0 s behind Genesys'. 30 s are tolerated. Synchronize the clock of this machine, or of the host of its containers, with NTP (timedatectl shows whether it is synchronized).")]
    [InlineData("-600", "degraded", "The clock is 599.0 s ahead of Genesys'. 30 s are tolerated. Synchronize the clock of this machine, or of the host of its containers, with NTP (timedatectl shows whether it is synchronized).")]
    public async Task Readiness_reports_clock_skew_and_stays_ready(string seconds, string condition, string? reason)
    {
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.WrongClock, seconds));
        await given.QueryAsync("/queues");

        var ready = await given.QueryAsync("/health/ready");

        var clock = ready.GetProperty("checks").GetProperty("clock");
        ready.GetProperty("status").GetString().ShouldBe("ready");
        clock.GetProperty("condition").GetString().ShouldBe(condition);
        (clock.TryGetProperty("reason", out var text) ? text.GetString() : null).ShouldBe(reason);
    }

    [Theory, EachRedis]
    public async Task Readiness_and_the_doctor_report_clock_skew_of_Redis(string software)
    {
        // The test's clock stands still in 2026, but the clock of Redis runs in real time.
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        await given.QueryAsync("/queues");

        var clock = (await given.QueryAsync("/health/ready")).GetProperty("checks").GetProperty("clock");
        var found = await DoctorReport.OfAsync(given.Client);

        clock.GetProperty("condition").GetString().ShouldBe("degraded");
        clock.GetProperty("reason").GetString()!.ShouldMatch("^The clock is [0-9.]+ s (ahead of|behind) Redis'. 30 s are tolerated. Synchronize the clock of the Redis machine with NTP");
        found["clock"].Condition.ShouldBe("warning");
        found["clock"].Finding.ShouldMatch("^The clock is within a second of Genesys'. The clock is [0-9.]+ s (ahead of|behind) Redis'.$");
        found["clock"].Remedy!.ShouldStartWith("Synchronize the clock of the Redis machine with NTP");
    }

    private static async Task AssertSkewIsHarmlessAsync(string software, int ahead)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        await given.QueryAsync("/queues");
        var wrong = new FakeTimeProvider(SimulatedService.Monday.AddSeconds(ahead));
        await using var other = given.Replica(clock: wrong);
        using var client = other.CreateClient();
        (await given.CallsOfAsync(() => given.QueryAsync(Day, client))).ShouldBe(1);

        // Slices from the other replica have their true age: they are used, and refetched when due.
        (await given.CallsOfAsync(async () => AsOf(await given.QueryAsync(Day)).ShouldBe(SimulatedService.Monday, TimeSpan.FromSeconds(2)))).ShouldBe(0);
        var later = await LaterAsync(given, wrong, TimeSpan.FromMinutes(31));
        later.Calls.ShouldBe(1);
        later.AsOf.ShouldBe(given.Clock.GetUtcNow());

        // Vice versa, slices have their true age for the replica with the wrong clock, and the asOf of its responses is never in its future.
        (await given.CallsOfAsync(async () => AsOf(await given.QueryAsync(Day + "&maxAge=60", client)).ShouldBeInRange(wrong.GetUtcNow().AddSeconds(-2), wrong.GetUtcNow()))).ShouldBe(0);
    }

    private static async Task<(int Calls, DateTimeOffset AsOf)> LaterAsync(SimulatedService given, FakeTimeProvider other, TimeSpan passed)
    {
        given.FakeClock.Advance(passed);
        other.Advance(passed);
        JsonElement response = default;
        var calls = await given.CallsOfAsync(async () => response = await given.QueryAsync(Day));
        return (calls, AsOf(response));
    }

    private static DateTimeOffset AsOf(JsonElement response) => response.GetProperty("meta").GetProperty("asOf").GetDateTimeOffset();

    /// <summary>A clock whose time of day can be set back while timers continue, as NTP does.</summary>
    private sealed class ClockSetBack(FakeTimeProvider clock) : TimeProvider
    {
        private TimeSpan _back;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public void SetBack(TimeSpan by) => _back = by;

        public void Advance(TimeSpan by) => clock.Advance(by);

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() - _back;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }
}
