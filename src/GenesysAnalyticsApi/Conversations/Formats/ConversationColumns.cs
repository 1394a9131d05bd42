using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>The columns of CSV and Parquet, with the names of the JSON fields. The items of a list are joined with semicolons.</summary>
internal static class ConversationColumns
{
    public static readonly ImmutableArray<TableColumn<ConversationRecord>> All =
    [
        Text("conversationId", record => record.ConversationId),
        Time("conversationStart", record => record.ConversationStart),
        Time("conversationEnd", record => record.ConversationEnd),
        Text("queueId", record => record.QueueId),
        Text("queueName", record => record.QueueName),
        Text("mediaType", record => record.MediaType),
        Text("direction", record => record.Direction),
        Text("outcome", record => record.Outcome is { } outcome ? JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString()) : null),
        Text("agents", record => record.Agents is { } agents ? string.Join(';', agents) : null),
        Whole("waitTimeMs", record => record.WaitTimeMs),
        Whole("talkTimeMs", record => record.TalkTimeMs),
        Whole("holdTimeMs", record => record.HoldTimeMs),
        Whole("wrapTimeMs", record => record.WrapTimeMs),
        Whole("handleTimeMs", record => record.HandleTimeMs),
        Flag("transferred", record => record.Transferred),
        Text("wrapUpCodes", record => string.Join(';', record.WrapUpCodes)),
        Text("disconnectType", record => record.DisconnectType),
        Flag("provisional", record => record.Provisional),
    ];

    private static TextColumn<ConversationRecord> Text(string name, Func<ConversationRecord, string?> valueOf) => new(name, valueOf);

    private static TimeColumn<ConversationRecord> Time(string name, Func<ConversationRecord, Instant?> valueOf) => new(
        name, IsInstant: true, record => valueOf(record) is { } instant ? MillisecondInstantConverter.Print(instant) : null, record => valueOf(record)?.ToDateTimeUtc());

    private static IntegerColumn<ConversationRecord> Whole(string name, Func<ConversationRecord, long?> valueOf) => new(name, valueOf);

    private static FlagColumn<ConversationRecord> Flag(string name, Func<ConversationRecord, bool?> valueOf) => new(name, valueOf);
}
