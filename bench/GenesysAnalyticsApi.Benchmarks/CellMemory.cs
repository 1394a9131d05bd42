using System.Globalization;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Sharing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>What a cell (queue × media type × bucket × metric) costs in memory once it is in the cache, keys and entries included.</summary>
internal static class CellMemory
{
    private const int Queues = 200;
    private const int Hours = 24;
    private const int Slices = 10;

    public static async Task MeasureAsync()
    {
        var edges = UpstreamAnswers.Edges(Hours);
        var answer = UpstreamAnswers.Write(Queues, edges);
        using var cache = new SliceCache(Options.Create(new CacheOptions { MaxBytes = 1L << 30 }), NullLogger<SliceCache>.Instance);

        // The first one pays for what all share: interned names, pools, the cache itself.
        var said = await KeepAsync(cache, answer, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var slice = 1; slice <= Slices; slice++)
        {
            await KeepAsync(cache, answer, slice);
        }

        var taken = (GC.GetTotalMemory(forceFullCollection: true) - before) / Slices;
        var cells = UpstreamAnswers.Cells(Queues, Hours);
        GC.KeepAlive(cache);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)taken / cells:0.00} bytes a cell (goal: at most 40); a slice of {cells} cells takes {taken} bytes, and says {said} ({(double)said / taken:0.000} of it); the answer it came from has {answer.Length}"));
    }

    private static async Task<long> KeepAsync(SliceCache cache, byte[] answer, int day)
    {
        var from = UpstreamAnswers.Edges(Hours)[0];
        using var body = new MemoryStream(answer);
        var facts = await AggregateFactsReader.ReadAsync(body, UpstreamAnswers.Edges(Hours), CancellationToken.None);
        var slice = new StoredSlice(facts, from + Duration.FromDays(100), []);
        var key = new SliceKey(from + Duration.FromDays(day), Duration.FromHours(1), Hours, MetricCatalog.StandardGroup.Name, null);
        await cache.KeepAsync(key, slice, TimeSpan.FromHours(1), memoryOnly: true);
        return slice.Size;
    }
}
