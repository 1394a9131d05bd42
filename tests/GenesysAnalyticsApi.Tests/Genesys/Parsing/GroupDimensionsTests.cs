using System.Collections.Immutable;
using System.Text;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Requests;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Parsing;

/// <summary>Replies that are split by further dimensions. Every value is kept, a missing one is null, and other dimensions are added up.</summary>
public sealed class GroupDimensionsTests
{
    private const Dimensions Both = Dimensions.MessageType | Dimensions.Direction;

    private static readonly ImmutableArray<Instant> Edges = [Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 1, 1, 1, 0)];

    [Fact]
    public async Task Each_combination_of_values_is_a_series()
    {
        var facts = await ReadAsync(
            Both,
            Result("""{"originatingDirection":"inbound","queueId":"q","messageType":"whatsapp","mediaType":"message"}""", 1),
            Result("""{"queueId":"q","mediaType":"message","messageType":"CarrierPigeon","originatingDirection":"sideways"}""", 2),
            Result("""{"queueId":"q","mediaType":"message","messageType":null,"originatingDirection":"inbound"}""", 3),
            Result("""{"queueId":"q","mediaType":"voice","originatingDirection":"inbound"}""", 4),
            Result("""{"queueId":"q","mediaType":"voice"}""", 5));

        Shown(facts).ShouldBe(["message/whatsapp/inbound=1", "message/CarrierPigeon/sideways=2", "message/-/inbound=3", "voice/-/inbound=4", "voice/-/-=5"]);
    }

    [Fact]
    public async Task Other_dimensions_are_added_up_and_an_empty_value_counts_as_missing()
    {
        var facts = await ReadAsync(
            Dimensions.MessageType,
            Result("""{"queueId":"q","mediaType":"message","messageType":"sms","originatingDirection":"inbound"}""", 1),
            Result("""{"queueId":"q","mediaType":"message","messageType":"sms","originatingDirection":"outbound"}""", 2),
            Result("""{"queueId":"q","mediaType":"message","messageType":""}""", 4),
            Result("""{"queueId":"q","mediaType":"message"}""", 8));

        Shown(facts).ShouldBe(["message/sms/-=3", "message/-/-=12"]);
    }

    [Fact]
    public async Task A_group_may_follow_its_figures()
    {
        var facts = await ReadAsync(
            Dimensions.Direction,
            """{"data":[{"metrics":[{"metric":"n","stats":{"count":7}}],"interval":"2026-01-01T00:00:00Z/2026-01-01T01:00:00Z"}],"group":{"originatingDirection":"outbound","queueId":"q","mediaType":"voice"}}""",
            Result("""{"queueId":"q","mediaType":"voice","originatingDirection":"inbound"}""", 1));

        Shown(facts).ShouldBe(["voice/-/outbound=7", "voice/-/inbound=1"]);
    }

    [Fact]
    public async Task Without_a_split_a_series_has_no_values()
    {
        var facts = await ReadAsync(Dimensions.None, Result("""{"queueId":"q","mediaType":"message","messageType":"sms"}""", 1), Result("""{"queueId":"q","mediaType":"message"}""", 2));

        facts.Series.ShouldBe([new FactSeries("q", "message")]);
        facts.Columns.ShouldHaveSingleItem().Count.ShouldBe([3]);
    }

    [Fact]
    public async Task A_value_that_is_not_text_is_unreadable() =>
        (await Should.ThrowAsync<GenesysException>(ReadAsync(Both, Result("""{"queueId":"q","messageType":{"name":"sms"}}""", 1)))).Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);

    private static string Result(string group, int count) =>
        $$$"""{"group":{{{group}}},"data":[{"interval":"2026-01-01T00:00:00Z/2026-01-01T01:00:00Z","metrics":[{"metric":"n","stats":{"count":{{{count}}}}}]}]}""";

    private static async Task<AggregateFacts> ReadAsync(Dimensions dimensions, params string[] results)
    {
        await using var body = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"results":[{{string.Join(',', results)}}]}"""));
        var request = new AggregatesRequest(Edges, null, null, ["n"], null, []) { Dimensions = dimensions };
        return await AggregatesReplyReader.ReadAsync(body, request, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Shown(AggregateFacts facts)
    {
        var column = facts.Columns.ShouldHaveSingleItem();
        return facts.Series.Select((series, index) =>
            $"{series.MediaType}/{series.Values?[Dimensions.MessageType] ?? "-"}/{series.Values?[Dimensions.Direction] ?? "-"}={column.Count![Array.IndexOf(column.Cells, index)]}");
    }
}
