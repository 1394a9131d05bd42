using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>Queries that run in the background: how they start, what callers see of them, and what they return.</summary>
public sealed class JobTests
{
    private const string Wide = "/aggregates?from=2026-10-01&to=2026-10-31&granularity=PT15M";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_result_of_a_wide_query_equals_that_of_several_narrow_queries()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        var pieces = new List<JsonElement>();
        await using var other = given.Replica();
        using var otherClient = other.CreateClient();
        foreach (var (from, to) in new[] { ("2026-10-01", "2026-10-11"), ("2026-10-11", "2026-10-21"), ("2026-10-21", "2026-10-31") })
        {
            pieces.AddRange((await given.QueryAsync($"/aggregates?from={from}&to={to}&granularity=PT15M", otherClient)).GetProperty("records").EnumerateArray());
        }

        (await caller.GetAsync(Wide)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var result = JsonSerializer.Deserialize<JsonElement>(await caller.ResultAsync(Wide));

        result.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        result.GetProperty("records").EnumerateArray().Select(record => record.GetRawText()).Order(StringComparer.Ordinal)
            .ShouldBe(pieces.Select(record => record.GetRawText()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_202_names_the_job_and_the_job_shows_its_query_and_progress()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:RequestsPerMinute"] = "20" });
        var caller = new JobClient(given.Client);
        await given.QueryAsync("/queues");

        using var accepted = await caller.SendAsync(HttpMethod.Get, Wide, "wait=5, Respond-Async; x=1");
        var submitted = JsonSerializer.Deserialize<JsonElement>(await accepted.Content.ReadAsStringAsync(TestCancellation));
        var id = submitted.GetProperty("id").GetString();

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        accepted.Headers.Location!.ToString().ShouldBe($"/jobs/{id}");
        accepted.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        accepted.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async"]);
        submitted.GetProperty("query").GetString().ShouldBe("from=2026-10-01&to=2026-10-31&granularity=PT15M");
        submitted.GetProperty("interval").GetString().ShouldBe("2026-10-01T00:00:00Z/2026-10-31T00:00:00Z");
        submitted.GetProperty("progress").GetProperty("total").GetInt32().ShouldBe(30);

        // A tenth of the limit is reserved for callers that wait, and the login and the directory have used some of the rest.
        await Eventually.IsTrueAsync(async () => await caller.DoneAsync($"/jobs/{id}") is > 10 and <= 18, "the share of the first minute is used");
        var running = await caller.StateAsync($"/jobs/{id}");
        running.GetProperty("state").GetString().ShouldBe("running");
        running.GetProperty("estimatedSecondsLeft").GetInt32().ShouldBeInRange(30, 130);
        (await caller.GetAsync($"/jobs/{id}/result")).Status.ShouldBe(HttpStatusCode.Conflict);

        var ended = await caller.EndAsync($"/jobs/{id}", () => given.FakeClock.Advance(TimeSpan.FromSeconds(5)));
        ended.GetProperty("state").GetString().ShouldBe("succeeded");
        ended.GetProperty("progress").GetProperty("done").GetInt32().ShouldBe(30);
        ended.GetProperty("estimatedSecondsLeft").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonSerializer.Deserialize<JsonElement>((await caller.GetAsync("/jobs")).Body).GetProperty("records").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task Cached_data_is_returned_at_once_without_a_job()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        await caller.ResultAsync(Wide);

        (await caller.GetAsync(Wide, "respond-async")).Status.ShouldBe(HttpStatusCode.OK);
        (await caller.GetAsync("/aggregates?from=2026-10-05&to=2026-10-06&granularity=PT1H&explain=true", "respond-async")).Status.ShouldBe(HttpStatusCode.OK);
        (await caller.GetAsync("/aggregates?from=2026-10-05&to=2026-10-06&granularity=PT1H", "respond-async")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await caller.GetAsync("/aggregates?from=2026-10-05&to=2026-10-06&granularity=PT7H", "respond-async")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_query_in_a_body_becomes_a_job_too()
    {
        await using var given = await SimulatedService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/aggregates/query")
        {
            Content = new StringContent("""{"from":"2026-10-01","to":"2026-10-31","granularity":"PT15M","queue":["*"]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");

        using var response = await given.Client.SendAsync(request, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await new JobClient(given.Client).EndAsync(response.Headers.Location!.ToString());
        job.GetProperty("state").GetString().ShouldBe("succeeded");
        job.GetProperty("query").GetString().ShouldBe("from=2026-10-01&to=2026-10-31&granularity=PT15M&queue=%2A");
    }

    [Fact]
    public async Task Every_format_has_the_same_figures()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "2000" });
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync("/aggregates?from=2026-10-01&to=2026-10-31&granularity=PT1H");
        await caller.EndAsync(job);
        var calls = given.AggregateCalls;

        var csv = (await caller.GetAsync($"{job}/result?format=csv")).Body;
        var ndjson = (await caller.GetAsync($"{job}/result?format=ndjson")).Body;
        var refused = await caller.GetAsync($"{job}/result?format=json&bom=true");
        var unknown = await caller.GetAsync($"{job}/result?last=P1D");

        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
        rows.ShouldBeGreaterThan(4000);
        ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains("\"queueId\":", StringComparison.Ordinal) && line.Contains("\"offered\":", StringComparison.Ordinal)).ShouldBe(rows);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Body.ShouldContain("'bom' needs 'format=csv'");
        unknown.Status.ShouldBe(HttpStatusCode.BadRequest);

        // Callbacks need the interval as one bucket; nothing else is fetched again.
        (given.AggregateCalls - calls).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_result_that_exceeds_the_memory_is_not_fetched_again()
    {
        await using var given = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 40, RequestsPerMinute = 1_000_000 }, new() { ["Cache:MaxBytes"] = "16777216" });
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync("/aggregates?from=2026-09-01&to=2026-10-31&granularity=PT15M&mediaType=voice");
        (await caller.EndAsync(job)).GetProperty("state").GetString().ShouldBe("succeeded");
        var calls = given.AggregateCalls;

        var (status, csv) = await caller.GetAsync($"{job}/result?format=csv");

        status.ShouldBe(HttpStatusCode.OK);
        csv.Length.ShouldBeGreaterThan(16_777_216);
        given.AggregateCalls.ShouldBe(calls);
    }

    [Fact]
    public async Task An_identical_query_gets_the_existing_job_whatever_its_format()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:RequestsPerMinute"] = "10" });
        var caller = new JobClient(given.Client);

        var job = await caller.SubmitAsync(Wide);

        (await caller.SubmitAsync($"{Wide}&format=csv")).ShouldBe(job);
        (await caller.SubmitAsync("/aggregates?interval=2026-10-01/2026-10-31&granularity=PT15M")).ShouldBe(job);
        (await caller.SubmitAsync($"{Wide}&timeZone=UTC")).ShouldBe(job);
        var grouped = await caller.SubmitAsync($"{Wide}&groupBy=queueId,mediaType");
        (await caller.SubmitAsync($"{Wide}&groupBy=queueId&groupBy=mediaType")).ShouldBe(grouped);
        (await caller.CancelAsync(grouped)).ShouldBe(HttpStatusCode.NoContent);
        (await caller.SubmitAsync($"{Wide}&queue=*")).ShouldNotBe(job);
        (await caller.SubmitAsync("/aggregates?last=P30D&granularity=PT15M")).ShouldNotBe(job);
    }

    [Fact]
    public async Task Too_many_jobs_are_rejected_until_one_ends()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:RequestsPerMinute"] = "10" });
        var caller = new JobClient(given.Client);
        var jobs = new List<string>();
        foreach (var month in new[] { "06", "07", "08" })
        {
            jobs.Add(await caller.SubmitAsync($"/aggregates?from=2026-{month}-01&to=2026-{month}-28&granularity=PT15M"));
        }

        using var refused = await caller.SendAsync(HttpMethod.Get, Wide, "respond-async");
        (await refused.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Jobs:MaxPerCaller");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();

        (await caller.CancelAsync(jobs[1])).ShouldBe(HttpStatusCode.NoContent);
        await caller.SubmitAsync(Wide);
    }

    [Fact]
    public async Task An_ended_job_is_forgotten_after_an_hour()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(Wide);
        await caller.EndAsync(job);

        given.FakeClock.Advance(TimeSpan.FromMinutes(59));
        (await caller.StateNameAsync(job)).ShouldBe("succeeded");
        given.FakeClock.Advance(TimeSpan.FromMinutes(2));
        var (status, body) = await caller.GetAsync(job);

        status.ShouldBe(HttpStatusCode.NotFound);
        body.ShouldContain("/problems/unknown-job");
        body.ShouldContain("a restart of the service deletes all jobs, because Cache:Redis is not set");
        body.ShouldContain("deletes a job 60 minutes after its end (Jobs:Keep), or earlier, when you create a job while you have 20 ended jobs");
    }

    [Fact]
    public async Task Events_report_the_progress_to_the_end()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:RequestsPerMinute"] = "20" });
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(Wide);

        // A HEAD does not wait for the end of the job.
        using var head = await caller.SendAsync(HttpMethod.Head, $"{job}/events").WaitAsync(TimeSpan.FromMinutes(1), TestCancellation);
        head.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");

        using var response = await caller.SendAsync(HttpMethod.Get, $"{job}/events");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var reading = response.Content.ReadAsStringAsync(TestCancellation);
        await Eventually.IsTrueAsync(
            () =>
            {
                given.FakeClock.Advance(TimeSpan.FromSeconds(1));
                return reading.IsCompleted;
            },
            "the stream ends");

        var events = (await reading).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events[^1].ShouldStartWith("event: ended\n");
        events[..^1].ShouldAllBe(one => one.StartsWith("event: progress\n", StringComparison.Ordinal));
        events.Length.ShouldBeGreaterThan(3);
        var done = events.Select(one => JsonSerializer.Deserialize<JsonElement>(one[(one.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).GetProperty("progress").GetProperty("done").GetInt32()).ToList();
        done.ShouldBe(done.Order());
        done[^1].ShouldBe(30);
    }

    [Fact]
    public async Task A_job_can_be_cancelled_at_every_stage_and_its_fetched_slices_stay_cached()
    {
        await using var given = await SimulatedService.StartAsync(settings: new()
        {
            ["Genesys:RequestsPerMinute"] = "20",
            ["Jobs:MaxPerCaller"] = "10",
            // A job reads one part at a time, so its first part is also the first that it finishes.
            ["Genesys:MaxConcurrentRequests"] = "2",
        });
        var caller = new JobClient(given.Client);
        string[] months = ["10", "09", "08", "07", "06"];
        var jobs = new List<string>();
        foreach (var month in months)
        {
            jobs.Add(await caller.SubmitAsync($"/aggregates?from=2026-{month}-01&to=2026-{month}-28&granularity=PT15M"));
        }

        // Four run at the same time.
        await Eventually.IsTrueAsync(async () => await caller.DoneAsync(jobs[0]) > 1, "the first job makes progress");
        (await caller.StateNameAsync(jobs[4])).ShouldBe("queued");

        foreach (var job in jobs.AsEnumerable().Reverse())
        {
            (await caller.CancelAsync(job)).ShouldBe(HttpStatusCode.NoContent);
            (await caller.StateNameAsync(job)).ShouldBe("cancelled");
            (await caller.CancelAsync(job)).ShouldBe(HttpStatusCode.NoContent);
            var (status, body) = await caller.GetAsync($"{job}/result");
            status.ShouldBe(HttpStatusCode.Conflict);
            body.ShouldContain("The job was cancelled");
        }

        // The first job had already fetched the first day.
        using var day = await given.Client.GetAsync(new Uri("/aggregates?from=2026-10-01&to=2026-10-02&granularity=PT15M", UriKind.Relative), TestCancellation);
        day.Headers.GetValues("X-Slices").ShouldBe(["cached=1, fetched=0, stale=0, failed=0"]);
        given.FakeClock.Advance(TimeSpan.FromMinutes(5));
        given.AggregateCalls.ShouldBeLessThan(30, "the others were cancelled");
    }
}
