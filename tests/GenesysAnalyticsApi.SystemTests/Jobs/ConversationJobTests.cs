using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Parquet;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>Jobs that read conversations: their results equal those of the stream, and faults of Genesys are retried or reported.</summary>
public sealed class ConversationJobTests
{
    private const string Friday = "/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T12:00:00Z";
    private const string WholeFriday = "/conversations?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_result_in_every_format_has_the_records_of_the_stream()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Conversations:MaxConversationsPerPiece"] = "100" });
        var caller = new JobClient(given.Client);
        var expected = await LinesAsync(caller, $"{Friday}&format=ndjson");

        using var accepted = await caller.SendAsync(HttpMethod.Get, Friday, "respond-async");
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        accepted.Headers.RetryAfter.ShouldNotBeNull();
        accepted.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async"]);
        var job = accepted.Headers.Location!.ToString();
        var ended = await caller.EndAsync(job);
        var calls = given.Simulator.Calls.Count;

        ended.GetProperty("state").GetString().ShouldBe("succeeded");
        ended.GetProperty("kind").GetString().ShouldBe("conversations");
        ended.GetProperty("query").GetString().ShouldBe("from=2026-11-20T08%3A00%3A00Z&to=2026-11-20T12%3A00%3A00Z");
        ended.GetProperty("progress").GetRawText().ShouldBe("""{"done":100,"total":100}""");
        ended.GetProperty("failedParts").GetArrayLength().ShouldBe(0);
        expected.Count.ShouldBeGreaterThan(200);

        var ndjson = await LinesAsync(caller, $"{job}/result?format=ndjson");
        ndjson[..^1].ShouldBe(expected[..^1]);
        ndjson[^1].ShouldStartWith("{\"meta\":{\"asOf\":\"2026-11-23T09:15:20Z\",\"complete\":true,");

        var json = JsonSerializer.Deserialize<JsonElement>((await caller.GetAsync($"{job}/result")).Body);
        json.GetProperty("records").EnumerateArray().Select(record => record.GetRawText()).ShouldBe(expected[..^1]);
        json.GetProperty("query").GetProperty("interval").GetString().ShouldBe("2026-11-20T08:00:00Z/2026-11-20T12:00:00Z");
        json.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();

        (await caller.GetAsync($"{job}/result?format=csv")).Body.ShouldBe((await caller.GetAsync($"{Friday}&format=csv")).Body);
        calls.ShouldBeLessThan(given.Simulator.Calls.Count, "the stream is read from Genesys");
        calls = given.Simulator.Calls.Count;
        using var response = await caller.SendAsync(HttpMethod.Get, $"{job}/result?format=parquet");
        await using var parquet = await ParquetReader.CreateAsync(new MemoryStream(await response.Content.ReadAsByteArrayAsync(TestCancellation)), cancellationToken: TestCancellation);
        using var group = parquet.OpenRowGroupReader(0);
        group.RowCount.ShouldBe(expected.Count - 1);

        given.Simulator.Calls.Count.ShouldBe(calls, "the result is stored");
        (await caller.GetAsync($"{job}/result?format=xlsx")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await caller.GetAsync($"{job}/result?format=json&bom=true")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await caller.GetAsync($"{job}/result?outcome=open")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("asc", "")]
    [InlineData("desc", "")]
    [InlineData("asc", "&match=active&outcome=answered")]
    [InlineData("asc", "&limit=1200")]
    public async Task A_job_with_bulk_data_has_the_records_of_the_stream_and_shows_its_progress(string order, string filter)
    {
        var query = $"/conversations?from=2026-11-20T00:00:00Z&to=2026-11-23T09:00:00Z&order={order}{filter}";
        await using var given = await SimulatedService.StartAsync(
            settings: new(Patient) { ["Conversations:AsyncFromConversations"] = "1000", ["Conversations:MaxConversationsPerPiece"] = "1000", ["Genesys:AsyncQueryPageSize"] = "200" }, clock: new FastClock(SimulatedService.Monday, 20));
        var caller = new JobClient(given.Client);
        var expected = await LinesAsync(caller, $"{query}&format=ndjson");
        var job = await caller.SubmitAsync(query);

        using var events = await caller.SendAsync(HttpMethod.Get, $"{job}/events");
        var progress = (await events.Content.ReadAsStringAsync(TestCancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(one => JsonSerializer.Deserialize<JsonElement>(one[(one.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).GetProperty("progress").GetProperty("done").GetInt32()).ToList();
        var result = await LinesAsync(caller, $"{job}/result?format=ndjson");

        given.Simulator.Calls.Count(call => call.Path.EndsWith("/details/jobs", StringComparison.Ordinal)).ShouldBeGreaterThan(1);
        progress.ShouldBe(progress.Order());
        progress[^1].ShouldBe(100);

        // The clock has moved on, so records can differ if the conversation was in progress, or if its figures have settled since.
        result[..^1].Select(IdOf).ShouldBe(expected[..^1].Select(IdOf));
        result[..^1].Where(HasEnded).Select(Settled).ShouldBe(expected[..^1].Where(HasEnded).Select(Settled));
        result[^1].ShouldContain("\"complete\":true");
        if (filter != "&limit=1200")
        {
            // The first 1,200 conversations are older than the end of the bulk data.
            result[^1].ShouldContain("after-bulk-data");
            result.ShouldContain(line => line.Contains("\"provisional\":true", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_page_of_JSON_and_a_result_in_JSON_have_different_limits()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        var page = JsonSerializer.Deserialize<JsonElement>((await caller.GetAsync($"{Friday}&limit=5")).Body);

        (await caller.GetAsync($"{Friday}&limit=5&cursor={page.GetProperty("nextCursor").GetString()}", "respond-async")).Status.ShouldBe(HttpStatusCode.OK);
        (await caller.GetAsync($"{Friday}&limit=5000")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await caller.GetAsync($"{Friday}&outcome=lost", "respond-async")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await caller.GetAsync($"{Friday}&queue=Nowhere", "respond-async")).Status.ShouldBe(HttpStatusCode.NotFound);
        Records(await caller.ResultAsync($"{Friday}&limit=7")).ShouldBe(7);
        Records(await caller.ResultAsync($"{Friday}&limit=5000")).ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task An_identical_query_gets_the_same_job_whatever_its_format()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Jobs:MaxPerCaller"] = "10" });
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(Friday);

        (await caller.SubmitAsync($"{Friday}&format=csv&bom=true")).ShouldBe(job);
        (await caller.SubmitAsync($"{Friday}&match=started&order=asc&timeZone=UTC")).ShouldBe(job);
        (await caller.SubmitAsync("/conversations?interval=2026-11-20T08:00:00Z/2026-11-20T12:00:00Z")).ShouldBe(job);
        var filtered = await caller.SubmitAsync($"{Friday}&outcome=abandoned,flowOut");
        (await caller.SubmitAsync($"{Friday}&outcome=abandoned&outcome=flowOut")).ShouldBe(filtered);
        filtered.ShouldNotBe(job);
        (await caller.SubmitAsync($"{Friday}&order=desc")).ShouldNotBe(job);
        (await caller.SubmitAsync("/aggregates?from=2026-11-20T08:00:00Z&to=2026-11-20T12:00:00Z&granularity=PT1H")).ShouldNotBe(job);
        await caller.EndAsync(job);
        (await caller.SubmitAsync(Friday)).ShouldBe(job);
    }

    [Fact]
    public async Task A_cancelled_job_stops_and_leaves_no_result()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:RequestsPerMinute"] = "40", ["Conversations:MaxConversationsPerPiece"] = "100" });
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(WholeFriday);
        await Eventually.IsTrueAsync(async () => await caller.DoneAsync(job) > 0, "the job makes progress");

        (await caller.GetAsync($"{job}/result")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await caller.CancelAsync(job)).ShouldBe(HttpStatusCode.NoContent);

        (await caller.StateNameAsync(job)).ShouldBe("cancelled");
        (await caller.GetAsync($"{job}/result")).Body.ShouldContain("The job was cancelled");
        await Eventually.IsTrueAsync(() => Stored(given) == 0, "the file is deleted");
        (await caller.SubmitAsync(WholeFriday)).ShouldNotBe(job);
    }

    [Fact]
    public async Task Pages_that_fail_are_read_again_within_the_job()
    {
        await using var given = await SimulatedService.StartAsync(
            settings: new(Patient) { ["Conversations:MaxConversationsPerPiece"] = "100" }, clock: new FastClock(SimulatedService.Monday, 20));
        var caller = new JobClient(given.Client);
        var expected = await LinesAsync(caller, $"{Friday}&format=ndjson");

        // More faults than one request has attempts. While the circuit breaker is half-open, a try of the job uses up a single fault, and the job has four tries.
        given.Simulator.Faults.Add(FaultNames.Unavailable, times: 7, scope: FaultScopes.Details);
        var job = await caller.SubmitAsync(Friday);
        var ended = await caller.EndAsync(job);

        ended.GetProperty("state").GetString().ShouldBe("succeeded");
        ended.GetProperty("failedParts").GetArrayLength().ShouldBe(0);
        (await LinesAsync(caller, $"{job}/result?format=ndjson"))[..^1].Select(IdOf).ShouldBe(expected[..^1].Select(IdOf));
    }

    [Fact]
    public async Task Parts_that_fail_every_time_are_named_and_the_others_are_in_the_result()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Genesys:RequestsPerMinute"] = "40", ["Conversations:MaxConversationsPerPiece"] = "100" });
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(WholeFriday);
        await Eventually.IsTrueAsync(async () => await caller.DoneAsync(job) > 0, "the job makes progress");
        given.Simulator.Faults.Add(FaultNames.Unavailable, scope: FaultScopes.Details);

        var ended = await caller.EndAsync(job, () => given.FakeClock.Advance(TimeSpan.FromSeconds(20)));
        var result = await LinesAsync(caller, $"{job}/result?format=ndjson");
        await using var whole = await SimulatedService.StartAsync();
        var expected = await LinesAsync(new JobClient(whole.Client), $"{WholeFriday}&format=ndjson");

        ended.GetProperty("state").GetString().ShouldBe("succeeded");
        var failed = ended.GetProperty("failedParts").EnumerateArray().Select(part => (From: part.GetProperty("from").GetString()!, To: part.GetProperty("to").GetString()!)).ToList();
        failed.ShouldNotBeEmpty();
        result[^1].ShouldContain("\"complete\":false");
        result[^1].ShouldContain("part-missing");
        result[..^1].Select(IdOf).ShouldBe(expected[..^1].Where(line => !failed.Exists(part => IsIn(line, part.From, part.To))).Select(IdOf));
        result.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task Without_the_Genesys_permission_a_job_fails_with_the_reason()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        given.Simulator.Faults.Add(FaultNames.MissingPermission, scope: FaultScopes.Details);

        var job = await caller.SubmitAsync(Friday);
        var ended = await caller.EndAsync(job);

        ended.GetProperty("state").GetString().ShouldBe("failed");
        ended.GetProperty("error").GetProperty("detail").GetString()!.ShouldContain("analytics:conversationDetail:view");
        (await caller.GetAsync($"{job}/result")).Status.ShouldBe(HttpStatusCode.Conflict);
        Stored(given).ShouldBe(0);
    }

    [Fact]
    public async Task A_result_that_is_too_large_fails_the_job_and_says_what_to_do()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Jobs:MaxResultBytes"] = "1000" });
        var caller = new JobClient(given.Client);

        var ended = await caller.EndAsync(await caller.SubmitAsync(Friday));

        ended.GetProperty("state").GetString().ShouldBe("failed");
        ended.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/too-large");
        ended.GetProperty("error").GetProperty("detail").GetString()!.ShouldContain("Jobs:MaxResultBytes");
        Stored(given).ShouldBe(0);
    }

    [Fact]
    public async Task A_result_that_is_lost_is_read_from_Genesys_again()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(Friday);
        await caller.EndAsync(job);
        var stored = await caller.GetAsync($"{job}/result?format=ndjson");
        var record = (await given.Service.Services.GetRequiredService<IJobStore>().FindAsync(job[6..], TestCancellation))!;

        await given.Service.Services.GetRequiredService<IJobResultStore>().DeleteAsync(record.Result!.Id);
        var calls = given.Simulator.Calls.Count;
        var read = await caller.GetAsync($"{job}/result?format=ndjson");

        given.Simulator.Calls.Count.ShouldBeGreaterThan(calls);
        read.ShouldBe(stored);
    }

    [Fact]
    public async Task A_result_is_deleted_with_its_job()
    {
        await using var given = await SimulatedService.StartAsync();
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync(Friday);
        await caller.EndAsync(job);
        Stored(given).ShouldBeGreaterThan(1_000);

        given.FakeClock.Advance(TimeSpan.FromMinutes(62));

        (await caller.GetAsync(job)).Status.ShouldBe(HttpStatusCode.NotFound);
        await Eventually.IsTrueAsync(() => Stored(given) == 0, "the file is deleted");
    }

    /// <summary>Long timeouts, because the fast clock can run ahead of a busy machine.</summary>
    private static Dictionary<string, string> Patient => new()
    {
        ["Genesys:AttemptTimeout"] = "00:10:00",
        ["Genesys:TotalTimeout"] = "00:20:00",
        ["Aggregates:Timeout"] = "00:30:00",
        ["Genesys:AsyncQueryTimeout"] = "00:30:00",
        ["Jobs:Keep"] = "1.00:00:00",
    };

    private static long Stored(SimulatedService given) => ((LocalJobResultStore)given.Service.Services.GetRequiredService<IJobResultStore>()).Size;

    private static int Records(string json) => JsonSerializer.Deserialize<JsonElement>(json).GetProperty("records").GetArrayLength();

    private static string IdOf(string line)
    {
        var record = JsonSerializer.Deserialize<JsonElement>(line);
        return $"{record.GetProperty("conversationId").GetString()} {record.GetProperty("queueId").GetString()} {record.GetProperty("mediaType").GetString()}";
    }

    private static bool IsIn(string line, string from, string to) =>
        JsonSerializer.Deserialize<JsonElement>(line).GetProperty("conversationStart").GetDateTimeOffset() is var start
        && start >= DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture) && start < DateTimeOffset.Parse(to, System.Globalization.CultureInfo.InvariantCulture);

    private static bool HasEnded(string line) =>
        JsonSerializer.Deserialize<JsonElement>(line).GetProperty("conversationEnd").GetString() is { } end && string.CompareOrdinal(end, "2026-11-23T09:00") < 0;

    private static string Settled(string line) => line.Replace("\"provisional\":true", "\"provisional\":false", StringComparison.Ordinal);

    private static async Task<List<string>> LinesAsync(JobClient caller, string path)
    {
        var (status, body) = await caller.GetAsync(path);
        status.ShouldBe(HttpStatusCode.OK, body);
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
