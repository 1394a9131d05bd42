using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Planning;

/// <summary>Learned slice sizes come only from successful replies, and they expire.</summary>
public sealed class LearnedSliceSizeTests
{
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    [Fact]
    public async Task A_query_that_fits_in_halves_is_requested_in_halves_for_a_while()
    {
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.TooLarge, null, 1, Aggregates));
        await given.QueryAsync("/queues");

        var first = await given.CallsOfAsync(() => given.QueryAsync(Day(10)));
        var second = await given.CallsOfAsync(() => given.QueryAsync(Day(11)));
        given.FakeClock.Advance(LearnedSliceSize.TrialInterval);
        var later = await given.CallsOfAsync(() => given.QueryAsync(Day(12)));

        (first, second, later).ShouldBe((3, 2, 1));
    }

    /// <summary>Two queries can record a size concurrently, the second with an earlier time. A size of 0 would make every later query fail.</summary>
    [Fact]
    public async Task A_clock_that_steps_back_does_not_shrink_the_size()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        var sizes = given.Service.Services.GetRequiredService<LearnedSliceSize>();
        var slice = SlicePlanner.Plan(AggregatesClient.Query(new() { From = "2026-10-10", To = "2026-10-11", Granularity = "PT1H" }, AggregatesClient.Now), AggregatesClient.Settle).Slices.First();

        sizes.RecordSplit(slice, 2);
        given.FakeClock.AdjustTime(given.FakeClock.GetUtcNow().AddMilliseconds(-1));
        sizes.RecordSplit(slice, 2);

        sizes.RequestsFor(slice).ShouldBe(24);
    }

    /// <summary>If Genesys rejects even a single hour, no size fits. With a learned size of one hour, later queries would be rejected as too wide.</summary>
    [Fact]
    public async Task If_nothing_fits_no_size_is_learned()
    {
        await using var given = await SimulatedService.StartAsync(
            settings: new() { ["Genesys:AsyncQueries"] = "false" }, faults: new SimulatorFault(FaultNames.TooLarge, null, null, Aggregates));
        await given.QueryAsync("/queues");
        using var refused = await given.Client.GetAsync(new Uri(Day(10), UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)refused.StatusCode).ShouldBe(502);

        given.Simulator.Faults.Clear();
        given.FakeClock.Advance(TooLargeRequestCache.Lifetime + TimeSpan.FromSeconds(1));

        // The header counts only the requests of this query: an abandoned half of the previous query may still be in flight.
        using var response = await given.Client.GetAsync(new Uri(Day(10), UriKind.Relative), TestContext.Current.CancellationToken);
        response.Headers.GetValues("X-Upstream").Single().ShouldStartWith("calls=1, ");
    }

    [Fact]
    public async Task Shards_that_were_needed_once_are_no_longer_used_after_an_hour()
    {
        await using var given = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 20, RequestsPerMinute = 1_000_000 }, faults: new SimulatorFault(FaultNames.TooLarge, null, 1, Aggregates));
        await given.QueryAsync("/queues");

        // The open hour is one bucket, which cannot be halved.
        await given.QueryAsync("/aggregates?from=2026-11-23T09:00&granularity=PT1H");
        var sharded = await ScopesAsync(given);
        given.FakeClock.Advance(TimeSpan.FromMinutes(61));

        (sharded, await ScopesAsync(given)).ShouldBe((2, 1));
    }

    private static string Day(int day) => $"/aggregates?from=2026-10-{day}&to=2026-10-{day + 1}&granularity=PT1H";

    private static async Task<int> ScopesAsync(SimulatedService given) =>
        (await given.QueryAsync("/aggregates?explain=true&from=2026-10-20&to=2026-10-21&granularity=PT1H")).GetProperty("slices").GetArrayLength();
}
