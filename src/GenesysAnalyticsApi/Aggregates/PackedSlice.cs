using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GenesysAnalyticsApi.Genesys;
using MemoryPack;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>A slice as it lies in Redis. Whoever changes its shape raises <see cref="Version"/>: a roll-out has both at once.</summary>
/// <param name="Stamp">The cache's own time stamp of the entry.</param>
/// <param name="ExpiresAt">When the cache drops it.</param>
/// <param name="Edges">In ticks.</param>
/// <param name="Names">Each queue id and media type once.</param>
/// <param name="Asked">The ids that Genesys was asked for; null for all queues.</param>
/// <param name="Series">For each series the queue's and the media type's place in <paramref name="Names"/>.</param>
[MemoryPackable]
internal sealed partial record PackedSlice(
    long Stamp, long ExpiresAt, long[] Edges, string[] Names, int[] Series, PackedColumn[] Columns, string[] Refused, string[]? Asked)
{
    public const byte Version = 3;

    public static PackedSlice Pack(StoredSlice slice, long stamp, long expiresAt)
    {
        var places = new Dictionary<string, int>();
        var series = slice.Facts.Series.SelectMany(one => new[] { PlaceOf(one.QueueId), PlaceOf(one.MediaType) }).ToArray();
        return new(
            stamp,
            expiresAt,
            [.. slice.Facts.Edges.Select(edge => edge.ToUnixTimeTicks())],
            [.. places.Keys],
            series,
            [.. slice.Facts.Columns.Select(PackedColumn.Pack)],
            [.. slice.Refused],
            slice.Asked.IsEverything ? null : [.. slice.Asked.Ids]);

        int PlaceOf(string name)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, name, out var exists);
            return exists ? place : place = places.Count - 1;
        }
    }

    public StoredSlice Unpack(Instant fetchedAt)
    {
        // Thousands of slices share the names, whether they come from Genesys or from here.
        var names = Array.ConvertAll(Names, string.Intern);
        var series = ImmutableArray.CreateBuilder<FactSeries>(Series.Length / 2);
        for (var i = 0; i < Series.Length; i += 2)
        {
            series.Add(new FactSeries(names[Series[i]], names[Series[i + 1]]));
        }

        return new(
            new AggregateFacts([.. Edges.Select(Instant.FromUnixTimeTicks)], series.MoveToImmutable(), [.. Columns.Select(column => column.Unpack())]),
            fetchedAt,
            [.. Refused])
        {
            Asked = Asked is null ? QueueSet.Everything : QueueSet.Of(Asked.Select(string.Intern)),
        };
    }
}

[MemoryPackable]
internal sealed partial record PackedColumn(
    string Metric, int[] Cells, long[]? Count, double[]? Sum, double[]? Min, double[]? Max,
    double[]? Numerator, double[]? Denominator, double[]? Target, double[]? P95, double[]? P99, PackedOdd[]? Odd)
{
    public static PackedColumn Pack(FactColumn column) => new(
        column.Metric, column.Cells, column.Count, column.Sum, column.Min, column.Max,
        column.Numerator, column.Denominator, column.Target, column.P95, column.P99,
        column.Odd is { } odd ? Array.ConvertAll(odd, one => new PackedOdd(one.Row, (int)one.Statistic, one.Value)) : null);

    public FactColumn Unpack() => new()
    {
        Metric = string.Intern(Metric),
        Cells = Cells,
        Count = Count,
        Sum = Sum,
        Min = Min,
        Max = Max,
        Numerator = Numerator,
        Denominator = Denominator,
        Target = Target,
        P95 = P95,
        P99 = P99,
        Odd = Odd is { } odd ? Array.ConvertAll(odd, one => new OddFigure(one.Row, (Statistic)one.Statistic, one.Value)) : null,
    };
}

[MemoryPackable]
internal sealed partial record PackedOdd(int Row, int Statistic, string Value);
