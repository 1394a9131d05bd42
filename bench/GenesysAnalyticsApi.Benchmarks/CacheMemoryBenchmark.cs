using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>Measures the memory of a cell (queue × media type × bucket × metric) in the slice cache, with keys and cache entries. Goal: at most 40 bytes.</summary>
internal static class CacheMemoryBenchmark
{
    private const int SliceCount = 10;

    private static readonly ReplyShape Day = ReplyShape.Parse("200 x 3 x 24 x 21");

    public static async Task MeasureAsync()
    {
        var reply = ReplyWriter.Write(Day);
        using var cache = new SliceCache(Options.Create(new CacheStorageOptions { MaxBytes = 1L << 30 }), TimeProvider.System, new LocalSliceReplication());

        // The first slice allocates what all slices share: interned names, pools, the cache itself.
        var reportedSize = await StoreAsync(cache, reply, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var slice = 1; slice <= SliceCount; slice++)
        {
            await StoreAsync(cache, reply, slice);
        }

        var measuredSize = (GC.GetTotalMemory(forceFullCollection: true) - before) / SliceCount;
        var cells = Day.Cells;
        GC.KeepAlive(cache);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)measuredSize / cells:0.00} bytes per cell (goal: at most 40); a slice of {cells} cells takes {measuredSize} bytes and reports a size of {reportedSize} ({(double)reportedSize / measuredSize:0.000} of it); its reply has {reply.Length} bytes"));
    }

    private static async Task<long> StoreAsync(SliceCache cache, byte[] reply, int day)
    {
        var edges = Day.Edges;
        using var body = new MemoryStream(reply);
        var facts = await AggregatesReplyReader.ReadAsync(body, edges, CancellationToken.None);
        var slice = new CachedSlice(facts, edges[0] + Duration.FromDays(100), []);
        var key = new SliceKey(edges[0] + Duration.FromDays(day), Duration.FromHours(1), Day.Hours, GenesysMetrics.StandardGroup.Name, null);
        await cache.StoreAsync(key, slice, TimeSpan.FromHours(1), memoryOnly: true);
        return slice.Size;
    }
}
