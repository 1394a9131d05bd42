using System.Net;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Observability;

/// <summary>The metrics that the service records while it works, read through a listener.</summary>
public sealed class MetricsTests
{
    private const string Day = "/aggregates?from=2026-11-10&to=2026-11-11";
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_is_counted_with_its_slices_its_calls_and_the_rate_limit()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        using var counted = new RecordedMetrics(given.Service);

        await given.QueryAsync(Day);
        await given.QueryAsync(Day);
        await given.QueryAsync(Day);

        (counted.Sum("slices", "outcome=fetched"), counted.Sum("slices", "outcome=cached")).ShouldBe((1, 2));
        (counted.Sum("answers", "data=whole"), counted.Sum("answers.prepared")).ShouldBe((3, 1));
        counted.Sum("upstream.request.duration", "endpoint=aggregates status=200").ShouldBe(1);
        counted.Sum("slice.fetch.duration", "outcome=fetched").ShouldBe(1);
        counted.Sum("budget.wait.duration").ShouldBe(1);
        (counted.Now("budget.used"), counted.Now("budget.allowed"), counted.Now("budget.waiting")).ShouldBe((2, 100_000, 0));
        counted.Now("token.life").ShouldBe(86_400, tolerance: 1);
        counted.Now("cache.size", "cache=slices").ShouldBeGreaterThan(1_000);
        counted.Now("cache.entries", "cache=slices").ShouldBe(1);
        counted.Now("cache.size", "cache=answers").ShouldBeGreaterThan(1_000);
        counted.Now("cache.limit", "cache=slices").ShouldBe(256 * 1024 * 1024);
        (counted.Now("directory.queues"), counted.Now("slice.flights"), counted.Now("upstream.up")).ShouldBe((8, 0, 1));
    }

    [Fact]
    public async Task Logins_and_queue_listings_count_as_calls()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        using var counted = new RecordedMetrics(given.Service);

        given.FakeClock.Advance(TimeSpan.FromHours(24));

        await Eventually.IsTrueAsync(() => counted.Sum("upstream.request.duration", "endpoint=queues status=200") > 0, "the listing is read again");
        counted.Sum("upstream.request.duration", "endpoint=token status=200").ShouldBe(1);
        counted.Sum("token.renewals", "outcome=renewed").ShouldBe(1);
        counted.Now("directory.age").ShouldBe(0);
    }

    [Fact]
    public async Task The_age_of_figures_is_recorded_while_they_can_change()
    {
        await using var given = await SimulatedService.StartAsync();
        using var counted = new RecordedMetrics(given.Service);

        await given.QueryAsync(Day);
        var settledRecordings = counted.Sum("answer.age");
        await given.QueryAsync("/aggregates?period=today");

        (settledRecordings, counted.Sum("answer.age")).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Retries_and_failures_are_counted_by_kind()
    {
        await using var given = await StartFastAsync();
        using var counted = new RecordedMetrics(given.Service);

        given.Simulator.Faults.Set([new SimulatorFault(FaultNames.RateLimitSeconds, "1", 1, Aggregates)]);
        await given.QueryAsync(Day);
        given.Simulator.Faults.Set([new SimulatorFault(FaultNames.MissingPermission, null, null, Aggregates)]);
        using var refused = await given.Client.GetAsync(new Uri("/aggregates?from=2026-10-11&to=2026-10-12", UriKind.Relative), TestCancellation);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        counted.Sum("upstream.request.duration", "endpoint=aggregates status=429").ShouldBe(1);
        counted.Sum("upstream.request.duration", "endpoint=aggregates status=403").ShouldBe(1);
        counted.Sum("upstream.retries", "kind=rate-limited").ShouldBe(1);
        (counted.Sum("upstream.failures", "kind=forbidden"), counted.Sum("slice.fetch.duration", "outcome=forbidden")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task An_unavailable_upstream_shows_in_the_gauges_and_the_response_counters()
    {
        await using var given = await StartFastAsync();
        using var counted = new RecordedMetrics(given.Service);
        await given.QueryAsync("/aggregates?period=today");
        given.Simulator.Faults.Set([new SimulatorFault(FaultNames.RateLimitHours, "3600", null, Aggregates)]);

        await given.QueryAsync("/aggregates?period=today&maxAge=0");

        (counted.Sum("answers", "data=stale"), counted.Sum("slices", "outcome=stale")).ShouldBe((1, 2));
        counted.Now("upstream.pause").ShouldBeInRange(3_000, 3_600);
        counted.Sum("upstream.request.duration", "endpoint=aggregates status=429").ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task Three_failed_calls_mark_the_upstream_as_down()
    {
        await using var given = await StartFastAsync();
        using var counted = new RecordedMetrics(given.Service);
        await given.QueryAsync(Day);
        given.Simulator.Faults.Set([new SimulatorFault(FaultNames.ServerError, null, null, Aggregates)]);

        foreach (var month in new[] { "07", "08", "09" })
        {
            using var failed = await given.Client.GetAsync(new Uri($"/aggregates?from=2026-{month}-10&to=2026-{month}-11", UriKind.Relative), TestCancellation);
            failed.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        counted.Sum("upstream.failures", "kind=unavailable").ShouldBe(3);
        // On a busy machine, the fast clock lets the circuit breaker try again in the meantime. The next failure opens it again.
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var failed = await given.Client.GetAsync(new Uri("/aggregates?from=2026-06-10&to=2026-06-11", UriKind.Relative), TestCancellation);
                return (counted.Now("upstream.up"), counted.Now("upstream.breaker.open")) == (0, 1);
            },
            "the upstream is down and the circuit breaker open");
    }

    [Fact]
    public async Task Settled_data_that_changes_is_counted()
    {
        var clock = new FakeTimeProvider(SimulatedService.Monday);
        await using var given = await SimulatedService.StartAsync(
            new SimulatorSettings
            {
                Queues = 8,
                RequestsPerMinute = 1_000_000,
                DriftFrom = new(2026, 11, 10, 0, 0, 0, TimeSpan.Zero),
                DriftTo = new(2026, 11, 11, 0, 0, 0, TimeSpan.Zero),
                DriftAt = SimulatedService.Monday.AddHours(1),
            },
            clock: clock);
        using var counted = new RecordedMetrics(given.Service);

        await given.QueryAsync(Day);
        clock.Advance(TimeSpan.FromHours(2));
        await given.QueryAsync(Day + "&maxAge=0");

        counted.Sum("settled.changes", "group=standard").ShouldBe(1);
    }

    [Fact]
    public async Task Splits_and_rejected_metrics_are_counted()
    {
        await using var given = await SimulatedService.StartAsync(
            faults: [new SimulatorFault(FaultNames.TooLarge, null, 1, Aggregates), new SimulatorFault(FaultNames.RefusedMetric, "nOverSla", null, Aggregates)]);
        using var counted = new RecordedMetrics(given.Service);

        await given.QueryAsync("/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H");

        (counted.Sum("slice.halvings", "kind=too-large"), counted.Now("refused.metrics")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Rate_limited_callers_are_counted_by_key_name()
    {
        var keys = new IssuedKeys().Add("wallboard", ("RequestsPerMinute", "1"));
        using var service = new RunningService { Settings = new(keys.Settings) { ["Auth:AllowAnonymous"] = "false" } };
        using var counted = new RecordedMetrics(service);
        using var wallboard = keys.Of("wallboard", service);

        for (var i = 0; i < 3; i++)
        {
            await wallboard.GetAsync(new Uri("/queues?wrong=1", UriKind.Relative), TestCancellation);
        }

        counted.Sum("caller.refusals", "caller=wallboard reason=rate").ShouldBe(2);
    }

    [Fact]
    public async Task Callers_without_a_key_share_one_label()
    {
        using var service = new RunningService { Settings = new() { ["Callers:RequestsPerMinute"] = "1" } };
        using var counted = new RecordedMetrics(service);

        for (var i = 0; i < 2; i++)
        {
            await service.CreateClient().GetAsync(new Uri("/queues?wrong=1", UriKind.Relative), TestCancellation);
        }

        counted.Sum("caller.refusals", "caller=(anonymous) reason=rate").ShouldBe(1);
    }

    /// <summary>Long timeouts: even on the fast clock, an attempt has several real seconds, so that a slow machine does not cause timeouts.</summary>
    private static Task<SimulatedService> StartFastAsync() => SimulatedService.StartAsync(
        settings: new() { ["Genesys:AttemptTimeout"] = "00:04:00", ["Genesys:TotalTimeout"] = "00:10:00", ["Aggregates:Timeout"] = "00:20:00" },
        clock: new FastClock(SimulatedService.Monday, speed: 40));

    [Fact]
    public async Task A_directory_that_was_never_read_has_no_age()
    {
        using var service = new RunningService();
        using var counted = new RecordedMetrics(service);
        await service.CreateClient().GetAsync(new Uri("/health/live", UriKind.Relative), TestCancellation);

        counted.HasNow("directory.age").ShouldBeFalse();
        counted.Now("token.life").ShouldBe(0);
    }
}
