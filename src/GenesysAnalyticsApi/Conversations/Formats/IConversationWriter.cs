using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes records in one format while they are read.</summary>
internal interface IConversationWriter
{
    ResponseFormat Format { get; }

    /// <param name="query">For JSON.</param>
    /// <param name="hasByteOrderMark">For CSV.</param>
    Task WriteAsync(Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool hasByteOrderMark, CancellationToken cancellationToken);
}

/// <summary>Records while they are read.</summary>
/// <param name="Meta">Called after the last record.</param>
internal sealed record ConversationStream(IAsyncEnumerable<ConversationRecord> Records, Func<ConversationsMeta> Meta);
