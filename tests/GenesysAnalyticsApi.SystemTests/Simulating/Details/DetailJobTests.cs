using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Details;

public sealed class DetailJobTests
{
    private const string Jobs = SimulatedOrganization.DetailsPath + "/jobs";

    private static readonly DateTimeOffset Watermark = SimulatedOrganization.Now.AddHours(-6);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_finds_every_conversation_with_activity_page_by_page()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var (from, to) = (Day(2026, 4, 14).AddMinutes(1), Day(2026, 4, 14).AddHours(8));

        var (records, pages) = await RunAsync(organization, from, to, "?pageSize=70");

        var expected = organization.Simulator.World.Conversations(from, to, Watermark);
        records.Select(DetailQueryTests.IdOf).ShouldBe(expected.Select(conversation => conversation.Id.ToString()), ignoreOrder: true);
        pages.ShouldBe((expected.Count + 69) / 70);
        expected.ShouldContain(conversation => conversation.Start < Day(2026, 4, 14));
        records.SelectMany(record => record["participants"]!.AsArray()).ShouldAllBe(participant => participant!["attributes"] != null);
    }

    [Fact]
    public async Task Start_of_day_matching_omits_conversations_that_began_before_the_day()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var (from, to) = (Day(2026, 4, 14).AddMinutes(1), Day(2026, 4, 14).AddHours(8));

        var (records, _) = await RunAsync(organization, from, to, "", query => query.With("startOfDayIntervalMatching", true));

        records.Select(DetailQueryTests.IdOf).ShouldBe((await organization.DetailsAsync(from, to)).Select(DetailQueryTests.IdOf));
    }

    [Fact]
    public async Task Data_after_the_watermark_is_silently_absent()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 14, DetailsLag = TimeSpan.FromHours(1) });
        var now = SimulatedOrganization.Now;
        var watermark = now.AddHours(-1);

        var (records, _) = await RunAsync(organization, now.AddHours(-12), now, "");

        var expected = organization.Simulator.World.Conversations(now.AddHours(-12), now, watermark);
        records.Select(DetailQueryTests.IdOf).ShouldBe(expected.Select(conversation => conversation.Id.ToString()), ignoreOrder: true);
        records.Count(record => record["conversationEnd"] is null).ShouldBe(expected.Count(conversation => conversation.End is null));
        records.ShouldContain(record => record["conversationEnd"] == null);
        records.SelectMany(DetailCount.Sessions).SelectMany(session => session["metrics"]?.AsArray() ?? [])
            .ShouldAllBe(metric => DetailCount.Instant(metric!["emitDate"]!) <= watermark);
        (await organization.JsonAsync(Jobs + "/availability"))["dataAvailabilityDate"]!.GetValue<string>().ShouldBe("2026-04-15T09:00:00.000Z");
    }

    [Fact]
    public async Task A_limit_truncates_the_results()
    {
        await using var organization = await DetailQueryTests.StartAsync();

        var (records, pages) = await RunAsync(organization, Day(2026, 4, 13), Day(2026, 4, 14), "?pageSize=10", query => query.With("limit", 25));

        (records.Count, pages).ShouldBe((25, 3));
    }

    [Theory]
    [InlineData("?pageSize=0")]
    [InlineData("?pageSize=10001")]
    [InlineData("?cursor=nonsense")]
    [InlineData("?page=2")]
    public async Task Invalid_parameters_of_results_are_rejected(string parameters)
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var id = await SubmitAsync(organization, Query(Day(2026, 4, 13), Day(2026, 4, 14)));
        await FinishAsync(organization, id);

        using var reply = await organization.GetAsync($"{Jobs}/{id}/results{parameters}");

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_job_has_no_paging_and_can_be_cancelled()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14));
        var id = await SubmitAsync(organization, query);

        using var paged = await organization.Client.PostAsJsonAsync(Jobs, query.With("paging", new JsonObject()), Cancellation);
        using var cancelled = await organization.Client.DeleteAsync(new Uri($"{Jobs}/{id}", UriKind.Relative), Cancellation);

        (paged.StatusCode, cancelled.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.NoContent));
        (await FinishAsync(organization, id)).ShouldBe("CANCELLED");
    }

    [Theory]
    [InlineData(FaultNames.JobFailed, "FAILED")]
    [InlineData(FaultNames.JobExpired, "EXPIRED")]
    [InlineData(FaultNames.JobSlow, "PENDING")]
    public async Task A_job_can_fail_expire_or_be_slow(string fault, string state)
    {
        await using var organization = await DetailQueryTests.StartAsync();
        organization.Simulator.Faults.Add(fault, scope: FaultScopes.Details);

        (await FinishAsync(organization, await SubmitAsync(organization, Query(Day(2026, 4, 13), Day(2026, 4, 14))))).ShouldBe(state);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("yesterday", "yesterday")]
    [InlineData("48", "2026-04-17T10:00:00.000Z")]
    public async Task The_watermark_can_be_absent_garbled_or_in_the_future(string? value, string? expected)
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var id = await SubmitAsync(organization, Query(Day(2026, 4, 13), Day(2026, 4, 13).AddHours(9)));
        await FinishAsync(organization, id);
        organization.Simulator.Faults.Add(FaultNames.Watermark, value);

        var availability = await organization.JsonAsync(Jobs + "/availability");
        var results = await organization.JsonAsync($"{Jobs}/{id}/results");

        availability["dataAvailabilityDate"]?.GetValue<string>().ShouldBe(expected);
        results["dataAvailabilityDate"]?.GetValue<string>().ShouldBe(expected);
        (availability.ContainsKey("dataAvailabilityDate"), results.ContainsKey("dataAvailabilityDate")).ShouldBe((expected is not null, expected is not null));
    }

    [Fact]
    public async Task Cursors_can_repeat_and_pages_can_be_empty()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var id = await SubmitAsync(organization, Query(Day(2026, 4, 13), Day(2026, 4, 13).AddHours(9)));
        await FinishAsync(organization, id);

        async Task<JsonObject> ResultsAsync(string fault)
        {
            organization.Simulator.Faults.Add(fault, times: 1, scope: FaultScopes.Details);
            return await organization.JsonAsync($"{Jobs}/{id}/results");
        }

        (await ResultsAsync(FaultNames.RepeatedCursor))["cursor"]!.GetValue<string>().ShouldBe("again");
        (await ResultsAsync(FaultNames.EmptyJobPage))["conversations"]!.AsArray().ShouldBeEmpty();
        (await ResultsAsync(FaultNames.EndlessPages))["cursor"]!.GetValue<string>().ShouldStartWith("again+");
    }

    private static JsonObject Query(DateTimeOffset from, DateTimeOffset to)
    {
        var query = DetailQuery(from, to);
        query.Remove("paging");
        return query;
    }

    private static async Task<(List<JsonNode> Records, int Pages)> RunAsync(
        SimulatedOrganization organization, DateTimeOffset from, DateTimeOffset to, string parameters, Action<JsonObject>? change = null)
    {
        var query = Query(from, to);
        change?.Invoke(query);
        var id = await SubmitAsync(organization, query);
        (await FinishAsync(organization, id)).ShouldBe("FULFILLED");
        var (records, pages, cursor) = (new List<JsonNode>(), 0, (string?)null);
        do
        {
            var next = cursor is null ? parameters : $"{(parameters.Length == 0 ? "?" : parameters + "&")}cursor={Uri.EscapeDataString(cursor)}";
            var page = await organization.JsonAsync($"{Jobs}/{id}/results{next}");
            records.AddRange(page["conversations"]!.AsArray().OfType<JsonNode>());
            cursor = page["cursor"]?.GetValue<string>();
            pages++;
        }
        while (cursor is not null);
        return (records, pages);
    }

    private static async Task<string> SubmitAsync(SimulatedOrganization organization, JsonNode query)
    {
        using var reply = await organization.Client.PostAsJsonAsync(Jobs, query, Cancellation);
        reply.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!["jobId"]!.GetValue<string>();
    }

    private static async Task<string> FinishAsync(SimulatedOrganization organization, string id)
    {
        var state = "";
        for (var poll = 0; poll < 3; poll++)
        {
            state = (await organization.JsonAsync($"{Jobs}/{id}"))["state"]!.GetValue<string>();
        }

        return state;
    }
}
