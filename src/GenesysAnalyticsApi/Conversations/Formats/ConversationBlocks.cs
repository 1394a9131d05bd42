using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>
/// Packs records into compressed blocks, for the store that keeps the results of jobs. A block contains whole lines of NDJSON. The last line of the last block
/// contains meta, so that the reader notices if the last blocks are missing.
/// </summary>
internal sealed class ConversationBlocks : IDisposable
{
    /// <summary>The size at which a block is full, before compression: small enough for one database command, and large enough to compress well.</summary>
    private const int FullBytes = 256 * 1024;

    private static readonly byte[] MetaStart = [.. "{\"meta\":"u8];

    private readonly MemoryStream _lines = new(FullBytes + (16 * 1024));

    /// <returns>The next block, if it is full; otherwise null.</returns>
    public byte[]? Add(ConversationRecord record)
    {
        JsonSerializer.Serialize(_lines, record, ConversationsJson.Default.ConversationRecord);
        _lines.WriteByte((byte)'\n');
        return _lines.Length < FullBytes ? null : Compress();
    }

    /// <returns>The last block.</returns>
    public byte[] End(ConversationsMeta meta)
    {
        JsonSerializer.Serialize(_lines, new ConversationsMetaLine(meta), ConversationsJson.Default.ConversationsMetaLine);
        _lines.WriteByte((byte)'\n');
        return Compress();
    }

    /// <summary>Reads blocks in the order in which they were written.</summary>
    /// <exception cref="InvalidDataException">
    /// A block is damaged, or the last block is missing. The exception is thrown while the records are enumerated, not by this method.
    /// </exception>
    public static ConversationStream Read(IAsyncEnumerable<byte[]> blocks)
    {
        ConversationsMeta? meta = null;
        return new(RecordsAsync(), () => meta!);

        async IAsyncEnumerable<ConversationRecord> RecordsAsync()
        {
            await foreach (var block in blocks)
            {
                foreach (var line in LinesOf(block))
                {
                    if (line.Span.StartsWith(MetaStart))
                    {
                        meta = Parse(line.Span, ConversationsJson.Default.ConversationsMetaLine).Meta;
                    }
                    else
                    {
                        yield return Parse(line.Span, ConversationsJson.Default.ConversationRecord);
                    }
                }
            }

            if (meta is null)
            {
                throw new InvalidDataException("The last block is missing.");
            }
        }
    }

    public void Dispose() => _lines.Dispose();

    private static T Parse<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new InvalidDataException("A line of a block is null.");
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException)
        {
            throw new InvalidDataException("A line of a block is damaged.", damaged);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(byte[] block)
    {
        using var lines = new MemoryStream();
        try
        {
            using var decompressor = new BrotliStream(new MemoryStream(block), CompressionMode.Decompress);
            decompressor.CopyTo(lines);
        }
        catch (InvalidOperationException damaged)
        {
            throw new InvalidDataException("A block is damaged.", damaged);
        }

        var unread = new ReadOnlyMemory<byte>(lines.GetBuffer(), 0, (int)lines.Length);
        while (unread.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            yield return unread[..end];
            unread = unread[(end + 1)..];
        }

        if (!unread.IsEmpty)
        {
            throw new InvalidDataException("A block ends within a line.");
        }
    }

    private byte[] Compress()
    {
        using var block = new MemoryStream();
        using (var compressor = new BrotliStream(block, CompressionLevel.Fastest, leaveOpen: true))
        {
            compressor.Write(_lines.GetBuffer().AsSpan(0, (int)_lines.Length));
        }

        _lines.SetLength(0);
        return block.ToArray();
    }
}
