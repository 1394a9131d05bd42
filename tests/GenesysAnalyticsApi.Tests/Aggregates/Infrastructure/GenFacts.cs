using System.Collections.Immutable;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>The statistics of one metric in one hour of one series. A statistic that Genesys omits is null.</summary>
internal sealed record FactCell(FactSeries Series, int Hour, string Metric)
{
    public long? Count { get; init; }

    public double? Sum { get; init; }

    public double? Max { get; init; }

    public double? Numerator { get; init; }

    public double? Target { get; init; }

    public double? P95 { get; init; }
}

/// <summary>Random facts of two days by the hour, and the slices, plans and scopes to fold them.</summary>
internal static class GenFacts
{
    public const int Hours = 48;

    public static readonly Instant Start = Instant.FromUtc(2026, 11, 10, 0, 0);

    private static readonly string[] Metrics = ["nOffered", "tAnswered", "tAbandon", "tHandle", "oServiceLevel", "nConversations", "oServiceTarget", AnsweredWithin.Column];

    private static readonly string[] Media = ["voice", "callback", "chat"];

    public static readonly Gen<FactCell> Cell =
        from place in Gen.Select(Gen.Int[1, 4], GenChoice.OneOf(Media), Gen.Frequency((1, Gen.Int[0, 2]), (1, Gen.Int[0, Hours - 1])), GenChoice.OneOf(Metrics))
        from has in Gen.Int[0, 63]
        from numbers in Gen.Select(Gen.Long[0, 5], Gen.Long[0, 1_000_000], Gen.Int[0, 3])
        select new FactCell(new FactSeries(QueueBuilder.Id(place.Item1), place.Item2), place.Item3, place.Item4)
        {
            Count = (has & 1) != 0 ? numbers.Item1 : null,
            Sum = (has & 2) != 0 ? numbers.Item2 : null,
            Max = (has & 4) != 0 ? numbers.Item3 : null,
            Numerator = (has & 8) != 0 ? numbers.Item1 : null,
            Target = (has & 16) != 0 ? 0.7 + (numbers.Item3 / 10.0) : null,
            P95 = (has & 32) != 0 ? numbers.Item3 : null,
        };

    public static readonly Gen<FactCell[]> Cells = Cell.List[0, 80].Select(cells => cells.DistinctBy(cell => (cell.Series, cell.Hour, cell.Metric)).ToArray());

    public static ImmutableArray<Instant> Edges(int from, int to, int step = 1) =>
        [.. Enumerable.Range(0, ((to - from) / step) + 1).Select(i => Start + Duration.FromHours(from + (i * step)))];

    /// <summary>The cells of the hours from–to as the gateway would return them.</summary>
    public static AggregateFacts Facts(IEnumerable<FactCell> cells, int from = 0, int to = Hours)
    {
        var inside = cells.Where(cell => cell.Hour >= from && cell.Hour < to).ToList();
        var series = inside.Select(cell => cell.Series).Distinct().ToImmutableArray();
        var columns = inside
            .GroupBy(cell => cell.Metric)
            .Select(metric => Column(metric.Key, [.. metric.OrderBy(CellOf)], CellOf));
        return new AggregateFacts(Edges(from, to), series, [.. columns]);

        int CellOf(FactCell cell) => (series.IndexOf(cell.Series) * (to - from)) + cell.Hour - from;
    }

    /// <summary>A plan with buckets of the given number of hours, and its slices, which are cut at the given hours.</summary>
    public static (SlicePlan Plan, Dictionary<SliceKey, SliceResult> Read) Slices(IReadOnlyList<FactCell> cells, int[] cuts, int bucketHours, Random random)
    {
        int[] at = [0, .. cuts.Where(cut => cut is > 0 and < Hours).Distinct().Order(), Hours];
        var windows = at.Zip(at.Skip(1)).Select(part => new SliceWindow(
            new Slice(new SliceKey(Start + Duration.FromHours(part.First), Duration.FromHours(1), part.Second - part.First, "standard", null), FetchGranularity.Hour, null, GenesysMetrics.StandardGroup),
            Start + Duration.FromHours(part.First),
            Start + Duration.FromHours(part.Second))).ToArray();
        var read = windows.Zip(at).ToDictionary(window => window.First.Slice.Key, window => new SliceResult(
            window.First.Slice, Facts(Shuffled(cells, random), window.Second, window.Second + window.First.Slice.Key.BucketCount), Start + Duration.FromDays(9), null, 1, new HashSet<string>()));
        random.Shuffle(windows);
        return (new SlicePlan(Edges(0, Hours, bucketHours), [.. windows]), read);
    }

    public static FoldScope Scope(Grouping groupBy, QueueDirectorySnapshot? directory = null, params string[] queueIds) =>
        new(new ResolvedQueues(queueIds is [], [.. queueIds], []), [], groupBy, directory);

    public static T[] Shuffled<T>(IEnumerable<T> items, Random random)
    {
        var shuffled = items.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static FactColumn Column(string metric, FactCell[] cells, Func<FactCell, int> cellOf) => new()
    {
        Metric = metric,
        Cells = [.. cells.Select(cellOf)],
        Count = Array.Exists(cells, cell => cell.Count is not null) ? [.. cells.Select(cell => cell.Count ?? 0)] : null,
        Sum = Doubles(cells, cell => cell.Sum),
        Max = Doubles(cells, cell => cell.Max),
        Min = Doubles(cells, cell => -cell.Max),
        Numerator = Doubles(cells, cell => cell.Numerator),
        Denominator = Doubles(cells, cell => cell.Numerator * 2),
        Target = Doubles(cells, cell => cell.Target),
        P95 = Doubles(cells, cell => cell.P95),
    };

    private static double[]? Doubles(FactCell[] cells, Func<FactCell, double?> value) =>
        Array.Exists(cells, cell => value(cell) is not null) ? [.. cells.Select(cell => value(cell) ?? double.NaN)] : null;
}
