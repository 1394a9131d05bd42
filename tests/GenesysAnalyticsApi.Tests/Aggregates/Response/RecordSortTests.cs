using System.Text.Json.Nodes;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Response;

/// <summary>Properties of sorting and of the limit.</summary>
public sealed class RecordSortTests
{
    private static readonly Gen<string> Field = GenChoice.OneOf(RecordSort.Fields.Where(name => !name.StartsWith("division", StringComparison.Ordinal) && !name.EndsWith("Within", StringComparison.Ordinal)).Concat(["previous.offered", "previous.serviceLevel", "metrics.tHandle.sum"]).ToArray());

    [Fact]
    public void Sorted_records_are_the_same_records_in_a_total_order_and_a_limit_returns_the_first() =>
        Gen.Select(GenFacts.Cells, Gen.Select(Gen.Int[0, 7], GenChoice.OneOf<int?>(null, 6)), Field.Array[1, 3], Gen.Int[0, 7], Gen.Int).Sample(
            (cells, shape, fields, descending, seed) =>
            {
                var sort = fields.Distinct().Select((field, i) => new SortField(field, (descending & (1 << i)) != 0)).ToArray();
                var query = ShapedRecords.SecondDay((Grouping)shape.Item1, shape.Item2) with { Sort = [.. sort] };
                var all = ShapedRecords.Of(query, cells, new Random(seed)).Records;

                var sorted = ShapedRecords.Json(RecordSort.Apply(all, query));

                sorted.Order(StringComparer.Ordinal).ShouldBe(ShapedRecords.Json(all).Order(StringComparer.Ordinal));
                var rows = sorted.Select(text => JsonNode.Parse(text)!).ToList();
                foreach (var (one, next) in rows.Zip(rows.Skip(1)))
                {
                    if (Order(one, next, sort) >= 0)
                    {
                        Assert.Fail($"{string.Join(',', sort)}: {one} before {next}");
                    }
                }

                var limit = 1 + (Math.Abs(seed % 10));
                ShapedRecords.Json(RecordSort.Apply(all, query with { Limit = limit })).ShouldBe(sorted.Take(limit));
                ShapedRecords.Json(RecordSort.Apply(all, query with { Sort = [], Limit = limit })).ShouldBe(ShapedRecords.Json(all).Take(limit));

                var again = ShapedRecords.Of(query, GenFacts.Shuffled(cells, new Random(seed)), new Random(seed)).Records;
                ShapedRecords.Json(RecordSort.Apply(again, query)).ShouldBe(sorted, "equal queries give equal bytes");
            },
            iter: 300);

    [Fact]
    public void Every_label_figure_and_flag_can_be_sorted_by() =>
        RecordSort.Fields.ShouldBe([.. RecordFieldDefinitions.Labels.Select(field => field.Name), .. RecordFieldDefinitions.Figures.Select(field => field.Name), .. RecordFieldDefinitions.Within.Select(field => field.Name), .. RecordFieldDefinitions.Flags.Select(field => field.Name)]);

    /// <summary>Compares two records by the fields, then by queueName, queueId, mediaType, start and division.</summary>
    private static int Order(JsonNode one, JsonNode other, SortField[] sort)
    {
        string[] ties = ["queueName", "queueId", "mediaType", "from", "divisionName", "divisionId"];
        foreach (var (name, isDescending) in sort.Select(field => (field.Name, field.IsDescending)).Concat(ties.Select(name => (name, false))))
        {
            var (first, second) = (Value(one, name), Value(other, name));
            var order = (first, second) switch
            {
                (null, null) => 0,
                (null, _) => 1,
                (_, null) => -1,
                _ => Compare(first, second) * (isDescending ? -1 : 1),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static JsonNode? Value(JsonNode record, string path) => path.Split('.').Aggregate((JsonNode?)record, (node, name) => node?[name]);

    private static int Compare(JsonNode one, JsonNode other) => one.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Number => one.GetValue<double>().CompareTo(other.GetValue<double>()),
        System.Text.Json.JsonValueKind.String => StringComparer.OrdinalIgnoreCase.Compare(one.GetValue<string>(), other.GetValue<string>()) is var order and not 0
            ? order
            : StringComparer.Ordinal.Compare(one.GetValue<string>(), other.GetValue<string>()),
        _ => one.GetValue<bool>().CompareTo(other.GetValue<bool>()),
    };
}
