using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Conversations;

/// <summary>A stored result is read back unchanged, or the read fails.</summary>
public sealed class ConversationBlocksTests
{
    private static readonly ConversationsMeta Meta = new("2026-11-23T09:15:02Z", true, "simulator", null, 0, [new("part-missing", "Ü \"x\"\n")]);

    private static readonly Gen<ConversationRecord> Record = Gen.Select(Gen.Guid, Gen.Long[0, 100_000_000_000], Gen.Int[-1, 3], Gen.Long, Gen.Bool, Gen.String).Select((id, start, outcome, time, flag, name) => new ConversationRecord
    {
        ConversationId = id.ToString(),
        ConversationStart = Instant.FromUnixTimeMilliseconds(1_700_000_000_000 + start),
        ConversationEnd = flag ? null : Instant.FromUnixTimeMilliseconds(1_700_000_000_001 + start),
        QueueId = flag ? null : id.ToString(),
        QueueName = name,
        MediaType = "voice",
        Direction = "inbound",
        Outcome = outcome < 0 ? null : (ConversationOutcome)outcome,
        Agents = flag ? null : [id.ToString(), name],
        WaitTimeMs = time,
        TalkTimeMs = null,
        HoldTimeMs = 0,
        WrapTimeMs = time / 2,
        HandleTimeMs = null,
        Transferred = flag,
        WrapUpCodes = flag ? [] : [name],
        DisconnectType = null,
        Provisional = !flag,
    });

    [Fact]
    public Task Records_survive_a_round_trip() => Record.List[0, 50].SampleAsync(async records =>
    {
        var stream = ConversationBlocks.Read(Blocks(Pack(records)));

        var read = await stream.Records.ToListAsync();

        return read.Select(Print).SequenceEqual(records.Select(Print)) && JsonSerializer.Serialize(stream.Meta(), ConversationsJson.Default.ConversationsMeta) == JsonSerializer.Serialize(Meta, ConversationsJson.Default.ConversationsMeta);
    });

    [Fact]
    public async Task Many_records_are_packed_into_several_small_blocks()
    {
        var records = Enumerable.Repeat(Record.Array[1_000].Single(), 5).SelectMany(all => all).ToList();

        var blocks = Pack(records);

        blocks.Count.ShouldBeGreaterThan(4);
        blocks.ShouldAllBe(block => block.Length < 300 * 1024);
        (await ConversationBlocks.Read(Blocks(blocks)).Records.CountAsync(TestContext.Current.CancellationToken)).ShouldBe(records.Count);
        await Should.ThrowAsync<InvalidDataException>(async () => await ConversationBlocks.Read(Blocks(blocks[..^1])).Records.CountAsync(), "the end is missing");
        await Should.ThrowAsync<InvalidDataException>(async () => await ConversationBlocks.Read(Blocks([])).Records.CountAsync());
    }

    [Fact]
    public Task A_damaged_block_is_detected_or_harmless() => Gen.Select(Record.List[1, 20], Gen.Int[0, 10_000], Gen.Byte).SampleAsync(async (records, at, value) =>
    {
        var block = Pack(records)[0];
        block[at % block.Length] = value;
        try
        {
            await ConversationBlocks.Read(Blocks([block])).Records.CountAsync();
        }
        catch (InvalidDataException)
        {
            // The damage was detected.
        }
    });

    private static string Print(ConversationRecord record) => JsonSerializer.Serialize(record, ConversationsJson.Default.ConversationRecord);

    private static List<byte[]> Pack(IEnumerable<ConversationRecord> records)
    {
        using var writer = new ConversationBlocks();
        return [.. records.Select(writer.Add).OfType<byte[]>(), writer.End(Meta)];
    }

    private static IAsyncEnumerable<byte[]> Blocks(IEnumerable<byte[]> blocks) => blocks.ToAsyncEnumerable();
}
