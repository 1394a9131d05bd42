using System.Net;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Slices;

/// <summary>How many Genesys requests any number of queries need, counted by the simulator.</summary>
public sealed class SliceSharingTests
{
    private const string Day = "/aggregates?from=2026-11-20&to=2026-11-21&granularity=PT1H";

    [Fact]
    public async Task Three_hundred_concurrent_identical_queries_share_one_Genesys_request()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");

        var calls = await given.CallsOfAsync(() => Task.WhenAll(Enumerable.Range(0, 300).Select(_ => given.QueryAsync(Day))));

        calls.ShouldBe(1);
    }

    [Theory]
    [InlineData("&mediaType=voice")]
    [InlineData("&groupBy=queueId")]
    [InlineData("&groupBy=none")]
    [InlineData("&queue=Billing*")]
    [InlineData("&fill=zero")]
    [InlineData("&timeZone=Europe/Lisbon")]
    public async Task Other_filters_and_groupings_of_the_same_interval_need_no_Genesys_request(string other)
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync(Day);

        (await given.CallsOfAsync(() => given.QueryAsync(Day + other))).ShouldBe(0);
    }

    [Fact]
    public async Task A_granularity_folded_from_the_same_slices_needs_no_Genesys_request()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync(Day);

        (await given.CallsOfAsync(() => given.QueryAsync(Day.Replace("PT1H", "PT6H", StringComparison.Ordinal)))).ShouldBe(0);
    }

    [Fact]
    public async Task Overlapping_intervals_request_only_the_missing_slices()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/aggregates?from=2026-11-18&to=2026-11-20&granularity=PT1H");

        (await given.CallsOfAsync(() => given.QueryAsync("/aggregates?from=2026-11-19&to=2026-11-22&granularity=PT1H"))).ShouldBe(2);
    }

    [Fact]
    public async Task Three_hundred_concurrent_identical_queries_during_an_outage_share_one_Genesys_request_and_all_get_a_response()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        given.Simulator.Faults.Add(FaultNames.MissingPermission);

        var statuses = new List<HttpStatusCode>();
        var calls = await given.CallsOfAsync(async () => statuses.AddRange(await Task.WhenAll(Enumerable.Range(0, 300).Select(async _ =>
        {
            using var response = await given.Client.GetAsync(new Uri(Day, UriKind.Relative), TestContext.Current.CancellationToken);
            return response.StatusCode;
        }))));

        calls.ShouldBe(1);
        statuses.ShouldAllBe(status => status == HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_failure_is_remembered_for_two_seconds()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        given.Simulator.Faults.Add(FaultNames.MissingPermission);
        var refused = () => given.Client.GetAsync(new Uri(Day, UriKind.Relative), TestContext.Current.CancellationToken);

        (await given.CallsOfAsync(refused)).ShouldBe(1);
        given.FakeClock.Advance(TimeSpan.FromSeconds(1.9));
        (await given.CallsOfAsync(refused)).ShouldBe(0);
        given.FakeClock.Advance(TimeSpan.FromSeconds(0.2));
        (await given.CallsOfAsync(refused)).ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_that_disconnects_does_not_cancel_the_shared_fetch()
    {
        await using var given = await SimulatedService.StartAsync(clock: TimeProvider.System);
        await given.QueryAsync("/queues");
        given.Simulator.Faults.Add(FaultNames.Slow, "0.3", path: "/api/v2/analytics");
        using var leaving = new CancellationTokenSource();

        var leaves = given.Client.GetAsync(new Uri(Day, UriKind.Relative), leaving.Token);
        var stays = given.QueryAsync(Day);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaves);

        (await stays).GetProperty("records").GetArrayLength().ShouldBeGreaterThan(0);
        given.AggregateCalls.ShouldBe(1);
    }
}
