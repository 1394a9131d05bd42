using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>The service limits the Genesys requests of one query, counted at the fake upstream, and remembers queries that stay too large when split.</summary>
public sealed class CallBudgetTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    private const string Limit = "Result set is larger than result limit of 30000 results. Please narrow the interval or the filter of the query.";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("from=2026-11-10&to=2026-11-11&granularity=PT1H", 5)]
    [InlineData("from=2026-11-10&to=2026-11-11", 5)]
    [InlineData("from=2026-11-09&to=2026-11-16&granularity=PT1H", 40)]
    [InlineData("from=2026-10-20&to=2026-11-09&granularity=PT1H", 40)]
    [InlineData("from=2026-10-01&to=2026-11-18&granularity=P1D&metric=tTalk,nConsult,nOutboundAttempted", 40)]
    public async Task A_query_that_is_too_large_even_when_split_is_rejected_within_its_call_budget_and_sends_nothing_when_repeated(string query, int limit)
    {
        var genesys = TooLarge();
        using var service = Service(genesys);

        await RejectedAsync(service, query);
        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(limit);

        // A wide query does not try all of its parts the first time.
        _clock.Advance(TimeSpan.FromSeconds(3));
        await RejectedAsync(service, query);
        _clock.Advance(TimeSpan.FromSeconds(3));
        genesys.Requests.Clear();
        await RejectedAsync(service, query);
        await RejectedAsync(service, query);
        genesys.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_query_that_was_too_large_is_tried_again_after_the_cache_lifetime()
    {
        var genesys = TooLarge();
        using var service = Service(genesys);
        const string Day = "from=2026-11-10&to=2026-11-11&granularity=PT1H";
        await RejectedAsync(service, Day);
        genesys.Rejects = _ => null;

        _clock.Advance(TooLargeRequestCache.Lifetime + TimeSpan.FromSeconds(1));

        (await service.QueryAsync(Day)).Meta()["complete"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Concurrent_identical_queries_send_no_more_Genesys_requests_than_one()
    {
        var genesys = TooLarge();
        using var service = Service(genesys);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RejectedAsync(service, "from=2026-11-09&to=2026-11-16&granularity=PT1H")));

        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(40);
    }

    [Fact]
    public async Task Other_days_are_returned_while_one_day_is_too_large()
    {
        var genesys = new FakeGenesysServer { Rejects = request => request.Edges[0].ToString()!.StartsWith("2026-11-10", StringComparison.Ordinal) ? FakeGenesysServer.Error(Limit) : null };
        using var service = Service(genesys);
        await RejectedAsync(service, "from=2026-11-10&to=2026-11-11&granularity=PT1H");

        var response = await service.QueryAsync("from=2026-11-09&to=2026-11-16&granularity=PT1H");

        response.Meta()["failedSlices"]!.AsArray().ShouldHaveSingleItem()!.AsObject().Text("from").ShouldBe("2026-11-10T00:00:00Z");
    }

    [Fact]
    public async Task A_query_that_exhausts_its_call_budget_is_422_and_names_the_setting()
    {
        var genesys = TooLarge();
        using var service = Service(genesys, ("Aggregates:AsyncAboveCalls", "2"), ("Aggregates:MaxUpstreamCalls", "2"));

        var problem = await service.QueryProblemAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H", 422, "too-large");

        problem.Text("detail").ShouldBe(
            "The reply would be larger than Genesys allows (400). The query used all of its 2 calls to Genesys, including retries and splits (Aggregates:MaxUpstreamCalls). "
            + $"Genesys says: '{Limit}' Use a shorter interval, a coarser granularity or fewer metrics.");
        problem["upstream"]!.AsObject().Text("message").ShouldBe(Limit);
        genesys.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(FaultNames.Unavailable, "genesys-unavailable")]
    [InlineData(FaultNames.GatewayTimeout, "genesys-timeout")]
    public async Task Retries_and_splits_after_timeouts_count_against_the_budget(string fault, string type)
    {
        organization.Simulator.Faults.Clear();
        using var service = organization.Service(("Aggregates:AsyncAboveCalls", "3"), ("Aggregates:MaxUpstreamCalls", "3"));
        await service.QueryAsync("last=PT5M");
        organization.Simulator.Faults.Set([new SimulatorFault(fault, null, null, FaultyOrganization.Aggregates)]);
        organization.Simulator.ClearCalls();

        await service.QueryProblemAsync("from=2026-10-05&to=2026-10-06&granularity=PT1H", type == "genesys-timeout" ? 504 : 503, type);

        // A slow machine may reach the deadline before the third request; without a budget, there would be five or six.
        organization.Simulator.Calls.Count(call => call.Path.StartsWith(FaultyOrganization.Aggregates, StringComparison.Ordinal)).ShouldBeInRange(2, 3);
        organization.Simulator.Faults.Clear();
    }

    private static async Task RejectedAsync(RunningService service, string query)
    {
        using var client = service.CreateClient();
        using var response = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBeOneOf(422, 502);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("result limit of 30000 results");
    }

    private static FakeGenesysServer TooLarge() => new() { Rejects = _ => FakeGenesysServer.Error(Limit) };

    private RunningService Service(FakeGenesysServer genesys, params (string Key, string Value)[] settings) => new()
    {
        Upstream = genesys.Upstream(),
        Clock = _clock,
        Settings = settings.ToDictionary(setting => setting.Key, setting => setting.Value),
    };
}
