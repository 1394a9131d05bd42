using System.Buffers.Binary;
using GenesysAnalyticsApi.Facts;
using MemoryPack;

namespace GenesysAnalyticsApi.Tests.Aggregates.Slices;

/// <summary>Strings in cache entries whose length is wrong. MemoryPack's own reader crashes the process on the first four of these lengths.</summary>
public sealed class CheckedStringTests
{
    // The number of members and two integers come first.
    private const int OffsetOfLength = 1 + 4 + 4;

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(int.MinValue + 1)]
    [InlineData(int.MinValue + 2)]
    [InlineData(int.MinValue + 3)]
    [InlineData(int.MinValue + 4)]
    [InlineData(-100)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public void A_wrong_length_is_an_error(int length)
    {
        var bytes = MemoryPackSerializer.Serialize(new InvalidStatistic(1, Statistic.Max, "text"));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(OffsetOfLength), length);

        Should.Throw<Exception>(() => MemoryPackSerializer.Deserialize<InvalidStatistic>(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("日本語 🎧")]
    public void A_string_survives_a_round_trip(string text)
    {
        var entry = new InvalidStatistic(1, Statistic.Max, text);
        MemoryPackSerializer.Deserialize<InvalidStatistic>(MemoryPackSerializer.Serialize(entry)).ShouldBe(entry);
    }
}
