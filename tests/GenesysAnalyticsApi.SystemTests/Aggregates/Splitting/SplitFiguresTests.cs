using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Splitting;

/// <summary>Figures by message type and direction: the parts add up to the whole, and each part equals the figures of a query with that filter.</summary>
public sealed class SplitFiguresTests
{
    private const string Week = "/aggregates?period=last-week&timeZone=Europe/Berlin";

    private static readonly SimulatorSettings Organization = new() { Queues = 12, RequestsPerMinute = 1_000_000 };

    private static readonly string[] Sums = [.. CatalogEntries.Fields.Where(field => field.Merge == CatalogMerge.Sum).Select(field => field.Name)];

    /// <summary>A query without <c>groupBy</c>, the dimensions of its <c>groupBy</c>, and the additional dimensions that split its figures.</summary>
    private static readonly Gen<(string Shape, string GroupBy, string Split)> AnyQuery =
        from time in GenChoice.OneOf(
            "period=last-week&granularity=P1D", "period=yesterday&granularity=PT1H", "last=PT24H", "from=2026-11-10T07:05:00Z&to=2026-11-11T09:20:00Z",
            "period=today&granularity=PT30M&timeZone=Asia/Kolkata", "period=last-7-days&granularity=P1D&hours=08:00-18:00&weekdays=mon-fri")
        from groupBy in GenChoice.OneOf("none", "queueId", "mediaType", "divisionId", "queueId,mediaType", "divisionId,mediaType")
        from split in GenChoice.OneOf("direction", "messageType", "messageType,direction")
        from filter in GenChoice.OneOf("", "&direction=outbound", "&mediaType=message,callback", "&queue=B*", "&messageType=whatsapp,SMS")
        from more in GenChoice.OneOf("", "&serviceLevelThresholdMs=30000", "&fill=zero", "&compare=previous-week")
        select ($"{time}{filter}{more}", groupBy, split);

    [Fact]
    public async Task The_parts_add_up_to_the_figures_without_the_split()
    {
        Sums.Length.ShouldBeGreaterThan(25);
        await using var organization = await SimulatedService.StartAsync(Organization);
        await AnyQuery.SampleAsync(
            async query =>
            {
                var whole = await RecordsAsync(organization, $"/aggregates?{query.Shape}&groupBy={query.GroupBy}");
                var parts = (await RecordsAsync(organization, $"/aggregates?{query.Shape}&groupBy={(query.GroupBy == "none" ? query.Split : $"{query.GroupBy},{query.Split}")}"))
                    .ToLookup(KeyOf);

                parts.Select(part => part.Key).ShouldBe(whole.Select(KeyOf), ignoreOrder: true);
                foreach (var record in whole)
                {
                    ShouldAddUp(record, [.. parts[KeyOf(record)]]);
                    if (record["previous"] is JsonObject previous)
                    {
                        ShouldAddUp(previous, [.. parts[KeyOf(record)].Select(part => part["previous"]!.AsObject())]);
                    }
                }
            },
            iter: 40,
            threads: 1);
    }

    [Theory]
    [InlineData("direction", "inbound", "outbound")]
    [InlineData("messageType", "webmessaging", "whatsapp", "sms", "facebook", "open")]
    public async Task Each_part_has_the_figures_of_its_filter(string dimension, params string[] values)
    {
        await using var organization = await SimulatedService.StartAsync(Organization);

        var split = await RecordsAsync(organization, $"{Week}&granularity=P1D&groupBy=queueId,mediaType,{dimension}");

        split.Select(record => (string?)record[dimension]).OfType<string>().Distinct().ShouldBe(values, ignoreOrder: true);
        foreach (var value in values)
        {
            var filtered = await RecordsAsync(organization, $"{Week}&granularity=P1D&{dimension}={value.ToUpperInvariant()}");
            filtered.Count.ShouldBeGreaterThan(5);
            split.Where(record => (string?)record[dimension] == value).Select(record => Without(record, dimension).ToJsonString()).ShouldBe(filtered.Select(record => record.ToJsonString()));
        }
    }

    [Fact]
    public async Task Records_without_a_message_type_are_kept_with_a_null_type()
    {
        await using var organization = await SimulatedService.StartAsync(Organization);

        var records = await RecordsAsync(organization, $"{Week}&groupBy=mediaType,messageType");

        records.Where(record => (string?)record["mediaType"] != "message").ShouldAllBe(record => record.ContainsKey("messageType") && record["messageType"] == null);
        records.Where(record => (string?)record["mediaType"] == "message").ShouldAllBe(record => (string?)record["messageType"] != null && (long)record["totalInteractions"]! > 0);
        records.Single(record => (string?)record["messageType"] == "sms")["outbound"]!.GetValue<long>().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("&granularity=P1D&groupBy=direction")]
    [InlineData("&groupBy=queueId,messageType,direction&metric=tAlert")]
    [InlineData("&groupBy=messageType&messageType=sms,whatsapp&fill=zero&compare=previous-week&sort=-offered&limit=1")]
    public async Task Totals_cover_all_parts(string shape)
    {
        await using var organization = await SimulatedService.StartAsync(Organization);
        var whole = await organization.QueryAsync($"{Week}{shape}&totals=true");

        var alone = await organization.QueryAsync($"{Week}{string.Concat(shape.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(part => !part.StartsWith("granularity", StringComparison.Ordinal) && !part.StartsWith("groupBy", StringComparison.Ordinal)).Select(part => $"&{part}"))}&groupBy=none");

        whole.GetProperty("totals").ToString().ShouldBe(alone.GetProperty("records")[0].ToString());
    }

    [Fact]
    public async Task A_filled_grid_has_the_requested_message_types_for_every_queue()
    {
        await using var organization = await SimulatedService.StartAsync(Organization);

        var records = await RecordsAsync(organization, $"{Week}&granularity=P1D&groupBy=queueId,messageType&messageType=whatsapp,telegram&queue=*&fill=zero");

        var queues = records.Select(record => (string?)record["queueId"]).Distinct().Count();
        queues.ShouldBeGreaterThan(10);
        records.Count.ShouldBe(queues * 2 * 7);
        records.Where(record => (string?)record["messageType"] == "telegram").ShouldAllBe(record => (long)record["offered"]! == 0);
        records.Where(record => (string?)record["messageType"] == "whatsapp").Sum(record => (long)record["offered"]!).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_metric_that_does_not_add_up_is_null_with_a_warning()
    {
        await using var organization = await SimulatedService.StartAsync(Organization);

        var response = await organization.QueryAsync($"{Week}&groupBy=mediaType,messageType&metric=nConversations,tAlert");

        response.GetProperty("records").EnumerateArray().ShouldAllBe(record =>
            record.GetProperty("metrics").GetProperty("nConversations").ValueKind == JsonValueKind.Null && record.GetProperty("metrics").GetProperty("tAlert").ValueKind == JsonValueKind.Object);
        var warning = response.GetProperty("meta").GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem();
        warning.GetProperty("code").GetString().ShouldBe("metric-not-split");
        warning.GetProperty("message").GetString()!.ShouldStartWith("nConversations cannot be split by a dimension of groupBy");
    }

    private static void ShouldAddUp(JsonObject record, IReadOnlyList<JsonObject> parts)
    {
        foreach (var field in Sums.Where(record.ContainsKey))
        {
            var given = parts.Select(part => part[field]).ToList();
            // If the record rolls up media types, callbacks without answers can be a separate part, whose field is null.
            if (record["mediaType"] is not null)
            {
                given.Select(value => value is null).Distinct().ShouldBe([record[field] is null], $"{field} of {record.ToJsonString()}");
            }

            given.Sum(value => (double?)value ?? 0).ShouldBe((double?)record[field] ?? 0, $"{field} of {record.ToJsonString()}");
        }
    }

    private static (string?, string?, string?, string?) KeyOf(JsonObject record) =>
        ((string?)record["queueId"], (string?)record["divisionId"], (string?)record["mediaType"], (string?)record["from"]);

    private static JsonObject Without(JsonObject record, string field)
    {
        record.Remove(field);
        return record;
    }

    private static async Task<IReadOnlyList<JsonObject>> RecordsAsync(SimulatedService organization, string query) =>
        [.. JsonNode.Parse((await organization.QueryAsync(query)).GetProperty("records").GetRawText())!.AsArray().Select(record => record!.AsObject())];
}
