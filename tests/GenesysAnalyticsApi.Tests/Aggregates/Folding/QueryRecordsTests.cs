using System.Text.Json.Nodes;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Folding;

/// <summary>Properties of totals and of comparisons.</summary>
public sealed class QueryRecordsTests
{
    private static readonly string[] Labels = ["queueId", "queueName", "divisionId", "divisionName", "mediaType"];

    private static readonly Gen<(Grouping GroupBy, int? Hours, bool Fill)> Shape =
        Gen.Select(Gen.Int[0, 7], GenChoice.OneOf<int?>(null, 1, 6, 24), Gen.Bool, (groupBy, hours, fill) => ((Grouping)groupBy, hours, fill));

    [Fact]
    public void Totals_equal_one_row_without_grouping_and_granularity() =>
        Gen.Select(GenFacts.Cells, Shape, Gen.Int).Sample(
            (cells, shape, seed) =>
            {
                var totals = ShapedRecords.Of(ShapedRecords.Whole(shape.GroupBy, shape.Hours, shape.Fill) with { Totals = true }, cells, new Random(seed)).Totals!;

                var alone = ShapedRecords.Of(ShapedRecords.Whole(Grouping.None, null, fill: true), cells, new Random(seed)).Records;
                ShapedRecords.Json(totals).ShouldBe(ShapedRecords.Json(alone));
            },
            iter: 250);

    [Fact]
    public void The_previous_figures_equal_those_of_a_query_for_the_compared_interval() =>
        Gen.Select(GenFacts.Cells, Shape, Gen.Int).Sample(
            (cells, shape, seed) =>
            {
                var records = ShapedRecords.Of(ShapedRecords.SecondDay(shape.GroupBy, shape.Hours, shape.Fill), cells, new Random(seed)).Records;

                var (second, first) = (
                    Rows(ShapedRecords.Of(ShapedRecords.SecondDay(shape.GroupBy, shape.Hours, shape.Fill) with { Comparison = null }, cells, new Random(seed)).Records),
                    Rows(ShapedRecords.Of(ShapedRecords.FirstDay(shape.GroupBy, shape.Hours, shape.Fill), cells, new Random(seed)).Records));
                var compared = Rows(records);
                if (!shape.Fill)
                {
                    // A zero-filled grid has more keys: each interval has the media types of both.
                    compared.Keys.ShouldBe(second.Keys.Union(first.Keys), ignoreOrder: true);
                }

                foreach (var (key, record) in compared)
                {
                    var previous = record["previous"]!.AsObject();
                    record.Remove("previous");
                    (second.TryGetValue(key, out var own) ? JsonNode.DeepEquals(record, own) : IsEmpty(record)).ShouldBeTrue();
                    (first.TryGetValue(key, out var before) ? JsonNode.DeepEquals(previous, Without(before, Labels)) : IsEmpty(previous)).ShouldBeTrue();
                }
            },
            iter: 250);

    [Fact]
    public void The_order_of_the_slices_is_irrelevant() =>
        Gen.Select(GenFacts.Cells, Shape, Gen.Int).Sample(
            (cells, shape, seed) =>
            {
                var query = ShapedRecords.SecondDay(shape.GroupBy, shape.Hours, shape.Fill) with { Totals = true };
                var one = ShapedRecords.Of(query, cells, new Random(seed));
                var other = ShapedRecords.Of(query, GenFacts.Shuffled(cells, new Random(seed)), new Random(seed));

                ShapedRecords.Json(other.Records).ShouldBe(ShapedRecords.Json(one.Records));
                ShapedRecords.Json(other.Totals!).ShouldBe(ShapedRecords.Json(one.Totals!));
            },
            iter: 200);

    [Fact]
    public void Without_a_comparison_there_are_no_previous_figures()
    {
        var records = ShapedRecords.Of(ShapedRecords.Whole(Grouping.Queue, null, fill: true), [new(new("q", "voice"), 1, "nOffered") { Count = 1 }], new Random(1));

        records.Totals.ShouldBeNull();
        (records.Records.HasPrevious, records.Records.RequestedPrevious.Count, records.Records.PreviousOf(0)).ShouldBe((false, 0, null));
    }

    private static Dictionary<string, JsonObject> Rows(RecordList records) => ShapedRecords.Json(records)
        .Select(text => JsonNode.Parse(text)!.AsObject())
        .ToDictionary(record => $"{record["queueId"]}|{record["mediaType"]}|{record["divisionId"]}|{record["localFrom"]!.GetValue<string>()[11..]}");

    private static bool IsEmpty(JsonObject record) => record["offered"]!.GetValue<long>() == 0 && record["averageHandleTimeMs"] is null;

    private static JsonObject Without(JsonObject record, string[] names)
    {
        var copy = record.DeepClone().AsObject();
        Array.ForEach(names, name => copy.Remove(name));
        return copy;
    }
}
