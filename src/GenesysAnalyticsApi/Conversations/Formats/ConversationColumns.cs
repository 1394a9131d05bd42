using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>A column of the flat formats.</summary>
/// <param name="Value">A text, a long, a bool or an instant; null for none.</param>
internal sealed record ConversationColumn(string Name, Type Type, Func<ConversationRecord, object?> Value);

/// <summary>The columns of CSV and Parquet: the fields of the JSON record under the same names. Lists are joined by semicolons.</summary>
internal static class ConversationColumns
{
    public static readonly ImmutableArray<ConversationColumn> All =
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

    private static ConversationColumn Text(string name, Func<ConversationRecord, string?> value) => new(name, typeof(string), value);

    private static ConversationColumn Time(string name, Func<ConversationRecord, Instant?> value) => new(name, typeof(Instant), record => value(record));

    private static ConversationColumn Whole(string name, Func<ConversationRecord, long?> value) => new(name, typeof(long), record => value(record));

    private static ConversationColumn Flag(string name, Func<ConversationRecord, bool> value) => new(name, typeof(bool), record => value(record));
}
