using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysSimulator;
using GenesysSimulator.World;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Splitting;

/// <summary>Figures by agent and by wrap-up code equal the events of the simulator, and add up to the figures of the queue.</summary>
public sealed class AgentFiguresTests
{
    private static readonly SimulatorSettings Organization = new() { Queues = 12, RequestsPerMinute = 1_000_000 };

    private static readonly Dictionary<string, string> SeesAgents = new() { ["Auth:AnonymousScopes"] = "read, agents" };

    /// <summary>The fields with a value per agent or code, and their Genesys metrics and statistics.</summary>
    private static readonly (string Field, string Metric, Func<SimulatedFigure, long> Of)[] Fields =
    [
        ("answered", "tAnswered", figure => figure.Count), ("answerTimeMs", "tAnswered", figure => figure.Sum), ("handled", "tHandle", figure => figure.Count),
        ("totalHandleTimeMs", "tHandle", figure => figure.Sum), ("talkTimeMs", "tTalkComplete", figure => figure.Sum), ("holdTimeMs", "tHeldComplete", figure => figure.Sum),
        ("wrapTimeMs", "tAcw", figure => figure.Sum), ("alertTimeMs", "tAlert", figure => figure.Sum), ("dialingTimeMs", "tDialing", figure => figure.Sum),
        ("contactingTimeMs", "tContacting", figure => figure.Sum), ("outbound", "nOutbound", figure => figure.Count), ("transferred", "nTransferred", figure => figure.Count),
        ("blindTransferred", "nBlindTransferred", figure => figure.Count), ("consultTransferred", "nConsultTransferred", figure => figure.Count),
    ];

    private static readonly CatalogEntry[] Sums = [.. CatalogEntries.Fields.Where(field => field.Merge == CatalogMerge.Sum)];

    private static readonly Gen<(string Shape, string GroupBy, string Split)> AnyQuery =
        from time in GenChoice.OneOf("period=last-week&granularity=P1D", "period=yesterday&granularity=PT1H", "last=PT24H", "period=today&granularity=PT30M&timeZone=Asia/Kolkata", "period=last-7-days")
        from groupBy in GenChoice.OneOf("none", "queueId", "mediaType", "divisionId", "queueId,mediaType", "divisionId,mediaType,direction")
        from split in GenChoice.OneOf("userId", "wrapUpCode", "userId,wrapUpCode", "userId,messageType", "wrapUpCode,messageType,userId")
        from filter in GenChoice.OneOf("", "&direction=outbound", "&mediaType=message,callback", "&queue=B*", "&messageType=whatsapp", "&hours=08:00-18:00")
        from more in GenChoice.OneOf("", "&serviceLevelThresholdMs=30000", "&compare=previous-week")
        select ($"{time}{filter}{more}", groupBy, split);

    [Theory]
    [InlineData("userId")]
    [InlineData("wrapUpCode")]
    [InlineData("userId,wrapUpCode")]
    [InlineData("userId,wrapUpCode,messageType,direction")]
    public async Task Every_record_equals_the_events_of_the_simulator(string split)
    {
        await using var organization = await SimulatedService.StartAsync(Organization, SeesAgents);
        var records = await RecordsAsync(organization, $"/aggregates?from=2026-11-17&to=2026-11-19&granularity=P1D&groupBy=queueId,mediaType,{split}");

        records.Select(record => (string?)record["userId"]).Distinct().Count().ShouldBeGreaterThan(split.Contains("userId", StringComparison.Ordinal) ? 20 : 0);
        var names = organization.Simulator.World.Agents.ToDictionary(agent => agent.Id, agent => agent.Name);
        foreach (var group in records.GroupBy(record => (Queue: (string)record["queueId"]!, Media: (string)record["mediaType"]!, From: (string)record["from"]!, User: ValueOf(record, "userId"), Code: ValueOf(record, "wrapUpCode"))))
        {
            var from = DateTimeOffset.Parse(group.Key.From, CultureInfo.InvariantCulture);
            var expected = organization.Simulator.World.Figures(Guid.Parse(group.Key.Queue), group.Key.Media, from, from.AddDays(1), SimulatedService.Monday, userId: group.Key.User, wrapUpCode: group.Key.Code);
            foreach (var (field, metric, of) in Fields.Where(field => group.First()[field.Field] is not null))
            {
                group.Sum(record => (long)record[field]!).ShouldBe(expected.TryGetValue(metric, out var figure) ? of(figure) : 0, $"{field} of {group.Key}");
            }

            group.ShouldAllBe(record => record["offered"] == null && record["abandoned"] == null && record["serviceLevel"] == null && record["waitTimeMs"] == null);
        }

        records.Where(record => record["userId"] is not null).ShouldAllBe(record => names.ContainsKey((string)record["userId"]!));
    }

    [Fact]
    public async Task The_parts_add_up_to_the_figures_of_the_queue()
    {
        await using var organization = await SimulatedService.StartAsync(Organization, SeesAgents);
        await AnyQuery.SampleAsync(
            async query =>
            {
                var split = query.GroupBy == "none" ? query.Split : $"{query.GroupBy},{query.Split}";
                var whole = (await RecordsAsync(organization, $"/aggregates?{query.Shape}&groupBy={query.GroupBy}")).ToDictionary(KeyOf);
                var parts = (await RecordsAsync(organization, $"/aggregates?{query.Shape}&groupBy={split}")).ToLookup(KeyOf);

                var (additive, others) = Divided(query.Split);
                foreach (var group in parts)
                {
                    ShouldAddUp(whole[group.Key], [.. group], additive, others);
                    if (whole[group.Key]["previous"] is JsonObject previous)
                    {
                        ShouldAddUp(previous, [.. group.Select(part => part["previous"]!.AsObject())], additive, others);
                    }
                }

                // Interactions without a session of an agent have no part.
                foreach (var missing in whole.Keys.Where(key => !parts.Contains(key)))
                {
                    additive.Sum(field => (double?)whole[missing][field] ?? 0).ShouldBe(0, $"{whole[missing]}");
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task A_filter_returns_the_records_of_its_agents_and_codes()
    {
        await using var organization = await SimulatedService.StartAsync(Organization, SeesAgents);
        const string Query = "/aggregates?period=last-week&granularity=P1D&groupBy=queueId,mediaType,userId,wrapUpCode";
        var all = await RecordsAsync(organization, Query);
        var (user, code) = ((string)all[all.Count / 2]["userId"]!, (string)all.First(record => record["wrapUpCode"] is not null)["wrapUpCode"]!);

        var ofUser = await RecordsAsync(organization, $"{Query}&userId={user.ToUpperInvariant()}");
        var ofCode = await RecordsAsync(organization, $"{Query}&wrapUpCode={code}");
        var total = await RecordsAsync(organization, $"/aggregates?period=last-week&groupBy=none&userId={user}&wrapUpCode={code}");

        ofUser.Select(record => record.ToJsonString()).ShouldBe(all.Where(record => (string?)record["userId"] == user).Select(record => record.ToJsonString()));
        ofCode.Select(record => record.ToJsonString()).ShouldBe(all.Where(record => (string?)record["wrapUpCode"] == code).Select(record => record.ToJsonString()));
        ((long?)total[0]["handled"]).ShouldBe(ofUser.Where(record => (string?)record["wrapUpCode"] == code).Sum(record => (long)record["handled"]!));
    }

    private static (string[] Additive, string[] Others) Divided(string split)
    {
        var dimensions = split.Split(',');
        return ([.. Sums.Where(field => dimensions.All(field.Dimensions.Contains)).Select(field => field.Name)], [.. Sums.Where(field => !dimensions.All(field.Dimensions.Contains)).Select(field => field.Name)]);
    }

    private static void ShouldAddUp(JsonObject whole, IReadOnlyList<JsonObject> parts, string[] additive, string[] others)
    {
        foreach (var field in additive.Where(whole.ContainsKey))
        {
            parts.Sum(part => (double?)part[field] ?? 0).ShouldBe((double?)whole[field] ?? 0, $"{field} of {whole.ToJsonString()}");
        }

        foreach (var field in others)
        {
            parts.ShouldAllBe(part => part[field] == null, $"{field} of {whole.ToJsonString()}");
        }
    }

    private static string? ValueOf(JsonObject record, string field) => record.ContainsKey(field) ? (string?)record[field] ?? SimulatedWorld.Without : null;

    private static (string?, string?, string?, string?, string?) KeyOf(JsonObject record) =>
        ((string?)record["queueId"], (string?)record["divisionId"], (string?)record["mediaType"], (string?)record["direction"], (string?)record["from"]);

    private static async Task<IReadOnlyList<JsonObject>> RecordsAsync(SimulatedService organization, string query) =>
        [.. JsonNode.Parse((await organization.QueryAsync(query)).GetProperty("records").GetRawText())!.AsArray().Select(record => record!.AsObject())];
}
