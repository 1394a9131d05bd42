using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>What a job does if Genesys fails, and that it does not delay callers that wait.</summary>
public sealed class JobFailureTests
{
    private const string Month = "/aggregates?from=2026-10-01&to=2026-10-31&granularity=PT15M";
    private const string Analytics = "/api/v2/analytics";

    [Fact]
    public async Task A_failed_part_is_tried_again_within_the_job()
    {
        // The test advances the clock faster than a busy machine responds.
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:AttemptTimeout"] = "00:10:00", ["Genesys:TotalTimeout"] = "00:20:00" });
        var caller = new JobClient(given.Client);
        await given.QueryAsync("/queues");
        // Two more faults than one request has retries.
        given.Simulator.Faults.Add(FaultNames.Unavailable, times: 8, path: Analytics);

        var ended = await caller.EndAsync(await caller.SubmitAsync(Month), () => given.FakeClock.Advance(TimeSpan.FromSeconds(2)));

        ended.GetProperty("state").GetString().ShouldBe("succeeded");
        ended.GetProperty("failedParts").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("", "succeeded")]
    [InlineData("&partial=deny", "failed")]
    public async Task A_part_that_fails_every_time_is_named(string partial, string expected)
    {
        var clock = new FakeTimeProvider(SimulatedService.Monday);
        var genesys = new BlockingGateway { FailsAt = Instant.FromUtc(2026, 10, 3, 0, 0) };
        using var service = new RunningService { Clock = clock, Replace = services => services.AddSingleton<IGenesysGateway>(genesys) };
        var caller = new JobClient(service.CreateClient());

        var job = await caller.SubmitAsync($"/aggregates?from=2026-10-01&to=2026-10-06&granularity=PT15M{partial}");
        var ended = await caller.EndAsync(job, () => clock.Advance(TimeSpan.FromSeconds(5)));

        ended.GetProperty("state").GetString().ShouldBe(expected);
        ended.GetProperty("progress").GetRawText().ShouldBe("""{"done":5,"total":5}""");
        var failed = ended.GetProperty("failedParts").EnumerateArray().ShouldHaveSingleItem();
        failed.GetProperty("from").GetString().ShouldBe("2026-10-03T00:00:00Z");
        failed.GetProperty("reason").GetString().ShouldBe("unavailable: Genesys is unavailable.");
        genesys.Requests.ShouldBe(4 + 4, "four good parts, and four attempts at the other");
    }

    [Fact]
    public async Task A_job_without_permission_fails_at_once_with_the_reason()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        await given.QueryAsync("/queues");
        given.Simulator.Faults.Add(FaultNames.MissingPermission, path: Analytics);

        var job = await caller.SubmitAsync(Month);
        var ended = await caller.EndAsync(job);
        var (status, body) = await caller.GetAsync($"{job}/result");

        ended.GetProperty("state").GetString().ShouldBe("failed");
        ended.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/genesys-refused");
        ended.GetProperty("error").GetProperty("detail").GetString()!.ShouldContain("analytics:conversationAggregate:view");
        given.AggregateCalls.ShouldBeLessThan(10);
        status.ShouldBe(HttpStatusCode.Conflict);
        body.ShouldContain("The job failed, so it has no result");
    }

    [Fact]
    public async Task A_job_during_an_outage_fails_after_half_an_hour_and_the_same_query_starts_a_new_one()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        await given.QueryAsync("/queues");
        given.Simulator.Faults.Add(FaultNames.Unavailable, path: Analytics);

        var job = await caller.SubmitAsync(Month);
        var ended = await caller.EndAsync(job, () => given.FakeClock.Advance(TimeSpan.FromSeconds(20)));

        ended.GetProperty("state").GetString().ShouldBe("failed");
        ended.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/genesys-unavailable");
        ended.GetProperty("failedParts").GetArrayLength().ShouldBe(30);
        given.Simulator.Faults.Set([]);
        given.FakeClock.Advance(TimeSpan.FromMinutes(2));
        (await caller.EndAsync(await caller.SubmitAsync(Month), () => given.FakeClock.Advance(TimeSpan.FromSeconds(1)))).GetProperty("state").GetString().ShouldBe("succeeded");
    }

    /// <summary>
    /// The job has used the whole background share of the rate limit, so its next part waits for a minute. A caller that needs this part does not wait.
    /// </summary>
    [Fact]
    public async Task A_caller_that_waits_for_a_part_of_a_job_is_served_at_once()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:RequestsPerMinute"] = "20", ["Genesys:TotalTimeout"] = "00:02:00", ["Aggregates:Timeout"] = "00:03:00" });
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(Month);
        var done = 0;
        var limiter = given.Service.Services.GetRequiredService<GenesysRateLimiter>();
        await Eventually.IsTrueAsync(async () => limiter.Waiting == 4 && (done = await caller.DoneAsync(job)) == given.AggregateCalls, "all four readers of the job wait for the rate limit");

        // Finds a part that the job already waits for. The job reads four parts at the same time, in chronological order.
        var next = "";
        for (var number = done - 3; next.Length == 0; number++)
        {
            var query = $"/aggregates?from=2026-10-{number:00}&to=2026-10-{number + 1:00}&granularity=PT15M";
            var plan = await given.QueryAsync($"{query}&explain=true");
            next = plan.GetProperty("calls").GetInt32() == 0 ? "" : query;
        }

        var day = await given.QueryAsync(next);

        day.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        given.AggregateCalls.ShouldBe(done + 1);
        (await caller.DoneAsync(job)).ShouldBe(done + 1);
    }

    [Fact]
    public async Task Twenty_jobs_at_once_all_succeed_while_callers_are_served()
    {
        await using var given = await SimulatedService.StartAsync(
            settings: new() { ["Jobs:MaxPerCaller"] = "20", ["Genesys:RequestsPerMinute"] = "600" }, clock: new FastClock(SimulatedService.Monday, speed: 4));
        var caller = new JobClient(given.Client);
        await given.QueryAsync("/queues");

        var jobs = new List<string>();
        foreach (var number in Enumerable.Range(0, 20))
        {
            jobs.Add(await caller.SubmitAsync($"/aggregates?from=2026-{1 + (number % 10):00}-01&to=2026-{1 + (number % 10):00}-28&granularity={(number < 10 ? "PT15M" : "PT30M")}"));
        }

        var responses = new List<JsonElement>();
        foreach (var day in Enumerable.Range(10, 8))
        {
            responses.Add(await given.QueryAsync($"/aggregates?from=2026-11-{day}&to=2026-11-{day + 1}&granularity=PT1H"));
        }

        responses.ShouldAllBe(response => response.GetProperty("meta").GetProperty("complete").GetBoolean());
        foreach (var job in jobs)
        {
            (await caller.EndAsync(job)).GetProperty("state").GetString().ShouldBe("succeeded");
        }

        given.Simulator.Calls.ShouldNotContain(call => call.Status == 429);
    }
}
