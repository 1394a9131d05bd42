using System.Text;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Genesys.Parsing;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Details;

/// <summary>How a page of conversations is parsed, including invalid ones.</summary>
public sealed class DetailsReplyReaderTests
{
    [Fact]
    public async Task A_conversation_is_read_with_all_its_parts()
    {
        var page = await ReadAsync(DetailsWireText.Page(DetailsWireText.Whole));

        page.InvalidEntries.ShouldBeEmpty();
        page.TotalHits.ShouldBe(1);
        var read = page.Conversations.ShouldHaveSingleItem();
        (read.Id, read.Start, read.End, read.OriginatingDirection).ShouldBe(
            (DetailsWireText.Id, Instant.FromUtc(2026, 1, 1, 10, 0), Instant.FromUtc(2026, 1, 1, 10, 5), "inbound"));
        read.DivisionIds.ShouldBe(["d1", "d2"]);
        read.Participants.Select(one => (one.Purpose, one.ParticipantId, one.UserId)).ShouldBe([("acd", "p1", null), ("agent", "p2", "u1")]);
        var (queue, agent) = (read.Participants[0].Sessions.ShouldHaveSingleItem(), read.Participants[1].Sessions.ShouldHaveSingleItem());
        (queue.SessionId, queue.MediaType, queue.Direction, agent.MessageType).ShouldBe(("s1", "voice", "inbound", "sms"));
        queue.Segments.ShouldHaveSingleItem().ShouldBe(new DetailSegment
        {
            Type = "interact",
            Start = read.Start,
            End = read.Start + Duration.FromSeconds(10),
            QueueId = "q1",
            DisconnectType = "transfer",
        });
        (agent.Segments[0].End, agent.Segments[0].WrapUpCode).ShouldBe((null, "ININ-WRAP-UP-TIMEOUT"));
        queue.Metrics.ShouldBe([new("nOffered", 1, read.Start), new("tAcd", 10_000, read.Start + Duration.FromSeconds(10))]);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[[{}],1]")]
    [InlineData("{}")]
    [InlineData("""{"conversationStart":"2026-01-01T11:00:00Z"}""")]
    [InlineData("""{"conversationId":"","conversationStart":"2026-01-01T11:00:00Z"}""")]
    [InlineData("""{"conversationId":"a person@example.org","conversationStart":"2026-01-01T11:00:00Z"}""")]
    [InlineData("""{"conversationId":"\ud800","conversationStart":"2026-01-01T11:00:00Z"}""")]
    [InlineData("""{"conversationId":7,"conversationStart":"2026-01-01T11:00:00Z"}""")]
    [InlineData("""{"conversationId":"x"}""")]
    [InlineData("""{"conversationId":"x","conversationStart":"yesterday"}""")]
    [InlineData("""{"conversationId":"x","conversationStart":"1970-01-01T00:00:00Z"}""")]
    [InlineData("""{"conversationId":"x","conversationStart":"9999-12-31T23:59:59-18:00"}""")]
    [InlineData("""{"conversationId":"x","conversationStart":1767225600}""")]
    public async Task A_conversation_without_id_or_start_is_dropped_with_a_message_and_its_neighbors_are_kept(string invalid)
    {
        var page = await ReadAsync(DetailsWireText.Page(DetailsWireText.Bare(DetailsWireText.Id), invalid, DetailsWireText.Bare(DetailsWireText.OtherId)));

        page.Conversations.Select(one => one.Id).ShouldBe([DetailsWireText.Id, DetailsWireText.OtherId]);
        page.InvalidEntries.ShouldHaveSingleItem().ShouldStartWith("entry 2 of the page was dropped: it ");
        page.Items.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", "7", "metric 1 of session 1 of participant 1 of conversation ID was dropped: it is not an object")]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"value":1,"emitDate":"2026-01-01T10:00:00Z"}""", "metric 1 of session 1 of participant 1 of conversation ID was dropped: it has no usable")]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"name":"x","emitDate":"2026-01-01T10:00:00Z"}""", "metric 1 of")]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"name":"x","value":-1,"emitDate":"2026-01-01T10:00:00Z"}""", "metric 1 of")]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"name":"x","value":1e300,"emitDate":"2026-01-01T10:00:00Z"}""", "metric 1 of")]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"name":"x","value":1.5,"emitDate":"2026-01-01T10:00:00Z"}""", "metric 1 of")]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"name":"x","value":1,"emitDate":"0001-01-01T00:00:00Z"}""", "metric 1 of")]
    [InlineData("""{"metrics":[INVALID,{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"name":"x","value":1}""", "metric 1 of")]
    [InlineData("""{"segments":[INVALID,{"segmentStart":"2026-01-01T10:00:00Z"}],"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", "[]", "segment 1 of session 1 of participant 1 of conversation ID was dropped: it is not an object")]
    [InlineData("""{"segments":[INVALID],"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"segmentType":"hold"}""", "segment 1 of session 1 of participant 1 of conversation ID was dropped: it has no usable 'segmentStart'")]
    [InlineData("""{"segments":[INVALID],"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"segmentStart":"2026-01-01T10:00:00Z","segmentEnd":"2026-01-01T09:00:00Z"}""", "segment 1 of session 1 of participant 1 of conversation ID was dropped: its 'segmentEnd' is not a time, or is before its start")]
    [InlineData("""{"segments":[INVALID],"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", """{"segmentStart":"2026-01-01T10:00:00Z","segmentEnd":{}}""", "segment 1 of session 1 of participant 1 of conversation ID was dropped: its 'segmentEnd'")]
    [InlineData("""INVALID,{"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", "\"text\"", "session 1 of participant 1 of conversation ID was dropped: it is not an object")]
    [InlineData("""{"segments":INVALID,"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", "7", "the 'segments' of session 1 of participant 1 of conversation ID was dropped: it is not a list")]
    [InlineData("""{"mediaType":INVALID,"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", "\"a name with spaces\"", "the 'mediaType' of session 1 of participant 1 of conversation ID was dropped: it is not a word of at most 50 characters")]
    [InlineData("""{"sessionId":INVALID,"metrics":[{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}]}""", "\"+49 30 123\"", "the 'sessionId' of session 1 of participant 1 of conversation ID was dropped: it is not an id")]
    public async Task An_invalid_part_is_dropped_with_a_message_and_its_neighbors_are_kept(string session, string invalid, string message)
    {
        var page = await ReadAsync(DetailsWireText.Page(DetailsWireText.With(session.Replace("INVALID", invalid, StringComparison.Ordinal))));

        page.InvalidEntries.ShouldHaveSingleItem().ShouldStartWith(message.Replace("ID", DetailsWireText.Id, StringComparison.Ordinal));
        page.Conversations.ShouldHaveSingleItem().Participants[0].Sessions.ShouldHaveSingleItem().Metrics.ShouldHaveSingleItem().Name.ShouldBe("tAcd");
    }

    [Fact]
    public async Task Unknown_names_are_kept_and_numeric_text_is_parsed_as_a_number()
    {
        var page = await ReadAsync(DetailsWireText.Page(DetailsWireText.With(
            """{"mediaType":"hologram","segments":[{"segmentType":"teleport","disconnectType":"solar.flare","segmentStart":"2026-01-01T10:00:00+01:00"}],"metrics":[{"name":"tNew","value":"5.0","emitDate":"2026-01-01T10:00:00Z"}]}""")));

        var session = page.Conversations[0].Participants[0].Sessions[0];
        (session.MediaType, session.Segments[0].Type, session.Segments[0].DisconnectType, session.Segments[0].Start, session.Metrics[0].Value).ShouldBe(
            ("hologram", "teleport", "solar.flare", Instant.FromUtc(2026, 1, 1, 9, 0), 5L));
        page.InvalidEntries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"2026-01-01T09:59:59Z\"")]
    [InlineData("\"soon\"")]
    [InlineData("false")]
    public async Task An_unreadable_end_of_a_conversation_is_dropped(string end)
    {
        var page = await ReadAsync(DetailsWireText.Page($$"""{"conversationId":"{{DetailsWireText.Id}}","conversationStart":"2026-01-01T10:00:00Z","conversationEnd":{{end}}}"""));

        page.Conversations.ShouldHaveSingleItem().End.ShouldBeNull();
        page.InvalidEntries.ShouldBe([$"the 'conversationEnd' of conversation {DetailsWireText.Id} was dropped: it is not a time, or is before the start"]);
    }

    /// <summary>Genesys' times are whole milliseconds, so something short ends when it starts.</summary>
    [Fact]
    public async Task An_end_at_the_time_of_the_start_is_kept()
    {
        var page = await ReadAsync(DetailsWireText.Page(
            $$"""{"conversationId":"{{DetailsWireText.Id}}","conversationStart":"2026-01-01T10:00:00Z","conversationEnd":"2026-01-01T10:00:00Z","participants":[{"sessions":[{"segments":[{"segmentStart":"2026-01-01T10:00:00Z","segmentEnd":"2026-01-01T10:00:00Z"}]}]}]}"""));

        var conversation = page.Conversations.ShouldHaveSingleItem();
        (conversation.End, conversation.Participants[0].Sessions[0].Segments[0].End).ShouldBe((conversation.Start, conversation.Start));
        page.InvalidEntries.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_conversation_twice_is_kept_twice() =>
        (await ReadAsync(DetailsWireText.Page(DetailsWireText.Whole, DetailsWireText.Whole))).Conversations.Count.ShouldBe(2);

    [Theory]
    [InlineData("""{"totalHits":0}""", nameof(DetailsReplyKind.Query))]
    [InlineData("""{"totalHits":12,"aggregations":[{"results":[{"count":1}]}],"conversations":null}""", nameof(DetailsReplyKind.Query))]
    [InlineData("""{"conversations":[],"new":{"conversations":[7]}}""", nameof(DetailsReplyKind.Query))]
    [InlineData("{}", nameof(DetailsReplyKind.List))]
    [InlineData("""{"cursor":"a","dataAvailabilityDate":"2026-01-01T00:00:00Z"}""", nameof(DetailsReplyKind.List))]
    [InlineData("""{"conversations":null}""", nameof(DetailsReplyKind.List))]
    public async Task A_page_can_be_empty(string body, string kind) =>
        (await ReadAsync(body, Enum.Parse<DetailsReplyKind>(kind))).Conversations.ShouldBeEmpty();

    [Theory]
    [InlineData("{}", nameof(DetailsReplyKind.Query), "no 'conversations'")]
    [InlineData("""{"totalHits":"many"}""", nameof(DetailsReplyKind.Query), "no 'conversations'")]
    [InlineData("""{"state":"PENDING"}""", nameof(DetailsReplyKind.List), "no 'conversations'")]
    [InlineData("""{"message":"no","status":400}""", nameof(DetailsReplyKind.List), "error body")]
    [InlineData("""{"conversations":[],"totalHits":0,"message":"no"}""", nameof(DetailsReplyKind.Query), "error body")]
    [InlineData("""{"conversations":{}}""", nameof(DetailsReplyKind.Query), "not a list")]
    [InlineData("""{"conversations":[],"cursor":7}""", nameof(DetailsReplyKind.List), "'cursor' is not text")]
    [InlineData("[]", nameof(DetailsReplyKind.Query), "not an object")]
    [InlineData("null", nameof(DetailsReplyKind.Query), "not an object")]
    [InlineData("", nameof(DetailsReplyKind.Query), "not valid JSON")]
    [InlineData("nothing", nameof(DetailsReplyKind.Query), "not valid JSON")]
    [InlineData("""{"conversations":[{"conversationId":"x"}""", nameof(DetailsReplyKind.Query), "not valid JSON")]
    [InlineData("""{"conversations":[]} {}""", nameof(DetailsReplyKind.Query), "not valid JSON")]
    public async Task A_body_that_is_not_a_page_is_unreadable(string body, string kind, string reason)
    {
        var failed = await Should.ThrowAsync<GenesysException>(() => ReadAsync(body, Enum.Parse<DetailsReplyKind>(kind)));

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
        failed.Failure.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task Very_deep_nesting_is_unreadable_and_does_not_overflow_the_stack()
    {
        var failed = await Should.ThrowAsync<GenesysException>(() => ReadAsync(DetailsWireText.Page(new string('[', 100_000))));

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
    }

    [Fact]
    public async Task A_conversation_that_is_too_long_is_dropped_and_its_neighbors_are_kept()
    {
        var metric = """{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}""";
        var tooLong = DetailsWireText.With($$"""{"metrics":[{{string.Join(',', Enumerable.Repeat(metric, 80_000))}}]}""");
        tooLong.Length.ShouldBeGreaterThan(DetailsReplyReader.MaxConversationBytes);

        var page = await ReadAsync(DetailsWireText.Page(DetailsWireText.Bare(DetailsWireText.OtherId), tooLong, DetailsWireText.Whole));

        page.Conversations.Select(one => one.Id).ShouldBe([DetailsWireText.OtherId, DetailsWireText.Id]);
        page.InvalidEntries.ShouldBe(["entry 2 of the page was dropped: it has more than 4194304 bytes"]);
    }

    [Fact]
    public async Task The_numbers_of_metrics_messages_and_conversations_are_limited()
    {
        var metric = """{"name":"tAcd","value":1,"emitDate":"2026-01-01T10:00:00Z"}""";
        var page = await ReadAsync(DetailsWireText.Page(DetailsWireText.With($$"""{"metrics":[{{string.Join(',', Enumerable.Repeat(metric, 2_001))}}]}""")));
        var invalid = await ReadAsync(DetailsWireText.Page([.. Enumerable.Repeat("7", 1_500)]));
        var failed = await Should.ThrowAsync<GenesysException>(() => ReadAsync(DetailsWireText.Page([.. Enumerable.Repeat("7", 2_001)])));

        page.Conversations[0].Participants[0].Sessions[0].Metrics.Length.ShouldBe(2_000);
        page.InvalidEntries.ShouldHaveSingleItem().ShouldEndWith("only the first 2000 items were kept");
        invalid.InvalidEntries.Count.ShouldBe(DetailIssues.MaxMessages);
        failed.Failure.Message.ShouldContain("more than 2000 conversations, but 100 were requested");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(70_000)]
    public async Task A_reply_may_arrive_in_pieces_of_any_size(int piece)
    {
        var text = "\uFEFF" + DetailsWireText.Page([.. Enumerable.Repeat(DetailsWireText.Whole, 90)]);
        await using var body = new PiecewiseStream(Encoding.UTF8.GetBytes(text), piece);

        var reply = await DetailsReplyReader.ReadAsync(body, new DetailsReplyParser(DetailsReplyKind.Query, 100), TestContext.Current.CancellationToken);

        reply.Conversations.Count.ShouldBe(90);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"dataAvailabilityDate":null}""")]
    [InlineData("""{"dataAvailabilityDate":"soon"}""")]
    [InlineData("""{"dataAvailabilityDate":"0001-01-01T00:00:00Z"}""")]
    [InlineData("""{"dataAvailabilityDate":17}""")]
    [InlineData("nothing")]
    public async Task An_availability_without_a_time_is_unreadable(string text)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));

        (await Should.ThrowAsync<GenesysException>(() => DetailsReplyReader.ReadAvailabilityAsync(body, TestContext.Current.CancellationToken)))
            .Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
    }

    private static async Task<DetailsReply> ReadAsync(string text, DetailsReplyKind kind = DetailsReplyKind.Query)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await DetailsReplyReader.ReadAsync(body, new DetailsReplyParser(kind, DetailsRequest.MaxPageSize), TestContext.Current.CancellationToken);
    }
}
