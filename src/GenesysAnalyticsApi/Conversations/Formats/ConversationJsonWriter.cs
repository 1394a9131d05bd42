using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>
/// Writes one JSON document with all records, for the results of jobs, which are not paged. Meta follows the records, because it is known only after the last
/// record has been read.
/// </summary>
internal sealed class ConversationJsonWriter : IConversationWriter
{
    public ResponseFormat Format => ResponseFormat.Json;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool writeByteOrderMark, CancellationToken cancellationToken)
    {
        using var buffer = new WriteBuffer();
        buffer.Bytes.Write("{\"query\":"u8);
        JsonSerializer.Serialize(buffer.Bytes, query, ConversationsJson.Default.ResolvedConversationsQuery);
        buffer.Bytes.Write(",\"records\":["u8);
        var isFirst = true;
        await foreach (var record in stream.Records)
        {
            buffer.Bytes.Write(isFirst ? ""u8 : ","u8);
            JsonSerializer.Serialize(buffer.Bytes, record, ConversationsJson.Default.ConversationRecord);
            isFirst = false;
            await buffer.SendIfFullAsync(target, cancellationToken);
        }

        buffer.Bytes.Write("],\"meta\":"u8);
        JsonSerializer.Serialize(buffer.Bytes, stream.Meta(), ConversationsJson.Default.ConversationsMeta);
        buffer.Bytes.Write("}"u8);
        await buffer.SendAsync(target, cancellationToken);
    }
}

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
