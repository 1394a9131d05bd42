using CsCheck;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Reconciliation.Comparing;
using NodaTime;
using static GenesysAnalyticsApi.Tests.Reconciliation.SampleConversations;

namespace GenesysAnalyticsApi.Tests.Reconciliation;

public sealed class ConversationTallyTests
{
    private const string Other = "11111111-0000-4000-8000-000000000002";

    [Fact]
    public void An_event_at_an_edge_belongs_to_the_later_bucket()
    {
        var tally = TallyOf(2, Answered(At(3590), waitMs: 10_000, talkMs: 60_000));

        CellOf(tally, 0)["nOffered"].Count.ShouldBe(1);
        CellOf(tally, 0)["tAcd"].Count.ShouldBe(0);
        CellOf(tally, 1)["tAcd"].ShouldBe(Of(10_000, "tAcd"));
        CellOf(tally, 1)["tHandle"].ShouldBe(Of(60_000, "tHandle"));
        (CellOf(tally, 0).Conversations, CellOf(tally, 1).Conversations, tally.Conversations).ShouldBe((1, 1, 1));
    }

    [Fact]
    public void Events_outside_of_the_interval_of_any_queue_or_of_the_selection_do_not_count()
    {
        var direct = SampleConversations.Of(At(0), At(60), ("agent", Voice, null, At(0), At(60), [new("tHandle", 60_000, At(60))]));
        var tally = new ConversationTally(new(Hours(1), (queue, mediaType) => queue == Queue && mediaType == Voice, Start));
        foreach (var conversation in new[] { direct, Answered(At(10), 1, 1, queue: Other), Answered(At(10), 1, 1, mediaType: "chat"), Abandoned(At(-10), 5_000), Abandoned(At(3600), 1) })
        {
            tally.Add(conversation);
        }

        (tally.Cells.Count, tally.Conversations).ShouldBe((0, 0));
    }

    [Fact]
    public void The_queue_of_an_event_is_that_of_its_segment()
    {
        var transferred = new ConversationDetail
        {
            Id = "one",
            Start = At(0),
            End = At(100),
            Participants =
            [
                new DetailParticipant
                {
                    Purpose = "agent",
                    Sessions =
                    [
                        new DetailSession
                        {
                            MediaType = "message",
                            Segments =
                            [
                                new DetailSegment { Type = "interact", Start = At(0), End = At(50), QueueId = Queue },
                                new DetailSegment { Type = "interact", Start = At(51), End = At(100), QueueId = Other },
                            ],
                            Metrics = [new("tTalkComplete", 50_000, At(50)), new("nTransferred", 1, At(50)), new("tHandle", 100_000, At(100))],
                        },
                    ],
                },
            ],
        };

        var tally = TallyOf(1, transferred);

        tally.Cells[new CellKey(Queue, "message", 0)]["tTalkComplete"].Sum.ShouldBe(50_000);
        tally.Cells[new CellKey(Queue, "message", 0)]["nTransferred"].Count.ShouldBe(1);
        tally.Cells[new CellKey(Queue.ToUpperInvariant(), "MESSAGE", 0)]["tHandle"].Count.ShouldBe(0);
        tally.Cells[new CellKey(Other, "message", 0)]["tHandle"].Sum.ShouldBe(100_000);
    }

    [Fact]
    public void Sessions_of_a_conversation_in_progress_are_open_in_their_queue()
    {
        var tally = TallyOf(
            1,
            SampleConversations.Of(At(0), null, ("acd", Voice, Queue, At(0), At(10), []), ("agent", Voice, Queue, At(10), null, [])),
            Answered(At(0), 1, 1));

        tally.OpenIn(new(Queue, Voice, 0)).ShouldBe(new OpenSessions(2, 2 * (Int128)At(0).ToUnixTimeMilliseconds(), At(0)));
        tally.OpenIn(new(Other, Voice, 0)).ShouldBe(OpenSessions.None);
    }

    [Fact]
    public void Counters_add_up_their_values_and_timers_count_their_events()
    {
        var tally = TallyOf(1, SampleConversations.Of(At(0), At(60), ("agent", Voice, Queue, At(0), At(60), [new("nError", 3, At(5)), new("nError", 2, At(6)), new("tAcw", 7, At(7)), new("tAcw", 5, At(8)), new("tIvr", 5, At(8))])));

        CellOf(tally, 0)["nError"].Count.ShouldBe(5);
        (CellOf(tally, 0)["tAcw"].Count, CellOf(tally, 0)["tAcw"].Sum, CellOf(tally, 0)["tAcw"].Max).ShouldBe((2, 12, 7));
        CellOf(tally, 0)["tDialing"].Max.ShouldBeNull();
    }

    [Fact]
    public void A_cell_keeps_the_spelling_of_Genesys()
    {
        var tally = TallyOf(1, Abandoned(At(5), 100, mediaType: "internalMessage"), Abandoned(At(5), 100, mediaType: "INTERNALMESSAGE"));

        var (key, cell) = tally.Cells.ShouldHaveSingleItem();
        (key.MediaType, cell["nOffered"].Count).ShouldBe(("internalMessage", 2));
    }

    /// <summary>The sum over buckets of any size is the sum over the interval: no event is lost or counted twice at an edge.</summary>
    [Fact]
    public void Buckets_partition_the_interval() => Gen.Select(Gen.Int[0, 7_200_000], Gen.Int[0, 100_000], Gen.Int[1, 100_000]).Array[0, 30].Sample(all =>
    {
        var conversations = all.Select(one => Answered(Start + Duration.FromMilliseconds(one.Item1), one.Item2, one.Item3)).ToArray();
        var whole = new ConversationTally(new([Start, Start + Duration.FromHours(2)], (_, _) => true, Start));
        var hours = new ConversationTally(new(Hours(2), (_, _) => true, Start));
        foreach (var conversation in conversations)
        {
            whole.Add(conversation);
            hours.Add(conversation);
        }

        foreach (var metric in ComparedFigure.DetailsMetrics)
        {
            hours.Cells.Values.Sum(cell => cell[metric].Sum).ShouldBe(whole.Cells.Values.Sum(cell => cell[metric].Sum));
            hours.Cells.Values.Sum(cell => cell[metric].Count).ShouldBe(whole.Cells.Values.Sum(cell => cell[metric].Count));
            hours.Cells.Values.Max(cell => cell[metric].Max).ShouldBe(whole.Cells.Values.Max(cell => cell[metric].Max));
        }
    });

    private static ConversationTally TallyOf(int hours, params ConversationDetail[] conversations)
    {
        var tally = new ConversationTally(new(Hours(hours), (_, _) => true, Start));
        foreach (var conversation in conversations)
        {
            tally.Add(conversation);
        }

        return tally;
    }

    private static TalliedCell CellOf(ConversationTally tally, int bucket) => tally.Cells[new CellKey(Queue, Voice, bucket)];

    private static MetricTally Of(long value, string metric)
    {
        var tally = default(MetricTally);
        tally.Add(metric, value);
        return tally;
    }
}
