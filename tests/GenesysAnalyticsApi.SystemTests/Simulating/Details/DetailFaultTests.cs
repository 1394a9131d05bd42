using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Details;

public sealed class DetailFaultTests
{
    private static readonly DateTimeOffset From = Day(2026, 4, 13).AddHours(8);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_can_move_between_pages_while_they_are_read()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var good = await PageIdsAsync(organization, 1, 2, 3);

        organization.Simulator.Faults.Set([new(FaultNames.RepeatedRecord)]);
        (await PageIdsAsync(organization, 1, 2)).ShouldBe([.. good[..20], .. good[19..39]]);
        organization.Simulator.Faults.Set([new(FaultNames.MovedRecord)]);
        (await PageIdsAsync(organization, 1, 2)).ShouldBe([.. good[..20], .. good[21..41]]);
        organization.Simulator.Faults.Set([new(FaultNames.ShortPage, "4")]);
        (await PageIdsAsync(organization, 1, 2)).ShouldBe([.. good[..16], .. good[20..36]]);
        organization.Simulator.Faults.Set([new(FaultNames.EmptyPage, "2", Scope: FaultScopes.Details)]);
        (await PageIdsAsync(organization, 1, 2, 3)).ShouldBe([.. good[..20], .. good[40..60]]);
    }

    [Fact]
    public async Task The_number_of_hits_can_change()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        organization.Simulator.Faults.Add(FaultNames.MovingTotalHits, "5");

        var first = (await organization.DetailsAsync(DetailQuery(From, From.AddHours(2))))["totalHits"]!.GetValue<int>();
        var second = (await organization.DetailsAsync(DetailQuery(From, From.AddHours(2))))["totalHits"]!.GetValue<int>();

        second.ShouldBe(first + 5);
    }

    [Theory]
    [InlineData(FaultNames.UnknownMediaType, "\"mediaType\":\"hologram\"")]
    [InlineData(FaultNames.UnknownMetric, "\"name\":\"tQuantumWait\"")]
    [InlineData(FaultNames.UnknownPurpose, "\"purpose\":\"hologram\"")]
    public async Task A_record_can_have_unknown_values(string fault, string expected)
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var query = DetailQuery(From, From.AddHours(2));
        organization.Simulator.Faults.Add(fault, times: 1, scope: FaultScopes.Details);

        (await organization.DetailsAsync(query)).ToJsonString().ShouldContain(expected);
        (await organization.DetailsAsync(query)).ToJsonString().ShouldNotContain(expected);
    }

    [Theory]
    [InlineData(FaultNames.RecordWithoutId)]
    [InlineData(FaultNames.RecordWithoutParticipants)]
    [InlineData(FaultNames.MetricWithoutDate)]
    [InlineData(FaultNames.SegmentWithoutQueue)]
    public async Task A_record_can_lack_required_parts(string fault)
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var query = DetailQuery(From, From.AddHours(2));
        var good = (await organization.DetailsAsync(query))["conversations"]!.AsArray();
        organization.Simulator.Faults.Add(fault);

        var bad = (await organization.DetailsAsync(query))["conversations"]!.AsArray();

        bad[0]!.ToJsonString().Length.ShouldBeLessThan(good[0]!.ToJsonString().Length);
        bad[1]!.ToJsonString().ShouldBe(good[1]!.ToJsonString());
    }

    [Fact]
    public async Task The_interval_can_be_limited_to_a_week_and_later_pages_can_fail()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        organization.Simulator.Faults.Set([new(FaultNames.IntervalDays), new(FaultNames.BadGatewayAfter, "2")]);

        using var tooLong = await PostAsync(organization, DetailQuery(From, From.AddDays(8)));
        using var second = await PostAsync(organization, DetailQuery(From, From.AddDays(1), 20, 2));
        using var third = await PostAsync(organization, DetailQuery(From, From.AddDays(1), 20, 3));

        (await tooLong.Content.ReadAsStringAsync(Cancellation)).ShouldContain("that does not exceed 7 days");
        (tooLong.StatusCode, second.StatusCode, third.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.BadGateway));
    }

    [Fact]
    public async Task General_faults_can_be_restricted_to_details_and_name_their_permission()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        organization.Simulator.Faults.Add(FaultNames.MissingPermission, scope: FaultScopes.Details);

        using var query = await PostAsync(organization, DetailQuery(From, From.AddHours(2)));
        using var one = await organization.GetAsync($"/api/v2/analytics/conversations/{Guid.NewGuid()}/details");

        (query.StatusCode, one.StatusCode).ShouldBe((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden));
        (await query.Content.ReadAsStringAsync(Cancellation)).ShouldContain("analytics:conversationDetail:view");
        (await organization.QueryAsync(Query(From, From.AddHours(2)))).ShouldNotBeEmpty();
    }

    private static async Task<List<string>> PageIdsAsync(SimulatedOrganization organization, params int[] pages)
    {
        var ids = new List<string>();
        foreach (var page in pages)
        {
            var reply = await organization.DetailsAsync(DetailQuery(From, From.AddHours(6), 20, page));
            ids.AddRange((reply["conversations"]?.AsArray() ?? []).Select(record => DetailQueryTests.IdOf(record!)));
        }

        return ids;
    }

    private static Task<HttpResponseMessage> PostAsync(SimulatedOrganization organization, JsonNode query) =>
        organization.Client.PostAsJsonAsync(SimulatedOrganization.DetailsPath + "/query", query, Cancellation);
}
