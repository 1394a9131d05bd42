using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Conversations.Timeline;
using GenesysAnalyticsApi.Genesys.Details;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Tests.Conversations;

/// <summary>What a caller sees of a conversation: records per queue × media type, and a timeline.</summary>
public sealed class ConversationRecordBuilderTests
{
    private const string Billing = "05f1c285-6777-4ccc-806f-8db085ae0793";
    private const string Support = "2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11";
    private const string Anna = "8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01";
    private const string Ben = "7c1a9e5e-2f5c-4f0a-9a52-0f1c7d9e3b10";

    private static readonly ConversationsMeta Meta = new(null, true, "genesys", null, 0, []);

    private static readonly RecordScope Everything = new(_ => true, SeesAll: true, ShowsAgents: true, Instant.FromUtc(2026, 11, 20, 0, 0));

    /// <summary>Billing answers, and transfers to Support, where the customer waits again and gives up.</summary>
    private static readonly ConversationDetail Transferred = new()
    {
        Id = "8e0d4c3b-6f1a-4d2e-9b7c-5a4f3e2d1c0b",
        Start = At(0),
        End = At(400),
        OriginatingDirection = "inbound",
        DivisionIds = ["2f1c6e5a-0000-4c0e-9d53-0b7d5f0f5c11"],
        Participants =
        [
            Party("customer", null, [Segment("ivr", 0, 10), Segment("interact", 10, 400, Billing)], Metric("nConnected", 1, 0)),
            Party("ivr", null, [Segment("ivr", 0, 10)], Metric("tIvr", 10_000, 10)),
            Party("acd", null, [Segment("delay", 10, 12, Billing), Segment("interact", 12, 30, Billing, "transfer")], Metric("nOffered", 1, 12), Metric("tAcd", 18_000, 30)),
            Party("agent", Ben, [Segment("alert", 12, 20, Billing, "noAnswerTransfer")], Metric("tAlert", 8_000, 20), Metric("tNotResponding", 8_000, 20)),
            Party(
                "agent",
                Anna,
                [Segment("alert", 20, 30, Billing), Segment("interact", 30, 200, Billing), Segment("hold", 200, 220, Billing, "transfer"), Segment("wrapup", 220, 300, Billing, wrapUpCode: "ININ-WRAP-UP-TIMEOUT")],
                Metric("tAnswered", 18_000, 30),
                Metric("tTalkComplete", 170_000, 220),
                Metric("tHeldComplete", 20_000, 220),
                Metric("nTransferred", 1, 220),
                Metric("tAcw", 57_000, 277),
                Metric("tHandle", 247_000, 277)),
            Party("acd", null, [Segment("interact", 220, 400, Support, "client")], Metric("nOffered", 1, 220), Metric("tAcd", 180_000, 400), Metric("tAbandon", 180_000, 400)),
        ],
    };

    [Fact]
    public void A_conversation_has_one_record_for_each_queue_and_media_type()
    {
        var records = ConversationRecordBuilder.Of(Transferred, Everything).OrderBy(record => record.QueueId, StringComparer.Ordinal).ToList();

        records.Select(record => (record.QueueId, record.MediaType, record.Outcome)).ShouldBe(
            [(Billing, "voice", ConversationOutcome.Answered), (Support, "voice", ConversationOutcome.Abandoned)]);
        var billing = records[0];
        (billing.WaitTimeMs, billing.TalkTimeMs, billing.HoldTimeMs, billing.WrapTimeMs, billing.HandleTimeMs).ShouldBe((18_000, 170_000, 20_000, 57_000, 247_000));
        billing.Agents.ShouldBe([Anna]);
        billing.WrapUpCodes.ShouldBe(["ININ-WRAP-UP-TIMEOUT"]);
        (billing.Transferred, billing.DisconnectType, billing.Direction, billing.Provisional).ShouldBe((true, "transfer", "inbound", true));
        var support = records[1];
        (support.WaitTimeMs, support.HandleTimeMs, support.Transferred, support.DisconnectType).ShouldBe((180_000, null, false, "client"));
        support.Agents.ShouldBeEmpty();
    }

    [Fact]
    public void A_limited_caller_sees_only_its_queue_and_no_trace_of_another()
    {
        var limited = Everything with { IsVisible = id => id == Billing, SeesAll = false, ShowsAgents = false };

        var record = ConversationRecordBuilder.Of(Transferred, limited).ShouldHaveSingleItem();
        record.QueueId.ShouldBe(Billing);
        record.ConversationEnd.ShouldBe(At(300));
        record.Agents.ShouldBeNull();

        var timeline = TimelineBuilder.Of(Transferred, limited, Meta).ShouldNotBeNull();
        timeline.DivisionIds.ShouldBeNull();
        var text = System.Text.Json.JsonSerializer.Serialize(timeline, TimelineJson.Default.TimelineResponse);
        text.ShouldNotContain(Support);
        text.ShouldNotContain("tAbandon");
        text.ShouldNotContain("tIvr");
        text.ShouldNotContain(Anna);
        timeline.Participants.Select(participant => participant.Purpose).ShouldBe(["customer", "acd", "agent", "agent"], ignoreOrder: true);
    }

    [Fact]
    public void A_caller_that_can_see_none_of_the_queues_sees_nothing()
    {
        var limited = Everything with { IsVisible = id => id == Anna, SeesAll = false };

        ConversationRecordBuilder.Of(Transferred, limited).ShouldBeEmpty();
        TimelineBuilder.Of(Transferred, limited, Meta).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 12, new string[0])]
    [InlineData(12, 13, new[] { Billing })]
    [InlineData(221, 401, new[] { Billing, Support })]
    [InlineData(300, 401, new[] { Support })]
    public void By_activity_only_records_with_an_event_of_their_queue_in_the_interval_are_returned(int from, int to, string[] queues) =>
        ConversationRecordBuilder.Of(Transferred, Everything, At(from), At(to)).Select(record => record.QueueId).Order(StringComparer.Ordinal).ShouldBe(queues);

    [Fact]
    public void A_conversation_in_progress_is_open_and_one_outside_of_any_queue_has_a_record_too()
    {
        var waiting = new ConversationDetail { Id = "a", Start = At(0), Participants = [Party("acd", null, [Segment("interact", 0, null, Support)], Metric("nOffered", 1, 0))] };
        var inMenu = new ConversationDetail { Id = "b", Start = At(0), End = At(5), Participants = [Party("ivr", null, [Segment("ivr", 0, 5)], Metric("tIvr", 5_000, 5))] };

        ConversationRecordBuilder.Of(waiting, Everything).ShouldHaveSingleItem().Outcome.ShouldBe(ConversationOutcome.Open);
        ConversationRecordBuilder.Of(waiting with { OriginatingDirection = "outbound" }, Everything).ShouldHaveSingleItem().Outcome.ShouldBeNull();
        var record = ConversationRecordBuilder.Of(inMenu, Everything).ShouldHaveSingleItem();
        (record.QueueId, record.MediaType, record.Outcome).ShouldBe((null, "voice", null));
        ConversationRecordBuilder.Of(inMenu, Everything with { IsVisible = id => id == Billing, SeesAll = false }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(30, Billing)] // the end of one segment and the start of the next
    [InlineData(31, Support)]
    [InlineData(70, Support)] // in a segment without a queue
    [InlineData(5, Billing)] // before the first segment
    public void The_queue_of_an_event_is_that_of_the_segment_that_contains_it(int second, string queueId)
    {
        var session = new DetailSession { MediaType = "voice", Segments = [Segment("interact", 30, 60, Support), Segment("interact", 10, 30, Billing), Segment("wrapup", 60, 80)] };

        ConversationEvents.QueueAt(session, At(second)).ShouldBe(queueId);
    }

    private static Instant At(int second) => InstantPattern.General.Parse("2026-11-23T09:00:00Z").Value + Duration.FromSeconds(second);

    private static DetailParticipant Party(string purpose, string? userId, DetailSegment[] segments, params DetailMetric[] metrics) => new()
    {
        Purpose = purpose,
        UserId = userId,
        Sessions = [new DetailSession { SessionId = $"{purpose}-{segments[0].Start}", MediaType = "voice", Direction = "inbound", Segments = [.. segments], Metrics = [.. metrics] }],
    };

    private static DetailSegment Segment(string type, int start, int? end, string? queueId = null, string? disconnectType = null, string? wrapUpCode = null) => new()
    {
        Type = type,
        Start = At(start),
        End = end is { } second ? At(second) : null,
        QueueId = queueId,
        DisconnectType = disconnectType,
        WrapUpCode = wrapUpCode,
    };

    private static DetailMetric Metric(string name, long value, int second) => new(name, value, At(second));
}
