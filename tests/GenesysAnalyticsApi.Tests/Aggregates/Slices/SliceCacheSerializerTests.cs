using CsCheck;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Tests.Redis.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace GenesysAnalyticsApi.Tests.Aggregates.Slices;

public sealed class SliceCacheSerializerTests
{
    private static readonly SliceCacheSerializer Serializer = new(new SharedTime(new GenesysClock(), new FakeTimeProvider(new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero))), NullLogger<SliceCache>.Instance, new LocalSliceReplication());

    [Fact]
    public void Every_slice_survives_a_round_trip() => SliceBuilder.Any.Sample(
        slice =>
        {
            var back = Read(Serializer.Serialize(Entry(slice))).ShouldNotBeNull();

            SliceBuilder.TextOf(back.Value).ShouldBe(SliceBuilder.TextOf(slice));
            (back.Timestamp, back.LogicalExpirationTimestamp, back.Metadata!.Size).ShouldBe((7, 9, back.Value.Size));
            back.Value.Size.ShouldBe(slice.Size);
        },
        iter: 500);

    [Fact]
    public void Strings_are_interned_like_those_of_replies()
    {
        var back = Read(Serializer.Serialize(Entry(SliceBuilder.With(1)))).ShouldNotBeNull().Value;

        ReferenceEquals(back.Facts.Series[0].QueueId, string.Intern("queue-1")).ShouldBeTrue();
        ReferenceEquals(back.Facts.Columns[0].Metric, string.Intern("tHandle")).ShouldBeTrue();
    }

    [Fact]
    public void A_truncated_entry_counts_as_missing()
    {
        var bytes = Serializer.Serialize(Entry(SliceBuilder.With(1)));

        Enumerable.Range(0, bytes.Length).Select(length => Read(bytes[..length])).ShouldAllBe(read => read == null);
    }

    [Fact]
    public void An_entry_with_a_flipped_bit_counts_as_missing()
    {
        var bytes = Serializer.Serialize(Entry(SliceBuilder.With(1)));

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var wrong = bytes.ToArray();
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            Read(wrong).ShouldBeNull();
        }
    }

    [Fact]
    public void Random_bytes_count_as_missing() => Gen.Byte.Array[0, 500].Sample(bytes => Read(bytes) is null);

    [Fact]
    public void An_entry_of_another_version_counts_as_missing()
    {
        var slice = SliceBuilder.With(1);

        Read(VersionedPayload.Write(SliceCacheEntry.Version + 1, slice.FetchedAt, SliceCacheEntry.Pack(slice, 7, 9))).ShouldBeNull();
        Read(VersionedPayload.Write(SliceCacheEntry.Version, slice.FetchedAt, "another shape")).ShouldBeNull();
    }

    [Fact]
    public void The_fetch_time_is_read_from_the_header_alone()
    {
        var bytes = Serializer.Serialize(Entry(SliceBuilder.With(1, fetchedAfterNoon: 5)));

        VersionedPayload.ReadStamp(SliceCacheEntry.Version, bytes.AsSpan(0, VersionedPayload.HeadLength)).ShouldBe(SliceBuilder.Noon + Duration.FromSeconds(5));
        VersionedPayload.ReadStamp(SliceCacheEntry.Version, bytes.AsSpan(0, VersionedPayload.HeadLength - 1)).ShouldBeNull();
    }

    [Fact]
    public void A_key_is_one_short_line()
    {
        SliceBuilder.Key.Text.ShouldBe("s2|standard|-|all|2026-11-01T00:00:00Z|PT1H|24");
        (SliceBuilder.Key with { Direction = "inbound", Step = Duration.FromMinutes(5), BucketCount = 288 }).Text
            .ShouldBe("s2|standard|inbound|all|2026-11-01T00:00:00Z|PT5M|288");
        (SliceBuilder.Key with { Step = Duration.FromHours(25), BucketCount = 1 }).Text.ShouldBe("s2|standard|-|all|2026-11-01T00:00:00Z|P1DT1H|1");
        (SliceBuilder.Key with { Dimensions = Dimensions.Direction }).Text.ShouldBe("s2|standard|-|all|2026-11-01T00:00:00Z|PT1H|24|direction");
        (SliceBuilder.Key with { Dimensions = Dimensions.MessageType | Dimensions.Direction, Scope = "1/2" }).Text.ShouldBe("s2|standard|-|1/2|2026-11-01T00:00:00Z|PT1H|24|messageType,direction");
    }

    /// <summary>Replicas of an older version can still read slices without a split.</summary>
    [Fact]
    public void Only_a_split_changes_how_series_are_stored()
    {
        var split = new DimensionValues(Dimensions.MessageType | Dimensions.Direction, [null, "inbound"]);
        var slice = SliceBuilder.With(1);

        SliceCacheEntry.Pack(slice, 7, 9).Series.ShouldBe([0, 1]);
        SliceCacheEntry.Pack(slice with { Facts = slice.Facts with { Series = [new("q", "voice", split), new("r", "voice", split)] } }, 7, 9).Series.ShouldBe([-3, 0, 1, -1, 2, 3, 1, -1, 2]);
    }

    private static FusionCacheDistributedEntry<CachedSlice> Entry(CachedSlice slice) => new(slice, 7, 9, null, null);

    private static FusionCacheDistributedEntry<CachedSlice>? Read(byte[] bytes) =>
        Serializer.Deserialize<FusionCacheDistributedEntry<CachedSlice>>(bytes);
}
