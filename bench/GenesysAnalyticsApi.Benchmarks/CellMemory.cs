using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>What a cell (queue × media type × bucket × metric) costs in memory once it is in the cache, keys and entries included.</summary>
internal static class CellMemory
{
    private const int Slices = 10;

    private static readonly AnswerShape Day = AnswerShape.Parse("200 x 3 x 24 x 21");

    public static async Task MeasureAsync()
    {
        var answer = UpstreamAnswers.Write(Day);
        using var cache = new SliceCache(Options.Create(new CacheOptions { MaxBytes = 1L << 30 }), TimeProvider.System, new LocalSliceReplication());

        // The first one pays for what all share: interned names, pools, the cache itself.
        var said = await KeepAsync(cache, answer, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var slice = 1; slice <= Slices; slice++)
        {
            await KeepAsync(cache, answer, slice);
        }

        var taken = (GC.GetTotalMemory(forceFullCollection: true) - before) / Slices;
        var cells = Day.Cells;
        GC.KeepAlive(cache);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)taken / cells:0.00} bytes a cell (goal: at most 40); a slice of {cells} cells takes {taken} bytes, and says {said} ({(double)said / taken:0.000} of it); the answer it came from has {answer.Length}"));
    }

    private static async Task<long> KeepAsync(SliceCache cache, byte[] answer, int day)
    {
        var edges = Day.Edges;
        using var body = new MemoryStream(answer);
        var facts = await AggregatesReplyReader.ReadAsync(body, edges, CancellationToken.None);
        var slice = new CachedSlice(facts, edges[0] + Duration.FromDays(100), []);
        var key = new SliceKey(edges[0] + Duration.FromDays(day), Duration.FromHours(1), Day.Hours, MetricCatalog.StandardGroup.Name, null);
        await cache.StoreAsync(key, slice, TimeSpan.FromHours(1), memoryOnly: true);
        return slice.Size;
    }
}
