using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>For other callers, a job does not exist.</summary>
public sealed class JobVisibilityTests : IAsyncLifetime
{
    private const string Wide = "/aggregates?from=2026-10-01&to=2026-10-31&granularity=PT15M";

    private readonly IssuedKeys _keys = new IssuedKeys()
        .Add("owner", ("Scopes:0", "read"), ("Scopes:1", "agents"))
        .Add("other")
        .Add("limited", ("Queues:0", "Billing*"))
        .Add("blind", ("Scopes:0", "operator"));

    private SimulatedService _given = null!;

    public async ValueTask InitializeAsync() => _given = await SimulatedService.StartAsync(
        settings: new(_keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey", ["Genesys:RequestsPerMinute"] = "100000" });

    public ValueTask DisposeAsync() => _given.DisposeAsync();

    [Fact]
    public async Task Another_caller_gets_the_same_404_as_for_an_unknown_job_everywhere()
    {
        var job = await Caller("owner").SubmitAsync(Wide);
        await Caller("owner").EndAsync(job);

        foreach (var caller in new[] { Caller("other"), Caller("limited") })
        {
            foreach (var path in new[] { job, $"{job}/events", $"{job}/result" })
            {
                var foreign = await caller.GetAsync(path);
                var unknown = await caller.GetAsync(path.Replace(job[6..], new string('0', 32), StringComparison.Ordinal));

                foreign.Status.ShouldBe(HttpStatusCode.NotFound);
                Comparable(foreign.Body, job[6..]).ShouldBe(Comparable(unknown.Body, new string('0', 32)));
            }

            (await caller.CancelAsync(job)).ShouldBe(HttpStatusCode.NotFound);
            JsonSerializer.Deserialize<JsonElement>((await caller.GetAsync("/jobs")).Body).GetProperty("records").GetArrayLength().ShouldBe(0);
        }

        (await Caller("blind").GetAsync(job)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Caller("owner").StateNameAsync(job)).ShouldBe("succeeded");
    }

    [Fact]
    public async Task Identical_queries_of_two_callers_are_two_jobs_each_limited_to_the_queues_of_its_caller()
    {
        var all = await Caller("other").SubmitAsync(Wide);
        var own = await Caller("limited").SubmitAsync(Wide);

        own.ShouldNotBe(all);
        await Caller("limited").EndAsync(own);
        var (status, body) = await Caller("limited").GetAsync($"{own}/result?format=ndjson");
        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldContain("\"Billing");
        body.ShouldNotContain("\"Sales");
        await Caller("other").EndAsync(all);
        (await Caller("other").GetAsync($"{all}/result?format=ndjson")).Body.ShouldContain("\"Sales");
    }

    [Fact]
    public async Task A_job_about_agents_needs_the_scope_agents()
    {
        const string Agents = "/aggregates?from=2026-10-01&to=2026-10-03&granularity=P1D&groupBy=userId";

        (await Caller("other").GetAsync(Agents, "respond-async")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Caller("owner").ResultAsync(Agents)).ShouldContain("\"userId\":");
    }

    [Theory]
    [InlineData("/jobs/x")]
    [InlineData("/jobs/%0A")]
    [InlineData("/jobs/5f0c2b7e-9a41-4d0c-8f5f-6a3e2b1d4c90")]
    [InlineData("/jobs/x/result?format=csv")]
    public async Task A_malformed_id_is_an_unknown_job(string path) => (await Caller("owner").GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("/jobs?limit=5")]
    [InlineData("/jobs/x?format=csv")]
    [InlineData("/jobs/x/events?a=b")]
    public async Task Unknown_parameters_are_errors(string path) => (await Caller("owner").GetAsync(path)).Status.ShouldBe(HttpStatusCode.BadRequest);

    private static string Comparable(string body, string id) =>
        JsonSerializer.Deserialize<JsonElement>(body).GetProperty("detail").GetString()!.Replace(id, "ID", StringComparison.Ordinal);

    private JobClient Caller(string name) => new(_given.Client, _keys[name]);
}
