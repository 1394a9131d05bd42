using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Fetching;

/// <summary>What the service learns from rejections that do not repeat, or that repeat only for metrics requested together.</summary>
public sealed class RepeatedRejectionTests
{
    private const string Mentions = "The query is too complex to compute nOffered, tHandle";

    private static readonly FakeEvent[] Events =
    [
        .. from metric in GenesysMetrics.StandardGroup.Metrics
           from hour in Enumerable.Range(0, 48)
           select new FakeEvent(FakeEvents.Queues[0].Id, "voice", Instant.FromUtc(2026, 11, 10, 8, 30) + Duration.FromHours(hour), metric, metric[0] == 'o' ? 1 : 7_000),
    ];

    [Fact]
    public async Task A_metric_that_is_rejected_alone_once_and_then_accepted_is_supported()
    {
        var (together, alone) = (0, 0);
        var genesys = new FakeGenesysServer
        {
            Events = Events,
            Rejects = request => request.Metrics.Contains("tAlert")
                && (request.Metrics.Count > 1 ? Interlocked.Increment(ref together) < 8 : Interlocked.Increment(ref alone) == 1)
                    ? FakeGenesysServer.Error(Mentions)
                    : null,
        };
        using var service = Service(genesys);

        var response = await service.QueryAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H");

        alone.ShouldBe(2);
        response.Warnings().ShouldBeEmpty();
        response.Records().ShouldAllBe(record => record.Number("alertTimeMs") == 7_000 && record["final"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Metrics_that_are_rejected_only_together_are_requested_in_parts_for_the_next_slice()
    {
        var genesys = new FakeGenesysServer { Events = Events, Rejects = request => request.Metrics.Count > 12 ? FakeGenesysServer.Error(Mentions) : null };
        using var service = Service(genesys);
        await service.QueryAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H");
        genesys.Requests.Clear();

        var response = await service.QueryAsync("from=2026-11-11&to=2026-11-12&granularity=PT1H");

        response.Records().ShouldAllBe(record => record.Number("offered") == 1 && record.Number("contactingTimeMs") == 7_000);
        genesys.Requests.Select(request => request.Metrics.Count).ShouldAllBe(count => count <= 12);
        genesys.Requests.Sum(request => request.Metrics.Count).ShouldBe(GenesysMetrics.StandardGroup.Metrics.Count, "no search, and no metric twice");
    }

    [Fact]
    public async Task A_single_rejection_does_not_split_the_requests_of_later_slices()
    {
        var rejections = 0;
        var genesys = new FakeGenesysServer { Events = Events, Rejects = _ => Interlocked.Increment(ref rejections) == 1 ? FakeGenesysServer.Error(Mentions) : null };
        using var service = Service(genesys);
        await service.QueryAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H");
        genesys.Requests.Clear();

        await service.QueryAsync("from=2026-11-11&to=2026-11-12&granularity=PT1H");

        genesys.Requests.ShouldHaveSingleItem();
    }

    private static RunningService Service(FakeGenesysServer genesys) => new()
    {
        Upstream = genesys.Upstream(),
        Settings = new() { ["Genesys:RequestsPerMinute"] = "100000" },
    };
}
