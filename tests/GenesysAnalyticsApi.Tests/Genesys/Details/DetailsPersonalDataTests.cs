using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys.Details;

/// <summary>Personal data of conversations, with either client (<see cref="TestedClient"/>).</summary>
public sealed class DetailsPersonalDataTests : IDisposable
{
    private const string Planted = "p1anted";

    private static readonly string[] SessionMembers =
        ["addressFrom", "addressTo", "addressOther", "addressSelf", "ani", "dnis", "sessionDnis", "remote", "remoteNameDisplayable", "callbackUserName"];

    private static readonly string[] SessionLists = ["callbackNumbers", "destinationAddresses", "cc", "bcc"];

    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    /// <summary>A conversation with planted values in all members that have personal data, and in members that have it only in an invalid reply.</summary>
    private static string Conversation => $$$"""
        {"conversationId":"{{{DetailsWireText.Id}}}","conversationStart":"2026-01-01T10:00:00Z","externalTag":"{{{Planted}}}","originatingDirection":"{{{Planted}}} in","divisionIds":["{{{Planted}}} division"],
         "{{{Planted}}}":"{{{Planted}}}","participants":["{{{Planted}}}",{"purpose":"{{{Planted}}} purpose","participantId":"{{{Planted}}}@example.org","userId":"{{{Planted}}} user",
          "participantName":"{{{Planted}}} Name","attributes":{"customer":"{{{Planted}}} attribute","n":7},
          "sessions":["{{{Planted}}}",{"sessionId":"tel:+{{{Planted}}}","mediaType":"{{{Planted}}} media",
           {{{string.Join(',', SessionMembers.Select(name => $"\"{name}\":\"{Planted} {name}\""))}}},{{{string.Join(',', SessionLists.Select(name => $"\"{name}\":[\"{Planted} 1\",\"{Planted} 2\",3]"))}}},
           "segments":[{"segmentStart":"2026-01-01T10:00:00Z","subject":"{{{Planted}}} subject","wrapUpNote":"{{{Planted}}} note","wrapUpCode":"{{{Planted}}} code","queueId":"{{{Planted}}} queue"},
            {"segmentStart":"{{{Planted}}}"}],
           "metrics":[{"name":"{{{Planted}}} metric","value":"{{{Planted}}}","emitDate":"{{{Planted}}}"}]}]}]}
        """;

    [Fact]
    public async Task By_default_personal_data_is_in_no_model_message_or_log()
    {
        _driver.Genesys.Ok(DetailsWireText.Page(Conversation, $$"""{"conversationId":"{{Planted}}@example.org","conversationStart":"2026-01-01T10:00:00Z"}"""));
        _driver.Genesys.Ok(Conversation);

        var page = await _driver.Details.QueryDetailsAsync(new DetailsRequest(GatewayDriver.Day[0], GatewayDriver.Day[1]), TestCancellation);
        var one = await _driver.Details.GetDetailAsync(DetailsWireText.Id, withPersonalData: false, RequestOrigin.Anonymous, TestCancellation);

        page.Conversations.ShouldHaveSingleItem().Participants.ShouldHaveSingleItem().Sessions.ShouldHaveSingleItem().Segments.ShouldHaveSingleItem();
        one.InvalidEntries.Count.ShouldBeGreaterThan(8);
        TextOf(page).ShouldNotContain(Planted);
        TextOf(one).ShouldNotContain(Planted);
        string.Join('\n', _driver.Logs.Lines).ShouldNotContain(Planted);
    }

    [Fact]
    public async Task A_request_for_personal_data_gets_it_under_the_names_of_Genesys()
    {
        _driver.Genesys.Ok(Conversation);

        var page = await _driver.Details.GetDetailAsync(DetailsWireText.Id, withPersonalData: true, RequestOrigin.Anonymous, TestCancellation);

        var participant = page.Conversations.ShouldHaveSingleItem().Participants.ShouldHaveSingleItem();
        participant.PersonalData.ShouldBe([new("attributes.customer", $"{Planted} attribute"), new("participantName", $"{Planted} Name")]);
        var session = participant.Sessions.ShouldHaveSingleItem();
        session.PersonalData.Keys.ShouldBe(SessionMembers.Concat(SessionLists), ignoreOrder: true);
        session.PersonalData["ani"].ShouldBe($"{Planted} ani");
        session.PersonalData["cc"].ShouldBe($"{Planted} 1, {Planted} 2");
        session.Segments.ShouldHaveSingleItem().PersonalData.ShouldBe([new("subject", $"{Planted} subject"), new("wrapUpNote", $"{Planted} note")]);
        string.Join('\n', page.InvalidEntries.Concat(_driver.Logs.Lines)).ShouldNotContain(Planted);
    }

    public void Dispose() => _driver.Dispose();

    private static string TextOf(DetailsPage page) => System.Text.Json.JsonSerializer.Serialize(new { page.Conversations, page.InvalidEntries });
}
