// CsCheck runs each sample synchronously, so no task still uses a disposable object when the sample disposes it.
#pragma warning disable CA2025

using System.Globalization;
using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Genesys.Parsing;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Facts;

/// <summary>
/// Properties of parsing and merging, for reply texts with invalid figures, missing statistics, qualifiers and repeated cells. Merged slices
/// equal one request for the whole interval, in any order.
/// </summary>
public sealed class FactsRoundTripTests
{
    private static readonly string[] Counts = ["0", "1", "3", "\"4\"", "-1", "2.5", "NaN", "\"x\"", "9007199254740991", "null"];
    private static readonly string[] Sums = ["0", "7", "20", "-3", "1e999", "[]", "9007199254740991", "null"];
    private static readonly string[] Targets = ["0.8", "0.8", "0.7", "80", "null"];

    private static readonly Gen<Written> Cell = Gen.Select(
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 3], GenChoice.OneOf("tHandle", "nOffered", "oServiceLevel", "nConversations"), Gen.Int[0, 2]),
        Gen.Select(GenChoice.OneOf(Counts), GenChoice.OneOf(Sums), GenChoice.OneOf(Counts), GenChoice.OneOf(Counts), GenChoice.OneOf(Targets)),
        (place, stats) => new Written(
            place.Item1, place.Item2, place.Item3, place.Item4,
            $$"""{"count":{{stats.Item1}},"sum":{{stats.Item2}},"max":{{stats.Item2}},"numerator":{{stats.Item3}},"denominator":{{stats.Item4}},"target":{{stats.Item5}}}"""));

    // Each cell and qualifier once; a few of them are then sent twice.
    private static readonly Gen<Written[]> Cells = Cell.List[0, 40].Select(cells => cells.DistinctBy(cell => (cell.Queue, cell.Hour, cell.Metric, cell.Qualifier)).ToArray());

    [Fact]
    public void Merged_slices_equal_one_request_in_any_order() =>
        Gen.Select(Cells, Gen.Int[1, 3], Gen.Int).Sample(
            (cells, cut, seed) =>
            {
                var random = new Random(seed);
                var whole = Read(cells, 0, 4, random);
                AggregateFacts[] parts = [Read(cells, 0, cut, random), Read(cells, cut, 4, random)];

                var merged = FactsMerger.Merge(GenFacts.Edges(0, 4), GenFacts.Shuffled(parts, random));
                Text(merged).ShouldBe(Text(FactsMerger.Merge(GenFacts.Edges(0, 4), [Read(cells, 0, 4, random), AggregateFacts.Empty(GenFacts.Edges(0, 4))])));

                // The four hours as one bucket, computed from the hours, from the slices, and from a slice that was already merged.
                var total = Text(FactsMerger.Merge(GenFacts.Edges(0, 4, 4), [whole]));
                Text(FactsMerger.Merge(GenFacts.Edges(0, 4, 4), GenFacts.Shuffled(parts, random))).ShouldBe(total);
                Text(FactsMerger.Merge(GenFacts.Edges(0, 4, 4), [merged])).ShouldBe(total);
            },
            iter: 1_500);

    [Fact]
    public void Sums_are_never_negative_and_inexact_sums_are_marked() =>
        Cells.Sample(
            cells =>
            {
                foreach (var column in FactsMerger.Merge(GenFacts.Edges(0, 4, 4), [Read(cells, 0, 4, new Random(1))]).Columns)
                {
                    // The service treats an infinite value in Redis as corrupt, so none must arise here.
                    new[] { column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target }.OfType<double[]>().SelectMany(all => all).ShouldNotContain(one => double.IsInfinity(one));
                    (column.Count ?? []).ShouldAllBe(count => count >= StatisticAccumulator.Unknown);
                    (column.Sum ?? []).ShouldAllBe(sum => sum >= StatisticAccumulator.Unknown && sum <= Statistics.Largest);
                    (column.Denominator ?? []).ShouldAllBe(part => part >= StatisticAccumulator.Unknown && part <= Statistics.Largest);
                }
            },
            iter: 500);

    private static AggregateFacts Read(IEnumerable<Written> cells, int from, int to, Random random)
    {
        var sent = cells.Where(cell => cell.Hour >= from && cell.Hour < to).SelectMany(cell => Enumerable.Repeat(cell.Result, random.Next(8) == 0 ? 2 : 1));
        using var body = new PiecewiseStream(Encoding.UTF8.GetBytes($$"""{"results":[{{string.Join(',', GenFacts.Shuffled(sent, random))}}]}"""), random.Next(1, 500));
        return AggregatesReplyReader.ReadAsync(body, GenFacts.Edges(from, to), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The part of the facts that a record can show.</summary>
    private static string Text(AggregateFacts facts) => string.Join('\n', facts.Columns
        .SelectMany(column =>
        {
            var stats = new StatisticAccumulator(column.Metric, column.Cells.Length, [column]);
            stats.Add(column, [.. Enumerable.Range(0, column.Cells.Length)]);
            return column.Cells.Select((cell, row) => string.Create(
                CultureInfo.InvariantCulture,
                $"{facts.Series[cell / facts.BucketCount].QueueId} {cell % facts.BucketCount} {column.Metric} {stats.Count?[row] ?? 0} {stats.Sum?[row] ?? 0} {stats.Numerator?[row] ?? 0} {stats.Denominator?[row] ?? 0} {StatisticAccumulator.Known(stats.Max, row)} {StatisticAccumulator.Known(stats.Target, row)} {InvalidOf(stats, row)}"));
        })
        .Order(StringComparer.Ordinal));

    /// <summary>
    /// The statistics that are marked as invalid, except unknown ones. Those are null in a record in any case, and the order of the parts decides whether
    /// they are marked.
    /// </summary>
    private static string InvalidOf(StatisticAccumulator stats, int row)
    {
        return string.Join(',', Enum.GetValues<Statistic>().Where(statistic => stats.IsInvalid(row, statistic) && !IsUnknown(statistic)));

        bool IsUnknown(Statistic statistic) => statistic switch
        {
            Statistic.Count => stats.Count?[row] == StatisticAccumulator.Unknown,
            Statistic.Sum => double.IsInfinity(stats.Sum?[row] ?? 0),
            Statistic.Numerator => double.IsInfinity(stats.Numerator?[row] ?? 0),
            Statistic.Denominator => double.IsInfinity(stats.Denominator?[row] ?? 0),
            _ => false,
        };
    }

    private sealed record Written(int Queue, int Hour, string Metric, int Qualifier, string Stats)
    {
        public string Result
        {
            get
            {
                var start = GenFacts.Start + NodaTime.Duration.FromHours(Hour);
                var qualifier = Qualifier == 0 ? "" : $"\"qualifier\":\"{Qualifier}\",";
                return $$"""{"group":{"queueId":"q{{Queue}}","mediaType":"voice"},"data":[{"interval":"{{start}}/{{start + NodaTime.Duration.FromHours(1)}}","metrics":[{{{qualifier}}"metric":"{{Metric}}","stats":{{Stats}}}]}]}""";
            }
        }
    }
}
