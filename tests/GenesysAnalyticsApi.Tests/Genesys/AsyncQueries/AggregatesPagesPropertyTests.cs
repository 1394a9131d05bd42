// CsCheck runs each sample synchronously, so no task still uses a disposable object when the sample disposes it.
#pragma warning disable CA2025

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.AsyncQueries;

/// <summary>However a reply is cut into pages, its facts are those of the whole reply.</summary>
public sealed class AggregatesPagesPropertyTests
{
    private static readonly ImmutableArray<Instant> Edges = [.. Enumerable.Range(0, 5).Select(hour => Instant.FromUtc(2026, 1, 1, hour, 0))];

    private static readonly Gen<Cell> Cells = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 1], Gen.Long[0, 1_000_000],
        (queue, media, bucket, metric, qualifier, value) => new Cell(queue, media, bucket, metric, qualifier, value));

    [Fact]
    public void Pages_give_the_facts_of_the_whole_reply() =>
        Gen.Select(Cells.List[0, 60], Gen.Int[1, 8], Gen.Int).Sample(
            (drawn, pageCount, seed) =>
            {
                var cells = drawn.DistinctBy(cell => cell with { Value = 0 }).ToList();
                var random = new Random(seed);
                var pages = Enumerable.Range(0, pageCount).Select(_ => new List<Cell>()).ToList();
                foreach (var cell in cells)
                {
                    pages[random.Next(pageCount)].Add(cell);

                    // Some cells are repeated, possibly on the same page.
                    if (random.Next(4) == 0)
                    {
                        pages[random.Next(pageCount)].Add(cell);
                    }
                }

                FactsText.Of(Read(pages, random)).ShouldBe(FactsText.Of(Whole(cells)));
            },
            iter: 1000);

    private static AggregateFacts Read(IEnumerable<List<Cell>> pages, Random random)
    {
        var request = new AggregatesRequest(Edges, "PT1H", null, ["tMetric0"], null, []);
        var read = new AggregatesPages(request);
        foreach (var page in pages)
        {
            var text = Reply(page);
            if (random.Next(3) == 0)
            {
                // This attempt breaks off and is repeated.
                using var broken = new MemoryStream(Encoding.UTF8.GetBytes(text[..random.Next(text.Length)]));
                Should.Throw<Exception>(() => read.ReadAsync(broken, CancellationToken.None).AsTask().GetAwaiter().GetResult());
            }

            using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
            read.ReadAsync(body, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }

        return read.ToFacts();
    }

    private static AggregateFacts Whole(List<Cell> cells)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(Reply(cells)));
        return AggregatesReplyReader.ReadAsync(body, Edges, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static string Reply(IEnumerable<Cell> cells) => $"{{\"results\":[{string.Join(',', cells.Select(cell => cell.Text))}]}}";

    private sealed record Cell(int Queue, int Media, int Bucket, int Metric, int Qualifier, long Value)
    {
        private string Interval => string.Create(CultureInfo.InvariantCulture, $"2026-01-01T0{Bucket}:00:00.000Z/2026-01-01T0{Bucket + 1}:00:00.000Z");

        private string Stats => string.Create(CultureInfo.InvariantCulture, $"\"count\":{Value + 1},\"sum\":{Value * 3},\"max\":{Value}");

        private string Written => Qualifier == 0 ? "" : ",\"qualifier\":\"x\"";

        public string Text =>
            $$$"""{"group":{"queueId":"q{{{Queue}}}","mediaType":"m{{{Media}}}"},"data":[{"interval":"{{{Interval}}}","metrics":[{"metric":"tMetric{{{Metric}}}"{{{Written}}},"stats":{ {{{Stats}}} }}]}]}""";
    }
}
