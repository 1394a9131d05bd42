using CsCheck;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Queues;

public sealed class QueuesPagingTests
{
    private static readonly Gen<string> Names = Gen.OneOf(Gen.OneOf("a", "A", "b", "B b", ""), Gen.String[Gen.Char["aäÄßİ ıZ|,*\n日"], 0, 6]);

    private static readonly Gen<QueueEntry[]> Queues = Gen.Select(Names, Gen.Int[0, 3]).Array[0, 40]
        .Select(drawn => drawn.Select((queue, number) => QueueBuilder.Known(number, queue.Item1, queue.Item2)).ToArray());

    [Fact]
    public void Pages_of_any_size_contain_every_queue_once_in_order() =>
        Gen.Select(Queues, Gen.Int[1, 50]).Sample((queues, limit) =>
            Ids(QueueBuilder.Directory(queues), new QueuesParameters(), limit)
                .SequenceEqual(queues.OrderBy(queue => queue, EntryOrder.Instance).Select(queue => queue.Id)));

    [Fact]
    public void Pages_of_a_filter_contain_every_matching_queue_once_in_order() =>
        Gen.Select(Queues, Gen.Int[1, 10], Gen.Int[0, 3]).Sample((queues, limit, division) =>
            Ids(QueueBuilder.Directory(queues), new QueuesParameters { Name = "*a*", DivisionId = [QueueBuilder.Division(division)] }, limit)
                .SequenceEqual(queues
                    .Where(queue => queue.DivisionId == QueueBuilder.Division(division) && queue.Name.Contains('a', StringComparison.OrdinalIgnoreCase))
                    .OrderBy(queue => queue, EntryOrder.Instance).Select(queue => queue.Id)));

    [Fact]
    public void A_queue_that_is_deleted_between_two_pages_hides_no_other()
    {
        var queues = Enumerable.Range(0, 6).Select(number => QueueBuilder.Known(number, $"Queue {number}")).ToArray();
        var first = Query(new QueuesParameters { Limit = "3" }).ResponseOf(QueueBuilder.Directory(queues));

        var second = Query(new QueuesParameters { Limit = "3", Cursor = first.NextCursor }).ResponseOf(QueueBuilder.Directory(queues[3..]));

        second.Records.Select(record => record.Name).ShouldBe(["Queue 3", "Queue 4", "Queue 5"]);
        second.NextCursor.ShouldBeNull();
    }

    [Fact]
    public void A_cursor_survives_a_round_trip() =>
        Gen.Select(Gen.ULong, Names, Gen.Guid).Sample((filter, name, id) =>
        {
            var written = new PageCursor(filter, name, id.ToString());
            return PageCursor.TryRead(written.Write(), out var read) && read == written;
        });

    [Fact]
    public void An_arbitrary_cursor_causes_no_exception() =>
        Gen.String.Sample(text => { _ = PageCursor.TryRead(text, out _); });

    [Fact]
    public void A_cursor_is_valid_for_an_equivalent_filter()
    {
        var cursor = Query(new QueuesParameters { Name = "*", DivisionId = [QueueBuilder.Division(1), QueueBuilder.Division(2)], Limit = "1" })
            .ResponseOf(QueueBuilder.Directory(QueueBuilder.Known(1, "A", 1), QueueBuilder.Known(2, "B", 2))).NextCursor.ShouldNotBeNull();

        PageQuery.Continues(new QueuesParameters { Name = "*", DivisionId = [QueueBuilder.Division(2).ToUpperInvariant(), QueueBuilder.Division(1)], Limit = "7" }, cursor).ShouldBeTrue();
        PageQuery.Continues(new QueuesParameters { Name = "*", DivisionId = [QueueBuilder.Division(2)] }, cursor).ShouldBeFalse();
        PageQuery.Continues(new QueuesParameters { DivisionId = [QueueBuilder.Division(2), QueueBuilder.Division(1)] }, cursor).ShouldBeFalse();
    }

    private static IEnumerable<string> Ids(QueueDirectorySnapshot snapshot, QueuesParameters parameters, int limit)
    {
        string? cursor = null;
        do
        {
            var page = Query(parameters with { Limit = $"{limit}", Cursor = cursor }).ResponseOf(snapshot);
            page.Records.Count.ShouldBeLessThanOrEqualTo(limit);
            foreach (var record in page.Records)
            {
                yield return record.Id;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    private static QueuesQuery Query(QueuesParameters parameters)
    {
        new QueuesParametersValidator().ErrorsOf(parameters).ShouldBeEmpty();
        return QueuesQuery.From(parameters);
    }
}
