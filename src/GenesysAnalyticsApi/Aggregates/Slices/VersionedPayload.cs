using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MemoryPack;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Wraps a value for Redis. Before the service parses a value, it recognizes other versions, truncated values and most values from other programs. The
/// service can also read the time stamp without the body.
/// <code>
/// version (1) │ time stamp, in ticks (8) │ body, as MemoryPack │ checksum of everything before it (8)
/// </code>
/// </summary>
internal static class VersionedPayload
{
    /// <summary>The number of bytes that <see cref="ReadStamp"/> needs.</summary>
    public const int HeadLength = 1 + sizeof(long);

    private const int ChecksumLength = 8;

    public static byte[] Write<T>(byte version, Instant stamp, T body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var head = buffer.GetSpan(HeadLength);
        head[0] = version;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], stamp.ToUnixTimeTicks());
        buffer.Advance(HeadLength);
        MemoryPackSerializer.Serialize(buffer, body);
        buffer.Write(ChecksumOf(buffer.WrittenSpan));
        return buffer.WrittenSpan.ToArray();
    }

    public static (Instant Stamp, T Body)? Read<T>(byte version, ReadOnlySpan<byte> bytes)
        where T : class
    {
        if (bytes.Length < HeadLength + ChecksumLength
            || ReadStamp(version, bytes) is not { } stamp
            || !bytes[^ChecksumLength..].SequenceEqual(ChecksumOf(bytes[..^ChecksumLength])))
        {
            return null;
        }

        try
        {
            return MemoryPackSerializer.Deserialize<T>(bytes[HeadLength..^ChecksumLength]) is { } body ? (stamp, body) : null;
        }
        catch (Exception invalid) when (invalid is not OutOfMemoryException)
        {
            // The checksum matches but the body is malformed: a checksum is not a signature, so any program can write one. MemoryPack throws
            // undocumented exceptions on crafted bytes.
            return null;
        }
    }

    /// <summary>Whether the value has this version. A value of this version that cannot be read is damaged or comes from another program.</summary>
    public static bool HasVersion(byte version, ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && bytes[0] == version;

    public static Instant? ReadStamp(byte version, ReadOnlySpan<byte> head) =>
        head.Length >= HeadLength && head[0] == version
        && BinaryPrimitives.ReadInt64LittleEndian(head[1..]) is var ticks
        && ticks >= Instant.MinValue.ToUnixTimeTicks() && ticks <= Instant.MaxValue.ToUnixTimeTicks()
            ? Instant.FromUnixTimeTicks(ticks)
            : null;

    private static ReadOnlySpan<byte> ChecksumOf(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes).AsSpan(0, ChecksumLength);
}
