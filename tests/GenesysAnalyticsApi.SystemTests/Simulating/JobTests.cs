using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class JobTests
{
    private const string Jobs = "/api/v2/analytics/conversations/aggregates/jobs";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_queued_then_pending_then_fulfilled_and_paged_by_cursor()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14));
        var id = await Submit(organization, query.DeepClone().AsObject().With("pageSize", 30));

        using var early = await organization.GetAsync($"{Jobs}/{id}/results");
        early.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await States(organization, id, 3)).ShouldBe(["QUEUED", "PENDING", "FULFILLED"]);

        var groups = 0;
        var pages = 0;
        string? cursor = null;
        do
        {
            var page = await organization.JsonAsync($"{Jobs}/{id}/results" + (cursor is null ? "" : $"?cursor={Uri.EscapeDataString(cursor)}"));
            groups += page["results"]!.AsArray().Count;
            cursor = page["cursor"]?.GetValue<string>();
            pages++;
        }
        while (cursor is not null);

        pages.ShouldBeGreaterThan(1);
        groups.ShouldBe((await organization.QueryAsync(query)).Count);
    }

    [Theory]
    [InlineData(FaultNames.JobFailed, "FAILED")]
    [InlineData(FaultNames.JobExpired, "EXPIRED")]
    public async Task A_job_can_fail_or_expire(string fault, string state)
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        organization.Simulator.Faults.Add(fault, times: 1);

        var id = await Submit(organization, Query(Day(2026, 4, 13), Day(2026, 4, 14)));

        (await States(organization, id, 3)).Last().ShouldBe(state);
    }

    [Fact]
    public async Task A_deleted_job_is_cancelled()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var id = await Submit(organization, Query(Day(2026, 4, 13), Day(2026, 4, 14)));

        using var deleted = await organization.Client.DeleteAsync(new Uri($"{Jobs}/{id}", UriKind.Relative), Cancellation);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await States(organization, id, 1)).ShouldBe(["CANCELLED"]);
    }

    [Theory]
    [InlineData("?pageSize=5")]
    [InlineData("?cursor=page+1=")] // The plus sign is not encoded.
    [InlineData("?cursor=other")]
    public async Task Invalid_parameters_of_the_results_are_rejected(string parameters)
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var id = await Submit(organization, Query(Day(2026, 4, 13), Day(2026, 4, 14)));
        await States(organization, id, 3);

        using var reply = await organization.GetAsync($"{Jobs}/{id}/results{parameters}");

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(1, 202)]
    [InlineData(40, 202)]
    [InlineData(41, 400)]
    public async Task The_page_size_has_bounds(int size, int status)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new SimulatorSettings { MaxJobPageSize = 40 });

        using var reply = await organization.Client.PostAsJsonAsync(Jobs, Query(Day(2026, 4, 13), Day(2026, 4, 14)).With("pageSize", size), Cancellation);

        ((int)reply.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Too_many_jobs_at_the_same_time_are_throttled()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new SimulatorSettings { ConcurrentJobs = 1 });
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14));
        var first = await Submit(organization, query.DeepClone());

        using var second = await organization.Client.PostAsJsonAsync(Jobs, query, Cancellation);
        await States(organization, first, 3);
        using var third = await organization.Client.PostAsJsonAsync(Jobs, query, Cancellation);

        (second.StatusCode, third.StatusCode).ShouldBe((HttpStatusCode.TooManyRequests, HttpStatusCode.Accepted));
    }

    private static async Task<string> Submit(SimulatedOrganization organization, JsonNode query)
    {
        using var reply = await organization.Client.PostAsJsonAsync(Jobs, query, Cancellation);
        reply.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!["jobId"]!.GetValue<string>();
    }

    private static async Task<List<string>> States(SimulatedOrganization organization, string id, int count)
    {
        var states = new List<string>();
        while (states.Count < count)
        {
            states.Add((await organization.JsonAsync($"{Jobs}/{id}"))["state"]!.GetValue<string>());
        }

        return states;
    }
}
