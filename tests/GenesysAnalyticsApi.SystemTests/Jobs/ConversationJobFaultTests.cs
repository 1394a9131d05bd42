using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Conversations;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>Whatever Genesys does while a job runs, its result contains every conversation once or is marked incomplete, or the job fails.</summary>
public sealed class ConversationJobFaultTests
{
    public static TheoryData<string, string?, int> DetailsPagingFaults => ConversationFaultTests.DetailsPagingFaults;

    public static TheoryData<string, string?> JobFaults => ConversationFaultTests.JobFaults;

    [Theory]
    [MemberData(nameof(DetailsPagingFaults))]
    public Task A_faulty_page_never_silently_loses_or_duplicates_a_conversation(string fault, string? value, int times) => CheckAsync(
        "/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T11:00:00Z",
        asyncFrom: 1_000_000,
        new SimulatorFault(fault, value, times == 0 ? null : times, Scope: FaultScopes.Details));

    [Theory]
    [MemberData(nameof(JobFaults))]
    public Task A_faulty_asynchronous_query_never_silently_loses_or_duplicates_a_conversation(string fault, string? value) => CheckAsync(
        "/conversations?from=2026-11-19T00:00:00Z&to=2026-11-21T00:00:00Z",
        asyncFrom: 1_000,
        new SimulatorFault(fault, value, Path: "/api/v2/analytics/conversations/details/jobs"));

    private static async Task CheckAsync(string query, int asyncFrom, SimulatorFault fault)
    {
        // Long timeouts, because the fast clock can run ahead of a busy machine.
        await using var given = await SimulatedService.StartAsync(
            settings: new()
            {
                ["Genesys:AttemptTimeout"] = "00:10:00",
                ["Genesys:TotalTimeout"] = "00:20:00",
                ["Aggregates:Timeout"] = "00:30:00",
                ["Jobs:Keep"] = "1.00:00:00",
                ["Conversations:AsyncFromConversations"] = $"{asyncFrom}",
            },
            clock: new FastClock(SimulatedService.Monday, 20));
        var caller = new JobClient(given.Client);
        var whole = Ids((await caller.GetAsync($"{query}&format=ndjson")).Body);
        whole.Count.ShouldBeGreaterThan(200);
        given.Simulator.Faults.Set([fault]);

        var job = await caller.SubmitAsync(query);
        var ended = await caller.EndAsync(job);
        given.Simulator.Faults.Set([]);

        if (ended.GetProperty("state").GetString() == "failed")
        {
            ended.GetProperty("error").GetProperty("status").GetInt32().ShouldBeOneOf(422, 429, 502, 503, 504);
            (await caller.GetAsync($"{job}/result")).Status.ShouldBe(HttpStatusCode.Conflict);
            (fault.Times == 1 && fault.Name != FaultNames.Redirect).ShouldBeFalse("a single bad reply is requested again, except for a redirect");
            return;
        }

        var result = (await caller.GetAsync($"{job}/result?format=ndjson")).Body;
        var read = Ids(result);
        read.Distinct().Count().ShouldBe(read.Count, "duplicated");
        if (result.Contains("\"complete\":true", StringComparison.Ordinal))
        {
            // The record has the unknown media type, so media types are not compared.
            read.Select(Comparable).Order(StringComparer.Ordinal).ShouldBe(whole.Select(Comparable).Order(StringComparer.Ordinal), "marked complete");
        }

        string Comparable(string id) => fault.Name == FaultNames.UnknownMediaType ? id[..id.LastIndexOf(' ')] : id;
    }

    private static List<string> Ids(string ndjson) =>
    [
        .. ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Select(record => $"{record.GetProperty("conversationId").GetString()} {record.GetProperty("queueId").GetString()} {record.GetProperty("mediaType").GetString()}"),
    ];
}
