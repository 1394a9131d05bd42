using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MemoryPack;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// How a value lies in Redis. What another version of the service wrote, what is cut off and what is not ours at all is nothing, and
/// found out before it is read; the time stamp can be read alone.
/// <code>
/// version (1) │ time stamp, in ticks (8) │ body, as MemoryPack │ checksum of all before it (8)
/// </code>
/// </summary>
internal static class VersionedPayload
{
    /// <summary>As far as <see cref="StampOf"/> needs them.</summary>
    public const int HeadLength = 1 + sizeof(long);

    private const int SumLength = 8;

    public static byte[] Write<T>(byte version, Instant stamp, T body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var head = buffer.GetSpan(HeadLength);
        head[0] = version;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], stamp.ToUnixTimeTicks());
        buffer.Advance(HeadLength);
        MemoryPackSerializer.Serialize(buffer, body);
        buffer.Write(SumOf(buffer.WrittenSpan));
        return buffer.WrittenSpan.ToArray();
    }

    public static (Instant Stamp, T Body)? Read<T>(byte version, ReadOnlySpan<byte> bytes)
        where T : class
    {
        if (bytes.Length < HeadLength + SumLength
            || StampOf(version, bytes) is not { } stamp
            || !bytes[^SumLength..].SequenceEqual(SumOf(bytes[..^SumLength])))
        {
            return null;
        }

        try
        {
            return MemoryPackSerializer.Deserialize<T>(bytes[HeadLength..^SumLength]) is { } body ? (stamp, body) : null;
        }
        catch (Exception foreign) when (foreign is not OutOfMemoryException)
        {
            // Whole, and yet of another shape. A checksum is no signature: whoever can write to Redis can write this, and a reader of bytes
            // that are made to trip it fails in more ways than it documents.
            return null;
        }
    }

    /// <summary>Whether it says of itself that this version of the service can read it. Where it cannot, it is damaged or not ours.</summary>
    public static bool ClaimsToBe(byte version, ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && bytes[0] == version;

    public static Instant? StampOf(byte version, ReadOnlySpan<byte> head) =>
        head.Length >= HeadLength && head[0] == version
        && BinaryPrimitives.ReadInt64LittleEndian(head[1..]) is var ticks
        && ticks >= Instant.MinValue.ToUnixTimeTicks() && ticks <= Instant.MaxValue.ToUnixTimeTicks()
            ? Instant.FromUnixTimeTicks(ticks)
            : null;

    private static ReadOnlySpan<byte> SumOf(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes).AsSpan(0, SumLength);
}
