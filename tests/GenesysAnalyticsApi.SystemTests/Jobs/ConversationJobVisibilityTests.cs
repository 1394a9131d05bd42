using System.Net;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>Who may run a job that reads conversations, and which parts of the conversations it shows.</summary>
public sealed class ConversationJobVisibilityTests : IAsyncLifetime
{
    private const string Friday = "/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T11:00:00Z";

    /// <summary>The personal data that the simulator plants.</summary>
    private static readonly string[] Planted = ["Beispiel", "4930555", "kunde.", "kunde-", "Betreff-", "Notiz-", "Anliegen-", "KD-"];

    private readonly IssuedKeys _keys = new IssuedKeys()
        .Add("lead", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Scopes:2", "agents"))
        .Add("viewer", ("Scopes:0", "read"), ("Scopes:1", "details"))
        .Add("limited", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Queues:0", "Billing*"))
        .Add("only-details", ("Scopes:0", "details"))
        .Add("blind", ("Scopes:0", "read"));

    private SimulatedService _given = null!;

    public async ValueTask InitializeAsync() => _given = await SimulatedService.StartAsync(
        settings: new(_keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey", ["Conversations:PersonalData"] = "true" });

    public ValueTask DisposeAsync() => _given.DisposeAsync();

    [Fact]
    public async Task A_job_needs_the_scopes_for_conversations_and_for_jobs()
    {
        (await Caller("blind").GetAsync(Friday, "respond-async")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var (status, body) = await Caller("only-details").GetAsync(Friday, "respond-async");
        status.ShouldBe(HttpStatusCode.Forbidden);
        body.ShouldContain("'read'");
        (await Caller("viewer").GetAsync($"{Friday}&userId={Guid.Empty}", "respond-async")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task For_other_callers_the_job_does_not_exist()
    {
        var job = await Caller("lead").SubmitAsync(Friday);
        await Caller("lead").EndAsync(job);

        foreach (var path in new[] { job, $"{job}/events", $"{job}/result", $"{job}/result?format=parquet" })
        {
            (await Caller("viewer").GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await Caller("limited").GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await Caller("blind").GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await Caller("viewer").CancelAsync(job)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_result_contains_what_its_caller_sees_in_the_stream()
    {
        foreach (var name in new[] { "lead", "viewer", "limited" })
        {
            var stream = await Caller(name).GetAsync($"{Friday}&format=ndjson");
            var result = await Caller(name).ResultAsync(Friday, "ndjson");

            Lines(result).ShouldBe(Lines(stream.Body), name);
            result.Contains("\"agents\":[\"", StringComparison.Ordinal).ShouldBe(name == "lead", name);
            result.Contains("\"Sales", StringComparison.Ordinal).ShouldBe(name != "limited", name);
        }
    }

    [Fact]
    public async Task Personal_data_is_in_no_result_and_no_log()
    {
        List<string> everything = [];
        var job = await Caller("lead").SubmitAsync(Friday);
        await Caller("lead").EndAsync(job);
        foreach (var path in new[] { "/jobs", job, $"{job}/events", $"{job}/result", $"{job}/result?format=ndjson", $"{job}/result?format=csv" })
        {
            everything.Add((await Caller("lead").GetAsync(path)).Body);
        }

        everything.Add(string.Join('\n', _given.Service.Log.Events.Select(RecordedLog.Text)));
        everything.ShouldAllBe(text => text.Length > 100);
        Planted.ShouldAllBe(planted => !everything.Exists(text => text.Contains(planted)));
    }

    private static List<string> Lines(string ndjson) => [.. ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1)];

    private JobClient Caller(string name) => new(_given.Client, _keys[name]);
}
