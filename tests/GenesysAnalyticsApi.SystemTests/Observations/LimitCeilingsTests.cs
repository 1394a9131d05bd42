using System.Net;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>The limits that Genesys tells are ceilings: settings only lower them.</summary>
public sealed class LimitCeilingsTests
{
    [Theory]
    [InlineData("100000", 240)]
    [InlineData("90", 90)]
    public async Task The_rate_limiter_keeps_the_smaller_one_of_both_limits(string setting, int allowed)
    {
        await using var given = await StartAsync(new() { Queues = 3, RequestsPerMinute = 240 }, ("Genesys:RequestsPerMinute", setting));

        await Eventually.IsTrueAsync(() => CeilingsOf(given).RequestsPerMinute == 240, "the limits are read");

        given.Service.Services.GetRequiredService<GenesysRateLimiter>().State.Allowed.ShouldBe(allowed);
    }

    [Fact]
    public async Task With_the_limits_of_the_organisation_no_query_is_refused()
    {
        await using var given = await StartAsync(
            new() { Queues = 13, RequestsPerMinute = 1_000_000, RefusesUnfilteredActivity = true, MaxPredicates = 4, MaxActivityPageSize = 30, MaxTopics = 70, MaxChannels = 3 });
        await Eventually.IsTrueAsync(() => CeilingsOf(given).Predicates is not null, "the limits are read");

        await given.QueryAsync("/observations");
        given.FakeClock.Advance(TimeSpan.FromSeconds(20));
        await given.QueryAsync("/observations");

        CeilingsOf(given).ShouldBe(new OrganizationCeilings(1_000_000, 4, 70, 3, 30));

        // Genesys tells no limit for a query without a filter, so that one is refused, once.
        given.Simulator.Calls.Count(call => call.Status == (int)HttpStatusCode.BadRequest).ShouldBe(1);
    }

    [Fact]
    public async Task Without_the_setting_the_limits_are_not_read()
    {
        await using var given = await StartAsync(new() { Queues = 3, RequestsPerMinute = 1_000_000 }, ("Genesys:ReadLimits", "false"));

        await given.QueryAsync("/observations");

        CeilingsOf(given).ShouldBe(OrganizationCeilings.Unknown);
        given.Simulator.Calls.ShouldAllBe(call => !call.Path.Contains("/limits/", StringComparison.Ordinal));
    }

    private static OrganizationCeilings CeilingsOf(SimulatedService given) => given.Service.Services.GetRequiredService<LimitCeilings>().Current;

    private static Task<SimulatedService> StartAsync(SimulatorSettings simulated, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Genesys:ReadLimits"] = "true" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return SimulatedService.StartAsync(simulated, all);
    }
}
