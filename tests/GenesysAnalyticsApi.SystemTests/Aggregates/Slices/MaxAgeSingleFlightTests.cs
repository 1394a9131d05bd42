using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Slices;

/// <summary>A question that needs younger figures than a flight under way can bring, on a clock that the test moves.</summary>
public sealed class MaxAgeSingleFlightTests
{
    private const string Day = "/aggregates?from=2026-11-20&to=2026-11-21&granularity=PT1H&groupBy=mediaType";

    [Theory]
    [InlineData("&maxAge=0")]
    [InlineData("&maxAge=4")]
    public async Task A_flight_that_began_earlier_than_the_question_allows_is_not_joined(string maxAge)
    {
        await using var given = await StartAsync();
        Slow(given);
        var first = given.AskAsync(Day);
        await IsAskedAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        var second = await given.AskAsync(Day + maxAge);

        (AgeOf(second), Stale(second), first.IsCompleted).ShouldBe((5, false, false));
        given.FakeClock.Advance(TimeSpan.FromSeconds(6));
        AgeOf(await first).ShouldBe(0);
        given.AggregateCalls.ShouldBe(2);
        AgeOf(await given.AskAsync(Day)).ShouldBe(5, "the younger figures stay");
    }

    [Fact]
    public async Task A_flight_that_began_late_enough_is_joined()
    {
        await using var given = await StartAsync();
        Slow(given);
        var first = given.AskAsync(Day);
        await IsAskedAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        var second = given.AskAsync(Day + "&maxAge=6");
        await AreWaitingAsync(given, 2);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        (AgeOf(await first), AgeOf(await second), given.AggregateCalls).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task Many_such_questions_share_a_second_flight_and_those_that_come_later_one_that_begins_when_one_has_landed()
    {
        await using var given = await StartAsync();
        Slow(given);
        var first = given.AskAsync(Day);
        await IsAskedAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(2));
        Slow(given);
        var second = AskTwentyAsync(given);
        await IsAskedAsync(given);
        await AreWaitingAsync(given, 21);
        given.FakeClock.Advance(TimeSpan.FromSeconds(1));
        var third = AskTwentyAsync(given);
        var fourth = given.AskAsync(Day + "&maxAge=2");
        await AreWaitingAsync(given, 42);
        given.Service.Services.GetRequiredService<SliceFetchCoordinator>().Count.ShouldBe(2, "both flights began too early for them");

        // The first flight lands, and the third begins.
        given.FakeClock.Advance(TimeSpan.FromSeconds(7));
        (await third).ShouldAllBe(answer => AgeOf(answer) == 10 && !Stale(answer));
        given.FakeClock.Advance(TimeSpan.FromSeconds(2));

        AgeOf(await first).ShouldBe(0);
        // They may find the third one's answer made.
        (await second).ShouldAllBe(answer => AgeOf(answer) >= 2 && !Stale(answer));
        AgeOf(await fourth).ShouldBe(2, "the second flight was young enough");
        given.AggregateCalls.ShouldBe(3);
    }

    [Fact]
    public async Task What_is_fetched_ahead_is_not_joined_either()
    {
        await using var given = await StartAsync();
        await given.AskAsync("/aggregates?period=today");
        given.FakeClock.Advance(TimeSpan.FromSeconds(26));
        Slow(given);
        await given.AskAsync("/aggregates?period=today&groupBy=none");
        await given.AskAsync("/aggregates?period=today&groupBy=queueId");
        await IsAskedAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(3));

        var answer = await given.AskAsync("/aggregates?period=today&maxAge=0");

        (AgeOf(answer), Stale(answer)).ShouldBe((29, false));
    }

    [Fact]
    public async Task A_flight_is_too_old_for_a_question_without_maxAge_when_its_figures_would_be_due()
    {
        // The hour is open when the first asks, and closed when the second does: figures of before then lack its end.
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new(2026, 11, 23, 9, 59, 58, TimeSpan.Zero));
        await using var given = await SimulatedService.StartAsync(clock: clock);
        await given.AskAsync("/queues");
        Slow(given);
        const string Hour = "/aggregates?from=2026-11-23T09:00Z&to=2026-11-23T10:00Z&granularity=PT1H";
        var first = given.AskAsync("/aggregates?from=2026-11-23T09:00Z&granularity=PT1H");
        await IsAskedAsync(given);
        clock.Advance(TimeSpan.FromSeconds(3));

        var second = await given.AskAsync(Hour);

        second.GetProperty("meta").GetProperty("asOf").GetDateTimeOffset().ShouldBe(clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(10));
        await first;
    }

    [Theory, EachRedis]
    public async Task Another_replica_asks_beside_the_one_that_began_too_early(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        await given.AskAsync("/queues");
        await using var other = given.Replica();
        using var client = other.CreateClient();
        await given.AskAsync("/queues", client);
        Slow(given);
        var first = given.AskAsync(Day);
        await IsAskedAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        var second = await given.AskAsync(Day + "&maxAge=0", client);

        (AgeOf(second), Stale(second), first.IsCompleted).ShouldBe((5, false, false));
        given.FakeClock.Advance(TimeSpan.FromSeconds(6));
        AgeOf(await first).ShouldBe(0);
        given.AggregateCalls.ShouldBe(2);
        AgeOf(await given.AskAsync(Day.Replace("mediaType", "none", StringComparison.Ordinal), client)).ShouldBe(5, "the older figures, which came later, replace nothing");
    }

    private static async Task<SimulatedService> StartAsync()
    {
        var given = await SimulatedService.StartAsync();
        await given.AskAsync("/queues");
        return given;
    }

    /// <summary>Genesys takes ten seconds for the next call.</summary>
    private static void Slow(SimulatedService given) => given.Simulator.Faults.Add(FaultNames.Slow, "10", times: 1, path: "/api/v2/analytics");

    private static Task IsAskedAsync(SimulatedService given) => Eventually.IsTrueAsync(() => given.Simulator.Faults.Active is [], "Genesys is asked");

    private static Task AreWaitingAsync(SimulatedService given, int questions) => Eventually.IsTrueAsync(
        () => given.Service.Services.GetRequiredService<SliceFetchCoordinator>().Waiting == questions, $"{questions} questions wait for a flight");

    private static Task<JsonElement[]> AskTwentyAsync(SimulatedService given) =>
        Task.WhenAll(Enumerable.Range(0, 20).Select(_ => given.AskAsync(Day + "&maxAge=0")));

    /// <summary>When it was fetched, in seconds since the test began.</summary>
    private static double AgeOf(JsonElement answer) => (answer.GetProperty("meta").GetProperty("asOf").GetDateTimeOffset() - SimulatedService.Monday).TotalSeconds;

    private static bool Stale(JsonElement answer) => answer.GetProperty("meta").GetProperty("stale").GetBoolean();
}
