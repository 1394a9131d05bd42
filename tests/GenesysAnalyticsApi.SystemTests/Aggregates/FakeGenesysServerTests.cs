using CsCheck;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NodaTime.Text;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>
/// Random questions through the whole service against a Genesys that takes nothing its official models do not have, and whose
/// events are counted here by plain loops as well.
/// </summary>
public sealed class FakeGenesysServerTests
{
    [Theory]
    [InlineData("2026-11-23T09:15:20Z")] // A Monday morning
    [InlineData("2026-11-02T03:07:00Z")] // The day after New York's 25 hours
    [InlineData("2026-10-26T00:00:30Z")] // Berlin's 25 hours are just over
    [InlineData("2026-04-05T10:31:07Z")] // In Lord Howe's half-hour change
    [InlineData("2027-01-01T00:00:30Z")] // A year has just begun
    public async Task Every_request_is_valid_and_every_answer_adds_up(string at)
    {
        var now = InstantPattern.ExtendedIso.Parse(at).Value;
        var events = FakeEvents.Before(now).Array[1500].Single(_ => true, "0N0XIzNsQ0O2");
        var genesys = new FakeGenesysServer { Events = events };
        var farSide = genesys.FarSide();
        using var service = new RunningService
        {
            FarSide = farSide,
            Clock = new FakeTimeProvider(now.ToDateTimeOffset()),
            Settings = new() { ["Genesys:RequestsPerMinute"] = "100000", ["Aggregates:AsyncAboveCalls"] = "10000" },
        };

        await GenQuery.At(now).SampleAsync(
            async asked =>
            {
                var answer = await service.AskAsync(asked.ToString());
                genesys.Violations.ShouldBeEmpty();
                new FakeGenesysVerifier(asked, events, MetricsFor(asked, genesys), now).Check(answer);
            },
            iter: 40,
            threads: 1);

        farSide.Asked.Select(url => url.Host).Distinct().ShouldBe(["login.mypurecloud.test", "api.mypurecloud.test"], ignoreOrder: true);
    }

    [Fact]
    public async Task Listings_are_turned_by_number_and_never_by_the_address_they_name()
    {
        var farSide = new FakeGenesysServer().FarSide();
        using var service = new RunningService { FarSide = farSide };

        var answer = await service.AskAsync("last=PT1H&queueId=a0000000-0000-4000-8000-000000000004&fill=zero");

        answer.Records().ShouldHaveSingleItem().Text("queueName").ShouldBe("日本語サポート");
        farSide.Asked.ShouldNotContain(url => url.Host == "elsewhere.invalid");
    }

    /// <summary>Metrics are fetched by the group, and a slice that is kept is not asked for again: the groups show in what was ever asked.</summary>
    private static HashSet<string> MetricsFor(GenQuery asked, FakeGenesysServer genesys) =>
        [.. genesys.Questions.Where(question => asked.Metric.Append("nOffered").Any(question.Metrics.Contains)).SelectMany(question => question.Metrics)];
}
