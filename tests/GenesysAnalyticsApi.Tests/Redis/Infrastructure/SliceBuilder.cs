using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Redis.Infrastructure;

/// <summary>Builds slices for tests, including random ones.</summary>
internal static class SliceBuilder
{
    public static readonly Instant Noon = Instant.FromUtc(2026, 11, 23, 12, 0);

    public static readonly SliceKey Key = new(Instant.FromUtc(2026, 11, 1, 0, 0), Duration.FromHours(1), 24, "standard", null);

    private static readonly Gen<double> Figure = Gen.OneOf(
        Gen.Double[-1e9, 1e12], Gen.Double[-1, 1], GenChoice.OneOf(double.NaN, -0.0, double.Epsilon, 1e15));

    /// <summary>A slice with one cell, whose sum identifies the slice.</summary>
    public static CachedSlice With(double sum, int fetchedAfterNoon = 0) => new(
        new AggregateFacts(
            Key.Edges, [new FactSeries("queue-1", "voice")], [new FactColumn { Metric = "tHandle", Cells = [3], Count = [2], Sum = [sum] }]),
        Noon + Duration.FromSeconds(fetchedAfterNoon),
        []);

    public static double SumOf(CachedSlice? slice) => slice.ShouldNotBeNull().Facts.Columns[0].Sum![0];

    public static readonly Gen<CachedSlice> Any = Gen.Select(
        Gen.Int[1, 40], Gen.Select(GenChoice.OneOf("q1", "q2", "Ü|", ""), GenChoice.OneOf("voice", "chat"), GenChoice.OneOf(null, "sms", "voice"), GenChoice.OneOf(null, "inbound")).Array[0, 8], Gen.Int[0, 5], Gen.Long[0, 1L << 60], Gen.Int)
        .Select((buckets, drawn, columns, fetchedAt, refused) => (buckets, Series: SeriesOf(drawn, (Dimensions)(refused & 3)), columns, fetchedAt, refused))
        .SelectMany(one => Column(one.buckets * one.Series.Length).Array[one.columns].Select(drawn => new CachedSlice(
            new AggregateFacts(
                [.. Enumerable.Range(0, one.buckets + 1).Select(i => Noon + Duration.FromMinutes(5 * i))],
                one.Series,
                [.. drawn.DistinctBy(column => column.Metric)]),
            Instant.FromUnixTimeTicks(one.fetchedAt),
            one.refused % 2 == 0 ? [] : ["tAgentResponse", "nOver"])
        {
            RequestedQueues = (one.refused & 6) == 0 ? QueueSet.Of(["q2", "Q1", "Ü|", "q1"]) : QueueSet.Everything,
        }));

    /// <summary>The slice as text, with every bit of the figures, so that NaN equals NaN.</summary>
    public static string TextOf(CachedSlice slice)
    {
        return string.Join('\n', (string[])
        [
            slice.FetchedAt.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture),
            string.Join(' ', slice.RejectedMetrics),
            slice.RequestedQueues.IsEverything ? "everything" : string.Join(' ', slice.RequestedQueues.Ids),
            string.Join(' ', slice.Facts.Edges.Select(edge => edge.ToUnixTimeTicks())),
            string.Join(' ', slice.Facts.Series.Select(series => $"{series.QueueId}/{series.MediaType}/{series.Values?.Set}/{series.Values?[Dimensions.MessageType] ?? "-"}/{series.Values?[Dimensions.Direction] ?? "-"}")),
            .. slice.Facts.Columns.Select(column => string.Join(" / ",
                column.Metric, string.Join(' ', column.Cells), column.Count is null ? "-" : string.Join(' ', column.Count), Bits(column.Sum), Bits(column.Min),
                Bits(column.Max), Bits(column.Numerator), Bits(column.Denominator), Bits(column.Target), Bits(column.P95), Bits(column.P99),
                column.Invalid is null ? "-" : string.Join(' ', column.Invalid))),
        ]);

        static string Bits(double[]? figures) => figures is null ? "-" : string.Join(' ', figures.Select(BitConverter.DoubleToInt64Bits));
    }

    private static ImmutableArray<FactSeries> SeriesOf((string Queue, string Media, string? Type, string? Direction)[] drawn, Dimensions split) =>
        [.. drawn.Select(one => new FactSeries(one.Queue, one.Media, DimensionValues.Of(split, dimension => dimension == Dimensions.MessageType ? one.Type : one.Direction))).Distinct()];

    private static Gen<FactColumn> Column(int maxCells) => Gen.Int[0, maxCells].SelectMany(cells => Gen.Select(
        Gen.Shuffle(Enumerable.Range(0, maxCells).ToArray(), cells), Gen.Long[0, 1L << 49].Array[cells], Figure.Array[cells].Array[8], Gen.Int[0, 511],
        (taken, counts, figures, present) =>
        {
            return new FactColumn
            {
                Metric = $"tMetric{present}",
                Cells = [.. taken.Order()],
                Count = (present & 256) != 0 ? counts : null,
                Sum = Some(0),
                Min = Some(1),
                Max = Some(2),
                Numerator = Some(3),
                Denominator = Some(4),
                Target = Some(5),
                P95 = Some(6),
                P99 = Some(7),
                Invalid = cells > 0 && present % 3 == 1 ? [new InvalidStatistic(cells - 1, (Statistic)(present % 10), $"-{present}")] : null,
            };

            double[]? Some(int statistic) => (present & (1 << statistic)) != 0 ? figures[statistic] : null;
        }));
}
