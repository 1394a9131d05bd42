using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Tests.Conversations;

/// <summary>
/// Two conversations of real contact centers: a chat that goes straight to a queue, and a call that passes an IVR and to which one agent does not respond.
/// The metrics, values and times come from public code; everything else, such as the ids, is invented.
/// </summary>
public sealed class RealConversationsTests
{
    private const string Queue = "b0f2a6de-7d35-4f0e-9a4a-1f3f1f0b9c01";

    private static readonly RecordScope Everything = new(_ => true, SeesAll: true, ShowsAgents: true, Instant.FromUtc(2026, 11, 20, 0, 0));

    [Fact]
    public async Task The_wait_of_a_chat_is_its_tAcd_and_its_handle_time_is_talk_plus_hold()
    {
        var record = ConversationRecordBuilder.Of((await ReadAsync())[0], Everything).ShouldHaveSingleItem();

        (record.QueueId, record.MediaType, record.Outcome, record.Direction).ShouldBe((Queue, "chat", ConversationOutcome.Answered, "inbound"));
        (record.WaitTimeMs, record.TalkTimeMs, record.HoldTimeMs, record.WrapTimeMs, record.HandleTimeMs).ShouldBe((11_179, 374_561, 544_176, null, 918_737));
        record.HandleTimeMs.ShouldBe(record.TalkTimeMs + record.HoldTimeMs);
        (record.DisconnectType, record.Transferred, record.Provisional).ShouldBe(("peer", false, false));
        record.Agents.ShouldBe(["3f1c2b7e-9a41-4d0c-8f5f-6a3e2b1d4c91"]);
    }

    [Fact]
    public async Task A_call_includes_the_handle_time_of_the_agent_who_did_not_respond()
    {
        var record = ConversationRecordBuilder.Of((await ReadAsync())[1], Everything).ShouldHaveSingleItem();

        (record.QueueId, record.MediaType, record.Outcome).ShouldBe((Queue, "voice", ConversationOutcome.Answered));
        (record.WaitTimeMs, record.TalkTimeMs, record.HoldTimeMs).ShouldBe((12_411, 374_894, null));
        // The first agent was alerted for 7,421 ms and had 57,000 ms of after-call work; its wrap-up segment has 61,000 ms.
        (record.WrapTimeMs, record.HandleTimeMs).ShouldBe((57_000 + 3_000, 57_000 + 377_894));
        record.WrapUpCodes.ShouldBe(["ININ-WRAP-UP-TIMEOUT", "7fb334b0-0e9e-11e4-9191-0800200c9a66"]);
        record.Agents!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_connection_of_a_call_with_an_IVR_belongs_to_no_queue_and_that_of_a_chat_to_its_queue()
    {
        var read = await ReadAsync();

        ConversationEvents.Of(read[0]).Single(one => one.Metric.Name == "nConnected").QueueId.ShouldBe(Queue);
        ConversationEvents.Of(read[1]).Single(one => one.Metric.Name == "nConnected").QueueId.ShouldBeNull();
        ConversationEvents.Of(read[1]).Where(one => one.Metric.Name is "nOffered" or "tAcd" or "tAnswered" or "tHandle").ShouldAllBe(one => one.QueueId == Queue);
    }

    [Theory]
    [InlineData("2024-04-29T17:30:00Z", "2024-04-29T17:32:00Z", 1, 0, 0)]
    [InlineData("2024-04-29T17:32:00Z", "2024-04-29T17:33:00Z", 0, 1, 57_000)]
    [InlineData("2024-04-29T17:38:00Z", "2024-04-29T17:39:00Z", 0, 0, 377_894)]
    public async Task An_event_counts_when_it_was_emitted(string from, string to, int offered, int answered, long handled)
    {
        var (start, end) = (InstantPattern.General.Parse(from).Value, InstantPattern.General.Parse(to).Value);
        var events = ConversationEvents.Of((await ReadAsync())[1]).Where(one => one.QueueId == Queue && one.Metric.EmittedAt >= start && one.Metric.EmittedAt < end).ToList();

        events.Count(one => one.Metric.Name == "nOffered").ShouldBe(offered);
        events.Count(one => one.Metric.Name == "tAnswered").ShouldBe(answered);
        events.Where(one => one.Metric.Name == "tHandle").Sum(one => one.Metric.Value).ShouldBe(handled);
    }

    private static async Task<IReadOnlyList<ConversationDetail>> ReadAsync()
    {
        await using var file = File.OpenRead(Repository.PathOf("tests/GenesysAnalyticsApi.Tests/Data/conversation-details.json"));
        var reply = await DetailsReplyReader.ReadAsync(file, new DetailsReplyParser(DetailsReplyKind.Query, 100), TestContext.Current.CancellationToken);
        reply.InvalidEntries.ShouldBeEmpty();
        return reply.Conversations;
    }
}
