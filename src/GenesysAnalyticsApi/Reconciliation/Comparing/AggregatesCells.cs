using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>Reads the compared figures from the records of a GET /aggregates result.</summary>
internal static class AggregatesCells
{
    public static Dictionary<CellKey, AggregatesCell> Of(AggregatesResult result, ImmutableArray<Instant> edges)
    {
        var cells = new Dictionary<CellKey, AggregatesCell>(result.Records.Count);
        foreach (var record in result.Records)
        {
            var key = new CellKey(record.Labels.QueueId!, record.Labels.MediaType!, FactsMerger.BucketAt(edges, record.Bucket.Start));
            cells[key] = new AggregatesCell(
                [.. ComparedFigure.All.Select(figure => figure.Of(record.Figures))],
                [.. ComparedFigure.All.Select(figure => figure.EventsOf(record.Figures))])
            {
                IsComplete = record.IsComplete,
            };
        }

        return cells;
    }

    /// <summary>For each bucket, the fetch time of its oldest slice.</summary>
    /// <param name="fallback">The time for a bucket without slices.</param>
    public static ImmutableArray<Instant> ReadTimes(AggregatesResult result, ImmutableArray<Instant> edges, Instant fallback)
    {
        var times = new Instant?[edges.Length - 1];
        foreach (var slice in result.Slices.Where(slice => !slice.IsFailed))
        {
            var (from, to) = (slice.Slice.Key.From, slice.Slice.Key.To);
            for (var bucket = Math.Max(0, FactsMerger.BucketAt(edges, from)); bucket < times.Length && edges[bucket] < to; bucket++)
            {
                times[bucket] = times[bucket] is { } known && known < slice.FetchedAt ? known : slice.FetchedAt;
            }
        }

        return [.. times.Select(time => time ?? fallback)];
    }
}
