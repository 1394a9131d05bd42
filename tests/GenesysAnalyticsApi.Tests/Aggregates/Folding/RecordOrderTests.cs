using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Folding;

public sealed class RecordOrderTests
{
    // Names that differ only in case, a name shared by two queues, and a queue without a name.
    private static readonly QueueDirectorySnapshot Directory =
        QueueBuilder.Directory(QueueBuilder.Known(3, "billing", division: 1), QueueBuilder.Known(2, "Billing", division: 2), QueueBuilder.Known(1, "billing", division: 1));

    [Fact]
    public void Records_are_ordered_by_name_media_type_and_start_and_ties_by_queue() =>
        Gen.Select(GenFacts.Cells, Gen.Int[0, 7], Gen.Bool, Gen.Int).Sample(
            (cells, groupBy, fill, seed) =>
            {
                var records = Records(cells, (Grouping)groupBy, fill, new Random(seed));

                var expected = records
                    .OrderBy(record => record.QueueName is null)
                    .ThenBy(record => record.QueueName, StringComparer.OrdinalIgnoreCase)
                    .ThenBy(record => record.QueueName, StringComparer.Ordinal)
                    .ThenBy(record => record.MediaType is null)
                    .ThenBy(record => record.MediaType, StringComparer.Ordinal)
                    .ThenBy(record => record.From, StringComparer.Ordinal)
                    .ThenBy(record => record.QueueId, StringComparer.Ordinal)
                    .ThenBy(record => record.DivisionId is null)
                    .ThenBy(record => record.DivisionId, StringComparer.Ordinal);
                records.Select(Key).ShouldBe(expected.Select(Key));
                records.Select(Key).Distinct().Count().ShouldBe(records.Count);
            },
            iter: 500);

    [Fact]
    public void Equal_queries_give_equal_bytes() =>
        Gen.Select(GenFacts.Cells, Gen.Int[0, 7], Gen.Int, Gen.Int).Sample(
            (cells, groupBy, one, other) =>
                Bytes(Records(cells, (Grouping)groupBy, fill: true, new Random(one))).ShouldBe(Bytes(Records(GenFacts.Shuffled(cells, new Random(other)), (Grouping)groupBy, fill: true, new Random(other)))),
            iter: 300);

    [Fact]
    public void The_zero_filled_grid_has_every_bucket_of_the_queues_and_media_types_with_rows()
    {
        FactCell[] cells = [Offered(1, "voice", 0), Offered(1, "chat", 30), Offered(4, "voice", 47)];

        Shown(Records(cells, Grouping.Queue | Grouping.MediaType, fill: true)).ShouldBe(
            ["1 chat 0: 0", "1 chat 1: 1", "1 voice 0: 1", "1 voice 1: 0", "4 voice 0: 0", "4 voice 1: 1"]);
        Shown(Records(cells, Grouping.Queue, fill: true)).ShouldBe(["1 - 0: 1", "1 - 1: 1", "4 - 0: 0", "4 - 1: 1"]);
        Shown(Records(cells, Grouping.None, fill: true)).ShouldBe(["- - 0: 1", "- - 1: 2"]);
    }

    [Fact]
    public void The_zero_filled_grid_contains_requested_queues_and_media_types_without_data()
    {
        // A requested queue without data has one row per bucket without a media type or, if the query names media types, one row for each of them.
        Shown(Records([Offered(1, "voice", 0)], Grouping.Queue | Grouping.MediaType, fill: true, queueIds: [QueueBuilder.Id(1), QueueBuilder.Id(3)])).ShouldBe(
            ["1 voice 0: 1", "1 voice 1: 0", "3 - 0: 0", "3 - 1: 0"]);
        Shown(Records([Offered(1, "voice", 0)], Grouping.Queue | Grouping.MediaType, fill: true, queueIds: [QueueBuilder.Id(3)], mediaTypes: ["chat", "voice"])).ShouldBe(
            ["3 chat 0: 0", "3 chat 1: 0", "3 voice 0: 0", "3 voice 1: 0"]);
        // A total over all queues and media types has rows even without data.
        Shown(Records([], Grouping.None, fill: true)).ShouldBe(["- - 0: 0", "- - 1: 0"]);
        // If the query names no queues and there is no data, there is nothing to build a grid from.
        Records([], Grouping.Queue | Grouping.MediaType, fill: true).ShouldBeEmpty();
    }

    [Fact]
    public void The_zero_filled_grid_contains_the_divisions_of_the_requested_queues()
    {
        var records = Records([Offered(1, "voice", 0)], Grouping.Division, fill: true, queueIds: [QueueBuilder.Id(1), QueueBuilder.Id(2), QueueBuilder.Id(3)]);

        records.Select(record => (record.DivisionId, record.DivisionName, record.LocalFrom, record.Offered)).ShouldBe(
        [
            (QueueBuilder.Division(1), "Division 1", "2026-11-10T00:00:00", 1),
            (QueueBuilder.Division(2), "Division 2", "2026-11-10T00:00:00", 0),
            (QueueBuilder.Division(1), "Division 1", "2026-11-11T00:00:00", 0),
            (QueueBuilder.Division(2), "Division 2", "2026-11-11T00:00:00", 0),
        ]);
    }

    [Theory]
    [InlineData("mediaType,queueId", "queueId,mediaType")]
    [InlineData("divisionId,mediaType,queueId", "queueId,mediaType,divisionId")]
    [InlineData("none", "")]
    [InlineData(null, "queueId,mediaType")]
    public void Groupings_are_reported_in_a_fixed_order(string? groupBy, string expected)
    {
        var query = AggregatesClient.Query(new() { GroupBy = groupBy is null ? null : [groupBy] }, AggregatesClient.Now);

        string.Join(',', Groupings.Names(query.GroupBy)).ShouldBe(expected);
    }

    private static FactCell Offered(int queue, string media, int hour) => new(new(QueueBuilder.Id(queue), media), hour, "nOffered") { Count = 1 };

    private static IReadOnlyList<PlainRecord> Records(
        IReadOnlyList<FactCell> cells, Grouping groupBy, bool fill, Random? random = null, string[]? queueIds = null, string[]? mediaTypes = null)
    {
        random ??= new Random(1);
        var (plan, read) = GenFacts.Slices(cells, [random.Next(48), random.Next(48)], 24, random);
        var scope = GenFacts.Scope(groupBy, Directory, queueIds ?? []) with { MediaTypes = [.. mediaTypes ?? []] };
        var query = new AggregatesQuery
        {
            Interval = new(plan.Edges[0], plan.Edges[^1], EndsNow: false),
            Now = AggregatesClient.Now,
            Zone = DateTimeZone.Utc,
            FillZero = fill,
            GroupBy = groupBy,
            MediaTypes = scope.MediaTypes,
        };
        return PlainRecords.Of(RecordList.Of(AggregatesFold.Fold(plan, read, scope), query, new BucketStatuses(plan, read, query.Zone, AggregatesClient.Settle), scope, new HashSet<string>()));
    }

    private static string Key(PlainRecord record) => $"{record.QueueName} {record.MediaType} {record.From} {record.QueueId} {record.DivisionId}";

    private static IEnumerable<string> Shown(IEnumerable<PlainRecord> records) => records
        .OrderBy(record => record.QueueId, StringComparer.Ordinal)
        .ThenBy(record => record.MediaType, StringComparer.Ordinal)
        .ThenBy(record => record.From, StringComparer.Ordinal)
        .Select(record => $"{record.QueueId?[^1].ToString() ?? "-"} {record.MediaType ?? "-"} {(record.LocalFrom.StartsWith("2026-11-10", StringComparison.Ordinal) ? 0 : 1)}: {record.Offered}");

    private static byte[] Bytes(IReadOnlyList<PlainRecord> records) => JsonSerializer.SerializeToUtf8Bytes(new PlainResponse(null!, null!, records), ResponseJson.TypeInfo);
}
