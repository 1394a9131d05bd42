using System.Buffers.Binary;

namespace GenesysSimulator.World;

/// <summary>Ids that depend only on the seed of the organization and a name.</summary>
internal static class Identity
{
    public static ulong Hash(string text) => text.Aggregate(14695981039346656037UL, (hash, letter) => SeededRandom.Mix(hash, letter));

    public static Guid Of(ulong seed, string name)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed, Hash(name)));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, random.Next());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], random.Next());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
