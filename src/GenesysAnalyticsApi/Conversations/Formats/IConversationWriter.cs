using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes records in one format while they are read.</summary>
internal interface IConversationWriter
{
    ResponseFormat Format { get; }

    /// <param name="query">The resolved query, which only the JSON writer uses.</param>
    /// <param name="writeByteOrderMark">Whether the output begins with a byte order mark. Only the CSV writer uses this parameter.</param>
    Task WriteAsync(Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool writeByteOrderMark, CancellationToken cancellationToken);
}

/// <summary>Records that are read, from Genesys or from a store, while they are enumerated.</summary>
/// <param name="Meta">Returns the age and completeness of the records. It must be called only after the last record has been read.</param>
internal sealed record ConversationStream(IAsyncEnumerable<ConversationRecord> Records, Func<ConversationsMeta> Meta);

/// <summary>Combines small writes into larger writes, because each write to a response takes time.</summary>
internal sealed class WriteBuffer : IDisposable
{
    private const int FullBytes = 32 * 1024;

    public MemoryStream Bytes { get; } = new(2 * FullBytes);

    public Task SendIfFullAsync(Stream target, CancellationToken cancellationToken) =>
        Bytes.Length < FullBytes ? Task.CompletedTask : SendAsync(target, cancellationToken);

    public async Task SendAsync(Stream target, CancellationToken cancellationToken)
    {
        await target.WriteAsync(Bytes.GetBuffer().AsMemory(0, (int)Bytes.Length), cancellationToken);
        Bytes.SetLength(0);
    }

    public void Dispose() => Bytes.Dispose();
}
