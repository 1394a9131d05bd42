using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes one record per line, and meta on the last line.</summary>
internal sealed class ConversationNdjsonWriter : IConversationWriter
{
    public ResponseFormat Format => ResponseFormat.Ndjson;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool writeByteOrderMark, CancellationToken cancellationToken)
    {
        using var buffer = new WriteBuffer();
        await foreach (var record in stream.Records)
        {
            JsonSerializer.Serialize(buffer.Bytes, record, ConversationsJson.Default.ConversationRecord);
            buffer.Bytes.WriteByte((byte)'\n');
            await buffer.SendIfFullAsync(target, cancellationToken);
        }

        JsonSerializer.Serialize(buffer.Bytes, new ConversationsMetaLine(stream.Meta()), ConversationsJson.Default.ConversationsMetaLine);
        buffer.Bytes.WriteByte((byte)'\n');
        await buffer.SendAsync(target, cancellationToken);
    }
}
