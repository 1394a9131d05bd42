using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes records in one format while they are read.</summary>
internal interface IConversationWriter
{
    ResponseFormat Format { get; }

    /// <param name="query">Used only by JSON.</param>
    /// <param name="hasByteOrderMark">Used only by CSV.</param>
    Task WriteAsync(Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool hasByteOrderMark, CancellationToken cancellationToken);
}

/// <summary>Records that are read while a caller enumerates them.</summary>
/// <param name="Meta">May be called only after the last record.</param>
internal sealed record ConversationStream(IAsyncEnumerable<ConversationRecord> Records, Func<ConversationsMeta> Meta);
