using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.Tests.Queues;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates;

public sealed class RecordOrderTests
{
    // Names that case alone tells apart, one that two queues have, and a queue without a name.
    private static readonly QueueDirectorySnapshot Directory =
        AQueue.Directory(AQueue.Known(3, "billing", division: 1), AQueue.Known(2, "Billing", division: 2), AQueue.Known(1, "billing", division: 1));

    [Fact]
    public void Records_are_ordered_by_name_media_type_and_start_and_ties_by_queue() =>
        Gen.Select(AnyFacts.Cells, Gen.Int[0, 7], Gen.Bool, Gen.Int).Sample(
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
    public void Equal_questions_give_equal_bytes() =>
        Gen.Select(AnyFacts.Cells, Gen.Int[0, 7], Gen.Int, Gen.Int).Sample(
            (cells, groupBy, one, other) =>
                Bytes(Records(cells, (Grouping)groupBy, fill: true, new Random(one))).ShouldBe(Bytes(Records(AnyFacts.Shuffled(cells, new Random(other)), (Grouping)groupBy, fill: true, new Random(other)))),
            iter: 300);

    [Fact]
    public void The_full_grid_has_every_bucket_of_the_queues_and_media_types_with_rows()
    {
        FactCell[] cells = [Offered(1, "voice", 0), Offered(1, "chat", 30), Offered(4, "voice", 47)];

        Shown(Records(cells, Grouping.Queue | Grouping.MediaType, fill: true)).ShouldBe(
            ["1 chat 0: 0", "1 chat 1: 1", "1 voice 0: 1", "1 voice 1: 0", "4 voice 0: 0", "4 voice 1: 1"]);
        Shown(Records(cells, Grouping.Queue, fill: true)).ShouldBe(["1 - 0: 1", "1 - 1: 1", "4 - 0: 0", "4 - 1: 1"]);
        Shown(Records(cells, Grouping.None, fill: true)).ShouldBe(["- - 0: 1", "- - 1: 2"]);
    }

    [Fact]
    public void The_full_grid_has_what_was_asked_for_even_where_nothing_happened()
    {
        // A queue without rows has one row a bucket, of no media type; asked for media types, it has those.
        Shown(Records([Offered(1, "voice", 0)], Grouping.Queue | Grouping.MediaType, fill: true, queueIds: [AQueue.Id(1), AQueue.Id(3)])).ShouldBe(
            ["1 voice 0: 1", "1 voice 1: 0", "3 - 0: 0", "3 - 1: 0"]);
        Shown(Records([Offered(1, "voice", 0)], Grouping.Queue | Grouping.MediaType, fill: true, queueIds: [AQueue.Id(3)], mediaTypes: ["chat", "voice"])).ShouldBe(
            ["3 chat 0: 0", "3 chat 1: 0", "3 voice 0: 0", "3 voice 1: 0"]);
        // Merged over everything there is a row, too.
        Shown(Records([], Grouping.None, fill: true)).ShouldBe(["- - 0: 0", "- - 1: 0"]);
        // All queues, and none with a row: there is nothing to make a grid of.
        Records([], Grouping.Queue | Grouping.MediaType, fill: true).ShouldBeEmpty();
    }

    [Fact]
    public void Divisions_of_the_queues_asked_for_have_their_place_in_the_full_grid()
    {
        var records = Records([Offered(1, "voice", 0)], Grouping.Division, fill: true, queueIds: [AQueue.Id(1), AQueue.Id(2), AQueue.Id(3)]);

        records.Select(record => (record.DivisionId, record.DivisionName, record.LocalFrom, record.Offered)).ShouldBe(
        [
            (AQueue.Division(1), "Division 1", "2026-11-10T00:00:00", 1),
            (AQueue.Division(2), "Division 2", "2026-11-10T00:00:00", 0),
            (AQueue.Division(1), "Division 1", "2026-11-11T00:00:00", 0),
            (AQueue.Division(2), "Division 2", "2026-11-11T00:00:00", 0),
        ]);
    }

    [Theory]
    [InlineData("mediaType,queueId", "queueId,mediaType")]
    [InlineData("divisionId,mediaType,queueId", "queueId,mediaType,divisionId")]
    [InlineData("none", "")]
    [InlineData(null, "queueId,mediaType")]
    public void What_rows_are_kept_apart_by_is_told_in_one_order(string? groupBy, string expected)
    {
        var query = Asking.Query(new() { GroupBy = groupBy is null ? null : [groupBy] }, Asking.Now);

        string.Join(',', Groupings.Names(query.GroupBy)).ShouldBe(expected);
    }

    private static FactCell Offered(int queue, string media, int hour) => new(new(AQueue.Id(queue), media), hour, "nOffered") { Count = 1 };

    private static IReadOnlyList<AggregateRecord> Records(
        IReadOnlyList<FactCell> cells, Grouping groupBy, bool fill, Random? random = null, string[]? queueIds = null, string[]? mediaTypes = null)
    {
        random ??= new Random(1);
        var (plan, read) = AnyFacts.Slices(cells, [random.Next(48), random.Next(48)], 24, random);
        var scope = AnyFacts.Scope(groupBy, Directory, queueIds ?? []) with { MediaTypes = [.. mediaTypes ?? []] };
        var query = new AggregatesQuery
        {
            Interval = new(plan.Edges[0], plan.Edges[^1], EndsNow: false),
            Now = Asking.Now,
            Zone = DateTimeZone.Utc,
            FillZero = fill,
            GroupBy = groupBy,
            MediaTypes = scope.MediaTypes,
        };
        return PlainRecords.Of(RecordList.Of(AggregatesFold.Fold(plan, read, scope), query, new AnswerBuckets(plan, read, query.Zone, Asking.Settle), scope, new HashSet<string>()));
    }

    private static string Key(AggregateRecord record) => $"{record.QueueName} {record.MediaType} {record.From} {record.QueueId} {record.DivisionId}";

    private static IEnumerable<string> Shown(IEnumerable<AggregateRecord> records) => records
        .OrderBy(record => record.QueueId, StringComparer.Ordinal)
        .ThenBy(record => record.MediaType, StringComparer.Ordinal)
        .ThenBy(record => record.From, StringComparer.Ordinal)
        .Select(record => $"{record.QueueId?[^1].ToString() ?? "-"} {record.MediaType ?? "-"} {(record.LocalFrom.StartsWith("2026-11-10", StringComparison.Ordinal) ? 0 : 1)}: {record.Offered}");

    private static byte[] Bytes(IReadOnlyList<AggregateRecord> records) => JsonSerializer.SerializeToUtf8Bytes(new AggregatesAnswer(null!, null!, records), AnswerJson.TypeInfo);
}
