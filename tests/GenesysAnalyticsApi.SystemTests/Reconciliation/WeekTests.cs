using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Reconciliation;

/// <summary>A week in which Genesys corrects data late: every figure equals the one counted from conversations, or the difference has a cause.</summary>
public sealed class WeekTests
{
    /// <summary>Long timeouts, because the fast clock can run ahead of a busy machine.</summary>
    private static readonly Dictionary<string, string> Patient = new()
    {
        ["Conversations:AsyncFromConversations"] = "1000",
        ["Genesys:AttemptTimeout"] = "00:10:00",
        ["Genesys:TotalTimeout"] = "00:20:00",
        ["Aggregates:Timeout"] = "00:30:00",
        ["Reconciliation:Timeout"] = "01:00:00",
    };

    [Fact]
    public async Task No_difference_of_a_week_with_late_data_is_unexplained()
    {
        await using var given = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 6, RequestsPerMinute = 1_000_000, LateMutation = true },
            new(Patient),
            new FastClock(SimulatedService.Monday, 20));
        // The figures are cached 20 minutes before the conversations are read.
        const string week = "from=2026-11-16T00:00:00Z&to=2026-11-23T00:00:00Z&granularity=PT1H";
        await given.QueryAsync($"/aggregates?{week}");
        ((FastClock)given.Clock).Skip(TimeSpan.FromMinutes(20));

        var report = await given.QueryAsync($"/reconciliation?{week}&only=differences&limit=50");

        var figures = report.GetProperty("meta").GetProperty("figures");
        figures.GetProperty("unexplained").GetInt32().ShouldBe(0, report.GetProperty("records").GetRawText());
        figures.GetProperty("equal").GetInt32().ShouldBeGreaterThan(10_000);
        report.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("last=PT3H&granularity=PT15M")]
    [InlineData("period=today&granularity=PT1H")]
    [InlineData("last=PT1H")]
    public async Task Recent_figures_are_explained_too(string interval)
    {
        await using var given = await SimulatedService.StartAsync(settings: new(Patient), clock: new FastClock(SimulatedService.Monday, 20));

        var report = await given.QueryAsync($"/reconciliation?{interval}&limit=20");

        report.GetProperty("meta").GetProperty("figures").GetProperty("unexplained").GetInt32().ShouldBe(0, report.GetProperty("records").GetRawText());
        report.GetProperty("meta").GetProperty("figures").GetProperty("equal").GetInt32().ShouldBeGreaterThan(100);
    }
}
