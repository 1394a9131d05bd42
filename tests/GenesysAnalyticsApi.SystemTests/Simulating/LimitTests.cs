using System.Net;
using System.Text.Json;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class LimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_reported_platform_limits_are_those_it_enforces()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2, RequestsPerMinute = 180 });

        using var reply = await organization.GetAsync("/api/v2/organizations/limits/namespaces/platform.api");
        using var other = await organization.GetAsync("/api/v2/organizations/limits/namespaces/routing");

        using var limits = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Cancellation));
        var rate = limits.RootElement.GetProperty("entities").EnumerateArray().Single(limit => limit.GetProperty("key").GetString() == "client.credentials.token.rate.per.minute");
        (rate.GetProperty("namespace").GetString(), rate.GetProperty("value").GetInt32()).ShouldBe(("platform.api", 180));
        (await other.Content.ReadAsStringAsync(Cancellation)).ShouldBe("""{"entities":[]}""");
    }

    [Theory]
    [InlineData("600", 600)]
    [InlineData("-42", -42)]
    public async Task Replies_are_dated_by_the_simulator_clock_and_can_be_misdated(string seconds, int off)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        using var right = await organization.GetAsync("/api/v2/routing/queues");
        organization.Simulator.Faults.Add(FaultNames.WrongClock, seconds, times: 1);

        using var wrong = await organization.GetAsync("/api/v2/routing/queues");

        wrong.StatusCode.ShouldBe(HttpStatusCode.OK);
        (wrong.Headers.Date - right.Headers.Date).ShouldBe(TimeSpan.FromSeconds(off));
    }
}
