using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>A filter that selects no queue differs from no filter, although <c>query.queueIds</c> is empty in both responses.</summary>
public sealed class EmptySelectionTests
{
    private const string Day = "/aggregates?from=2026-11-10&to=2026-11-11";

    private const string EmptyDivision = "&divisionId=00000000-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("")]
    [InlineData("&fill=zero&totals=true")]
    [InlineData("&granularity=PT1H&compare=previous")]
    public async Task Only_a_filter_that_selects_no_queue_causes_the_warning(string rest)
    {
        await using var given = await SimulatedService.StartAsync();

        var everything = await given.QueryAsync(Day + rest);
        var nothing = await given.QueryAsync(Day + EmptyDivision + rest);

        Ids(everything).ShouldBe(0);
        Codes(everything).ShouldNotContain("no-queue");
        everything.GetProperty("records").GetArrayLength().ShouldBeGreaterThan(0);
        Ids(nothing).ShouldBe(0);
        Codes(nothing).ShouldContain("no-queue");
        nothing.GetProperty("records").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData(EmptyDivision, "no-queue")]
    [InlineData("&weekdays=wed", "no-local-time")]
    public async Task A_plan_contains_the_warnings_too(string filter, params string[] expected)
    {
        await using var given = await SimulatedService.StartAsync();

        // A plan does not wait for the queue directory, which the service reads after its start.
        await given.QueryAsync("/queues");

        var plan = await given.QueryAsync($"{Day}{filter}&explain=true");

        Ids(plan).ShouldBe(0);
        plan.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()).ShouldBe(expected);
    }

    private static int Ids(JsonElement response) => response.GetProperty("query").GetProperty("queueIds").GetArrayLength();

    private static IEnumerable<string?> Codes(JsonElement response) =>
        response.GetProperty("meta").GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString());
}
