using CsCheck;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NodaTime.Text;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>
/// Sends random queries through the whole service to a fake Genesys, which reports everything that the official models do not allow. Plain loops
/// over its events check the figures of every response.
/// </summary>
public sealed class FakeGenesysServerTests
{
    [Theory]
    [InlineData("2026-11-23T09:15:20Z")] // A Monday morning
    [InlineData("2026-11-02T03:07:00Z")] // The day after New York's 25 hours
    [InlineData("2026-10-26T00:00:30Z")] // Berlin's 25-hour day has just ended
    [InlineData("2026-04-05T10:31:07Z")] // During Lord Howe's half-hour change
    [InlineData("2027-01-01T00:00:30Z")] // A year has just begun
    public async Task Every_Genesys_request_is_valid_and_every_response_adds_up(string at)
    {
        var now = InstantPattern.ExtendedIso.Parse(at).Value;
        var events = FakeEvents.Before(now).Array[1500].Single(_ => true, "0N0XIzNsQ0O2");
        var genesys = new FakeGenesysServer { Events = events };
        var upstream = genesys.Upstream();
        using var service = new RunningService
        {
            Upstream = upstream,
            Clock = new FakeTimeProvider(now.ToDateTimeOffset()),
            Settings = new() { ["Genesys:RequestsPerMinute"] = "100000", ["Aggregates:AsyncAboveCalls"] = "10000", ["Auth:AnonymousScopes"] = "read,agents" },
        };

        await GenQuery.At(now).SampleAsync(
            async query =>
            {
                var response = await service.QueryAsync(query.ToString());
                genesys.Violations.ShouldBeEmpty();
                new FakeGenesysVerifier(query, events, MetricsFor(query, genesys), now).Check(response);
            },
            iter: 24,
            threads: 1);

        upstream.Requests.Select(url => url.Host).Distinct().ShouldBe(["login.mypurecloud.test", "api.mypurecloud.test"], ignoreOrder: true);
    }

    [Fact]
    public async Task Listings_are_read_by_page_number_and_nextUri_is_never_followed()
    {
        var upstream = new FakeGenesysServer().Upstream();
        using var service = new RunningService { Upstream = upstream };

        var response = await service.QueryAsync("last=PT1H&queueId=a0000000-0000-4000-8000-000000000004&fill=zero");

        response.Records().ShouldHaveSingleItem().Text("queueName").ShouldBe("日本語サポート");
        upstream.Requests.ShouldNotContain(url => url.Host == "elsewhere.invalid");
    }

    /// <summary>Metrics are fetched in groups, and a cached slice is not requested again, so the groups are collected from all requests so far.</summary>
    private static HashSet<string> MetricsFor(GenQuery query, FakeGenesysServer genesys) =>
        [.. genesys.Requests
            .Where(request => request.GroupBy.Any(dimension => dimension is "userId" or "wrapUpCode") == query.IsOfAgents)
            .Where(request => query.Metric.Append("tHandle").Any(request.Metrics.Contains))
            .SelectMany(request => request.Metrics)];
}
