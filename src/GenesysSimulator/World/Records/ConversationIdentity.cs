using System.Buffers.Binary;

namespace GenesysSimulator.World.Records;

/// <summary>The position of a conversation in the simulation: its stream, its UTC hour since 1970, and its index in that hour.</summary>
internal readonly record struct ConversationPosition(int Stream, int Hour, int Index);

/// <summary>
/// The ids of conversations. An id looks like a random UUID but contains the position of the conversation, so a conversation can be found by its id
/// although no conversations are stored.
/// </summary>
internal sealed class ConversationIdentity(ulong seed)
{
    private const int HourBits = 22;
    private const int IndexBits = 24;
    private const ulong SixtyBits = (1UL << 60) - 1;
    private const ulong VersionFour = 0x4000;
    private const ulong Variant = 1UL << 63;

    public Guid Of(ConversationPosition place)
    {
        var packed = ((ulong)place.Stream << (HourBits + IndexBits)) | ((ulong)place.Hour << IndexBits) | (uint)place.Index;
        var check = CheckOf(packed);
        var mixed = packed ^ MaskOf(check);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((mixed >> 12) << 16) | VersionFour | (mixed & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], check | Variant);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Returns null for an id that does not belong to this organization.</summary>
    public ConversationPosition? Find(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var (high, low) = (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        var check = low & (Variant - 1);
        var packed = (((high >> 16) << 12) | (high & 0xFFF)) ^ MaskOf(check);
        var place = new ConversationPosition(
            (int)(packed >> (HourBits + IndexBits)),
            (int)((packed >> IndexBits) & ((1UL << HourBits) - 1)),
            (int)(packed & ((1UL << IndexBits) - 1)));
        return CheckOf(packed) == check && Of(place) == id ? place : null;
    }

    private static ulong MaskOf(ulong check) => SeededRandom.Mix(check, 0x6D61736B) & SixtyBits;

    // The check has 62 bits, because the other two bits are the variant of the UUID.
    private ulong CheckOf(ulong packed) => SeededRandom.Mix(seed, packed) >> 2;
}
