using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Splitting;

/// <summary>A query with fewer dimensions uses the slices of a query with more, if its figures then equal those of Genesys exactly.</summary>
public sealed class SplitRollupTests
{
    private const string Days = "/aggregates?from=2026-11-16&to=2026-11-18&granularity=P1D";

    private static readonly Dictionary<string, string> Agents = new() { ["Auth:AnonymousScopes"] = "read,agents" };

    private static readonly SimulatorSettings Organization = new() { Queues = 12, RequestsPerMinute = 1_000_000 };

    [Theory]
    [InlineData("&groupBy=direction", "")]
    [InlineData("&groupBy=messageType,direction", "&groupBy=queueId,messageType")]
    [InlineData("&groupBy=messageType", "&mediaType=message")]
    [InlineData("&groupBy=messageType&serviceLevelThresholdMs=30000&metric=tTalk,nConsult", "&serviceLevelThresholdMs=30000")]
    [InlineData("&messageType=sms&groupBy=direction", "&groupBy=direction")]
    public async Task A_query_with_fewer_dimensions_needs_no_Genesys_request(string finer, string coarser)
    {
        await using var alone = await SimulatedService.StartAsync(Organization, Agents);
        await using var after = await SimulatedService.StartAsync(Organization, Agents);
        await after.QueryAsync(Days + finer);
        JsonElement response = default;

        var calls = await after.CallsOfAsync(async () => response = await after.QueryAsync(Days + coarser));

        calls.ShouldBe(0);
        response.GetProperty("records").GetRawText().ShouldBe((await alone.QueryAsync(Days + coarser)).GetProperty("records").GetRawText());
    }

    [Theory]
    [InlineData("&groupBy=wrapUpCode", "")] // The slices by wrap-up code lack the figures of the queue.
    [InlineData("&groupBy=userId", "&groupBy=direction")]
    [InlineData("&groupBy=messageType&metric=nConversations", "&metric=nConversations")] // One conversation can have several message types.
    [InlineData("&groupBy=direction&metric=oServiceTarget", "&metric=oServiceTarget")]
    [InlineData("&groupBy=direction", "&direction=inbound&maxAge=0")]
    public async Task Figures_that_could_differ_are_requested_from_Genesys(string finer, string coarser)
    {
        await using var organization = await SimulatedService.StartAsync(Organization, Agents);
        await organization.QueryAsync(Days + finer);

        (await organization.CallsOfAsync(() => organization.QueryAsync(Days + coarser))).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Computed_figures_equal_requested_ones_for_any_query()
    {
        var splits = new[] { "direction", "messageType", "messageType,direction", "userId,direction", "userId,wrapUpCode", "userId,wrapUpCode,messageType,direction" };
        var query =
            from time in GenChoice.OneOf("period=last-week&granularity=P1D", "period=yesterday&granularity=PT1H", "last=PT24H", "period=today&granularity=PT30M&timeZone=Asia/Kolkata")
            from finer in GenChoice.OneOf(splits)
            from coarser in GenChoice.OneOf(["", "queueId", "queueId,mediaType,userId", "wrapUpCode", .. splits])
            from more in GenChoice.OneOf("", "&serviceLevelThresholdMs=30000", "&metric=tAlert,nConsult,oServiceTarget,tFlowOut")
            select (First: $"/aggregates?{time}{more}&groupBy={finer}", Then: $"/aggregates?{time}{more}{(coarser.Length == 0 ? "" : $"&groupBy={coarser}")}");
        await query.SampleAsync(
            async pair =>
            {
                await using var alone = await SimulatedService.StartAsync(Organization, Agents);
                await using var after = await SimulatedService.StartAsync(Organization, Agents);
                await after.QueryAsync(pair.First);

                var (given, expected) = (await after.QueryAsync(pair.Then), await alone.QueryAsync(pair.Then));
                given.GetProperty("records").GetRawText().ShouldBe(expected.GetProperty("records").GetRawText(), $"{given.GetProperty("meta")} {expected.GetProperty("meta")}");
            },
            iter: 12,
            threads: 1);
    }
}
