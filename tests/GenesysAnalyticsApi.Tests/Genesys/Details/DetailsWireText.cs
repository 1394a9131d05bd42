namespace GenesysAnalyticsApi.Tests.Genesys.Details;

/// <summary>Conversations in the format of Genesys.</summary>
internal static class DetailsWireText
{
    public const string Id = "c0000000-0000-4000-8000-000000000001";
    public const string OtherId = "c0000000-0000-4000-8000-000000000002";

    /// <summary>An inbound call with a queue and an agent.</summary>
    public const string Whole = $$"""
        {"conversationId":"{{Id}}","conversationStart":"2026-01-01T10:00:00.000Z","conversationEnd":"2026-01-01T10:05:00.000Z","originatingDirection":"inbound",
         "divisionIds":["d1","d2"],"mediaStatsMinConversationMos":4.9,"participants":[
          {"participantId":"p1","purpose":"acd","participantName":"Sales","sessions":[{"sessionId":"s1","mediaType":"voice","direction":"inbound","ani":"tel:+4930123",
            "segments":[{"segmentStart":"2026-01-01T10:00:00.000Z","segmentEnd":"2026-01-01T10:00:10.000Z","segmentType":"interact","queueId":"q1","disconnectType":"transfer","conference":false}],
            "metrics":[{"name":"nOffered","value":1,"emitDate":"2026-01-01T10:00:00.000Z"},{"name":"tAcd","value":10000,"emitDate":"2026-01-01T10:00:10.000Z"}]}]},
          {"participantId":"p2","purpose":"agent","userId":"u1","sessions":[{"sessionId":"s2","mediaType":"voice","direction":"inbound","messageType":"sms",
            "segments":[{"segmentStart":"2026-01-01T10:00:10Z","segmentType":"wrapup","queueId":"q1","wrapUpCode":"ININ-WRAP-UP-TIMEOUT"}],
            "metrics":[{"name":"tHandle","value":5,"emitDate":"2026-01-01T10:05:00.000Z"}]}]}]}
        """;

    public static string Bare(string id) => $$"""{"conversationId":"{{id}}","conversationStart":"2026-01-01T11:00:00Z"}""";

    public static string Page(params string[] conversations) => $$"""{"conversations":[{{string.Join(',', conversations)}}],"totalHits":{{conversations.Length}}}""";

    public static string JobPage(string? cursor, params string[] conversations) =>
        $$"""{"conversations":[{{string.Join(',', conversations)}}]{{(cursor is null ? "" : $",\"cursor\":\"{cursor}\"")}},"dataAvailabilityDate":"2026-01-02T00:00:00.000Z"}""";

    /// <summary>A conversation with an agent who has the given session.</summary>
    public static string With(string session) =>
        $$"""{"conversationId":"{{Id}}","conversationStart":"2026-01-01T10:00:00Z","participants":[{"purpose":"agent","sessions":[{{session}}]}]}""";
}
