using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes records in one format while they are read.</summary>
internal interface IConversationWriter
{
    ResponseFormat Format { get; }

    /// <param name="meta">Called after the last record.</param>
    /// <param name="hasByteOrderMark">For CSV.</param>
    Task WriteAsync(
        Stream target, IAsyncEnumerable<ConversationRecord> records, Func<ConversationsMeta> meta, bool hasByteOrderMark, CancellationToken cancellationToken);
}
