using System.Buffers;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Formats;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>Computes records from random facts of two days, for queries with totals or with a comparison of the second day with the first.</summary>
internal static class ShapedRecords
{
    private static readonly QueueDirectorySnapshot Directory =
        QueueBuilder.Directory(QueueBuilder.Known(3, "billing", division: 1), QueueBuilder.Known(2, "Billing", division: 2), QueueBuilder.Known(1, "billing", division: 1));

    private static readonly Instant Midnight = GenFacts.Start + Duration.FromHours(24);

    public static AggregatesQuery Query(Instant from, Instant to, Grouping groupBy, int? bucketHours, bool fill = false) => new()
    {
        Interval = new(from, to, EndsNow: false),
        Now = AggregatesClient.Now,
        Zone = DateTimeZone.Utc,
        GroupBy = groupBy,
        FillZero = fill,
        Granularity = bucketHours is { } hours ? Granularity.All.Single(known => known.Minutes == hours * 60) : null,
        Metrics = ["tHandle", "nOffered"],
    };

    /// <summary>Both days.</summary>
    public static AggregatesQuery Whole(Grouping groupBy, int? bucketHours, bool fill = false) => Query(GenFacts.Start, GenFacts.Start + Duration.FromHours(GenFacts.Hours), groupBy, bucketHours, fill);

    /// <summary>The second day, compared with the first.</summary>
    public static AggregatesQuery SecondDay(Grouping groupBy, int? bucketHours, bool fill = false)
    {
        var query = Query(Midnight, Midnight + Duration.FromHours(24), groupBy, bucketHours, fill);
        return query with { Comparison = Comparison.Resolve("previous", null, query.Interval, query.Zone, query.Granularity, message => throw new InvalidOperationException(message)) };
    }

    public static AggregatesQuery FirstDay(Grouping groupBy, int? bucketHours, bool fill = false) =>
        Query(GenFacts.Start, Midnight, groupBy, bucketHours, fill);

    /// <summary>The records of a query whose facts are cut into slices at random hours and read in random order.</summary>
    public static QueryRecords Of(AggregatesQuery query, IReadOnlyList<FactCell> cells, Random random)
    {
        var (plan, read) = GenFacts.Slices(cells, [random.Next(48), random.Next(48), 24], 1, random);
        var refetched = plan.Windows[random.Next(plan.Windows.Length)].Slice.Key;
        read[refetched] = read[refetched] with { FetchedAt = AggregatesClient.Now };
        plan = Windows(plan, query) with { Previous = query.Comparison is { } comparison ? Windows(plan, query with { Interval = comparison.Interval }) : null };
        var scope = GenFacts.Scope(query.GroupBy, Directory);
        return QueryRecords.Of(
            new LoadedQuery(query, scope.Selection, plan, read, Directory), scope, new HashSet<string>(),
            (part, _) => new BucketStatuses(part, read, query.Zone, AggregatesClient.Settle));
    }

    public static IReadOnlyList<string> Json(RecordList records)
    {
        using var writer = new RecordJsonWriter(records);
        var texts = new List<string>();
        for (var i = 0; i < records.Count; i++)
        {
            var target = new ArrayBufferWriter<byte>();
            writer.Write(target, records[i], records.PreviousOf(i));
            texts.Add(Encoding.UTF8.GetString(target.WrittenSpan));
        }

        return texts;
    }

    private static SlicePlan Windows(SlicePlan plan, AggregatesQuery query)
    {
        var (from, to) = (query.Interval.From, query.Interval.To);
        var windows = plan.Windows.Select(window => window with { From = Instant.Max(window.From, from), To = Instant.Min(window.To, to) }).Where(window => window.From < window.To);
        return new([.. query.Granularity is null ? [from, to] : BucketBoundaries.Edges(from, to, query.Granularity, query.Zone)], [.. windows]);
    }
}
