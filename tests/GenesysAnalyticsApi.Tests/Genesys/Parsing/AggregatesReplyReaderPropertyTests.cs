// CsCheck runs each sample synchronously, so no task still uses a disposable object when the sample disposes it.
#pragma warning disable CA2025

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Parsing;

/// <summary>Random figures, written as Genesys might write them, with keys and items in any order, survive parsing.</summary>
public sealed class AggregatesReplyReaderPropertyTests
{
    private static readonly ImmutableArray<Instant> Edges = [.. Enumerable.Range(0, 6).Select(hour => Instant.FromUtc(2026, 1, 1, hour, 0))];

    private static readonly Gen<Figure> Figures = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Long[0, 1_000_000], Gen.Double[0, 1e12], Gen.Int[1, 7],
        (queue, media, bucket, metric, count, sum, present) => new Figure(queue, media, bucket, metric, count, sum, present));

    [Fact]
    public void Figures_survive_parsing_in_any_order_of_the_reply() =>
        Gen.Select(Figures.List[0, 60], Gen.Int).Sample(
            (figures, seed) =>
            {
                var written = figures.DistinctBy(one => (one.Queue, one.Media, one.Bucket, one.Metric)).ToList();
                var expected = string.Join('\n', written.Select(one => one.Expected).Order(StringComparer.Ordinal));

                using var body = new PiecewiseStream(Encoding.UTF8.GetBytes(new Writer(new Random(seed)).Write(written)), 1 + (seed & 63));
                var facts = AggregatesReplyReader.ReadAsync(body, Edges, CancellationToken.None).GetAwaiter().GetResult();

                FactsText.Of(facts).ShouldBe(expected);
                facts.Columns.Where(column => !column.Cells.SequenceEqual(column.Cells.Distinct().Order())).ShouldBeEmpty();
                facts.Series.Distinct().Count().ShouldBe(facts.Series.Length);
            },
            iter: 2000);

    internal sealed record Figure(int Queue, int Media, int Bucket, int Metric, long Count, double Sum, int Present)
    {
        private double ExpectedSum => (Present & 2) != 0 ? Sum : double.NaN;

        private double ExpectedMax => (Present & 4) != 0 ? Sum / 2 : double.NaN;

        public string Expected => string.Create(
            CultureInfo.InvariantCulture,
            $"queue-{Queue} {(Media == 0 ? "unknown" : $"media{Media}")} tMetric{Metric} {Bucket} {((Present & 1) != 0 ? Count : ExpectedSum > 0 ? StatisticAccumulator.Unknown : 0)} {ExpectedSum} NaN {ExpectedMax} NaN NaN NaN NaN NaN");

        public IEnumerable<string> Stats()
        {
            string[] all =
            [
                (Present & 1) != 0 ? $"\"count\":{Count}{(Count % 3 == 0 ? ".0" : "")}" : "\"count\":null",
                (Present & 2) != 0 ? string.Create(CultureInfo.InvariantCulture, $"\"sum\":{Sum:R}") : "\"x\":[{\"sum\":1}]",
                (Present & 4) != 0 ? string.Create(CultureInfo.InvariantCulture, $"\"max\":{Sum / 2:R}") : "\"ratio\":0.5",
            ];
            return all;
        }
    }

    private sealed class Writer(Random random)
    {
        public string Write(IEnumerable<Figure> figures)
        {
            var groups = figures.GroupBy(one => (one.Queue, one.Media)).Select(group => Any(Group(group.Key.Queue, group.Key.Media), $"\"data\":{List(Buckets(group))}"));
            return Any($"\"results\":{List(groups)}", "\"other\":{\"results\":[1]}");
        }

        private string Group(int queue, int media) =>
            $"\"group\":{(media == 0 ? Any($"\"queueId\":\"queue-{queue}\"") : Any($"\"queueId\":\"queue-{queue}\"", $"\"mediaType\":\"media{media}\""))}";

        // Occasionally, a bucket is split into two parts.
        private IEnumerable<string> Buckets(IEnumerable<Figure> group) => group
            .GroupBy(one => (one.Bucket, Part: random.Next(8) == 0))
            .Select(bucket => Any(Interval(bucket.Key.Bucket), $"\"metrics\":{List(bucket.Select(Metric))}"));

        private string Metric(Figure one) => Any($"\"metric\":\"tMetric{one.Metric}\"", $"\"stats\":{Any([.. one.Stats()])}", "\"qualifier\":null");

        private static string Interval(int bucket) =>
            $"\"interval\":\"2026-01-01T0{bucket}:00:00.000Z/2026-01-01T0{bucket + 1}:00:00.000Z\"";

        private string Any(params string[] members)
        {
            random.Shuffle(members);
            return $"{{{string.Join(random.Next(2) == 0 ? "," : ",\n ", members)}}}";
        }

        private string List(IEnumerable<string> items)
        {
            var shuffled = items.ToArray();
            random.Shuffle(shuffled);
            return $"[{string.Join(',', shuffled)}]";
        }
    }
}
