using CsCheck;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Redis.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Slices in Redis with a valid checksum but contents that no replica would write.</summary>
public sealed class CorruptSliceTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly (LogLevel, int) Invalid = (LogLevel.Warning, 5003);
    // It never expires, because the cache would skip an expired entry before checking it.
    private static readonly SliceCacheEntry Valid = SliceCacheEntry.Pack(SliceBuilder.With(1), stamp: 7, expiresAt: DateTimeOffset.MaxValue.Ticks);
    private static readonly FactColumn Column = Valid.Columns[0];

    private static readonly Dictionary<string, SliceCacheEntry> Broken = new()
    {
        ["no edges"] = Valid with { Edges = null! },
        ["no names"] = Valid with { Names = null! },
        ["no series"] = Valid with { Series = null! },
        ["no columns"] = Valid with { Columns = null! },
        ["no refused metrics"] = Valid with { RejectedMetrics = null! },
        ["a name is null"] = Valid with { Names = ["queue-1", null!] },
        ["a name is too long"] = Valid with { Names = ["queue-1", new string('x', 10_000)] },
        ["a refused metric is null"] = Valid with { RejectedMetrics = [null!] },
        ["a column is null"] = Valid with { Columns = [null!] },
        ["a metric is null"] = Valid with { Columns = [Column with { Metric = null! }] },
        ["a duplicate metric"] = Valid with { Columns = [Column, Column] },
        ["one edge"] = Valid with { Edges = Valid.Edges[..1] },
        ["descending edges"] = Valid with { Edges = [.. Valid.Edges.Reverse()] },
        ["one edge too few"] = Valid with { Edges = Valid.Edges[..^1] },
        ["edges of another hour"] = Valid with { Edges = [.. Valid.Edges.Select(edge => edge + NodaConstants.TicksPerHour)] },
        ["a moved edge"] = Valid with { Edges = [Valid.Edges[0], Valid.Edges[1] + 1, .. Valid.Edges[2..]] },
        ["an edge out of range"] = Valid with { Edges = [.. Valid.Edges[..^1], long.MaxValue] },
        ["an edge before the range"] = Valid with { Edges = [long.MinValue, .. Valid.Edges[1..]] },
        ["half a series"] = Valid with { Series = [0] },
        ["a series beyond the names"] = Valid with { Series = [0, 2] },
        ["a negative series"] = Valid with { Series = [-1, 1] },
        ["a duplicate series"] = Valid with { Series = [0, 1, 0, 1] },
        ["a split by an unknown dimension"] = Valid with { Series = [-4, 0, 1, 1] },
        ["a split without its values"] = Valid with { Series = [-1, 0, 1] },
        ["a split of another key"] = Valid with { Series = [-1, 0, 1, 1] },
        ["a value beyond the names"] = Valid with { Series = [-1, 0, 1, 2] },
        ["a duplicate series of a split"] = Valid with { Series = [-2, 0, 1, -1, 0, 1, -1] },
        ["no cells"] = Valid with { Columns = [Column with { Cells = null! }] },
        ["a cell beyond the buckets"] = Valid with { Columns = [Column with { Cells = [24] }] },
        ["a negative cell"] = Valid with { Columns = [Column with { Cells = [-1] }] },
        ["a duplicate cell"] = Valid with { Columns = [Column with { Cells = [3, 3], Count = [2, 2], Sum = [1, 1] }] },
        ["too many counts"] = Valid with { Columns = [Column with { Count = [2, 2] }] },
        ["too few sums"] = Valid with { Columns = [Column with { Sum = [] }] },
        ["a negative count"] = Valid with { Columns = [Column with { Count = [-2] }] },
        ["a count that overflows"] = Valid with { Columns = [Column with { Count = [long.MaxValue] }] },
        ["a requested id is null"] = Valid with { RequestedQueues = [null!] },
        ["an invalid statistic beyond the cells"] = Valid with { Columns = [Column with { Invalid = [new InvalidStatistic(1, Statistic.Sum, "-1")] }] },
        ["an invalid statistic without its value"] = Valid with { Columns = [Column with { Invalid = [new InvalidStatistic(0, Statistic.Sum, null!)] }] },
        ["an invalid statistic of an unknown kind"] = Valid with { Columns = [Column with { Invalid = [new InvalidStatistic(0, (Statistic)99, "-1")] }] },
        ["an infinite sum"] = Valid with { Columns = [Column with { Sum = [double.PositiveInfinity] }] },
        ["a sum that overflows"] = Valid with { Columns = [Column with { Sum = [double.MaxValue] }] },
        ["a time out of range"] = Valid with { ExpiresAt = long.MaxValue },
        ["a negative time"] = Valid with { Stamp = -1 },
    };

    public static TheoryData<string> Faults => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_corrupt_slice_is_discarded_logged_once_and_replaced(string fault)
    {
        using var server = RedisServer.Start(RedisServer.Software[^1]);
        await using var replica = await Replica.ConnectedAsync(server);
        await using var other = await Replica.ConnectedAsync(server);
        var name = replica.Keys.Of("slice") + SliceBuilder.Key.Text;
        // Its time is newer than that of any valid slice, but it must not prevent one from being stored.
        await replica.Redis.Database!.StringSetAsync(name, VersionedPayload.Write(SliceCacheEntry.Version, SliceBuilder.Noon + Duration.FromMinutes(10), Broken[fault]));

        (await replica.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBeNull();
        (await replica.Slices.FindSharedAsync(SliceBuilder.Key, QueueSet.None, Never)).ShouldBeNull();
        replica.Slices.FindInMemory(SliceBuilder.Key).ShouldBeNull();
        replica.Log.ShouldBe([Invalid]);

        await replica.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2), Week, memoryOnly: false);
        SliceBuilder.SumOf(replica.Slices.FindInMemory(SliceBuilder.Key)).ShouldBe(2);
        SliceBuilder.SumOf(await other.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBe(2);
        (replica.Log.Count, other.Log.Count).ShouldBe((1, 0));
    }

    [Theory, EachRedis]
    public async Task A_key_of_another_type_counts_as_missing_and_is_replaced(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        await using var other = await Replica.ConnectedAsync(server);
        for (var kind = 0; kind < 4; kind++)
        {
            var key = SliceBuilder.Key with { Group = $"group-{kind}" };
            await CorruptedRedis.OfAnotherTypeAsync(replica.Redis.Database!, replica.Keys.Of("slice") + key.Text, kind);

            (await replica.Slices.FindAsync(key, Never)).ShouldBeNull();
            await replica.Slices.StoreAsync(key, SliceBuilder.With(2), Week, memoryOnly: false);

            SliceBuilder.SumOf(await other.Slices.FindAsync(key, Never)).ShouldBe(2);
        }

        // Logged once, however many invalid keys there are.
        replica.Log.Count(line => line.Id == 5002).ShouldBe(1);
    }

    /// <summary>Every accepted value is a consistent slice with serializable figures.</summary>
    [Fact]
    public void A_mutated_slice_is_consistent_or_missing()
    {
        var serializer = new SliceCacheSerializer(new SharedTime(new GenesysClock(), new FakeTimeProvider(new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero))), NullLogger<SliceCache>.Instance, new LocalSliceReplication());
        SliceBuilder.Any.SelectMany(slice => CorruptedRedis.Mutation(serializer.Serialize(new FusionCacheDistributedEntry<CachedSlice>(slice, 7, 9, null, null)))).Sample(
            bytes =>
            {
                if (serializer.Deserialize<FusionCacheDistributedEntry<CachedSlice>>(bytes)?.Value.Facts is { } facts)
                {
                    facts.Edges.ShouldBe(facts.Edges.Order().Distinct());
                    facts.Series.ShouldBeUnique();
                    facts.Series.Where(series => series.QueueId is null || series.MediaType is null).ShouldBeEmpty();
                    foreach (var column in facts.Columns)
                    {
                        column.Cells.ShouldBe(column.Cells.Order().Distinct());
                        column.Cells.Where(cell => cell < 0 || cell >= facts.Series.Length * facts.BucketCount).ShouldBeEmpty();
                        (column.Count?.Length ?? column.Cells.Length).ShouldBe(column.Cells.Length);
                        double[]?[] figures = [column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target, column.P95, column.P99];
                        figures.OfType<double[]>().Where(statistic => statistic.Length != column.Cells.Length || statistic.Any(double.IsInfinity)).ShouldBeEmpty();
                    }
                }
            },
            iter: 3_000);
    }
}
