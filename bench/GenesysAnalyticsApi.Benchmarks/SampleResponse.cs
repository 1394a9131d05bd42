using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;
using NodaTime;
using AggregatesQuery = GenesysAnalyticsApi.Aggregates.Request.AggregatesQuery;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>An hourly response with named queues, in which every figure is a different random number.</summary>
internal static class SampleResponse
{
    private const int Hours = 100;

    private static readonly Instant From = Instant.FromUtc(2026, 11, 1, 0, 0);

    private static readonly ImmutableArray<Instant> Edges = [.. Enumerable.Range(0, Hours + 1).Select(hour => From + Duration.FromHours(hour))];

    public static ResolvedQuery Query { get; } = new()
    {
        Interval = $"{InstantFormat.Print(Edges[0])}/{InstantFormat.Print(Edges[^1])}",
        Granularity = "PT1H",
        TimeZone = "UTC",
        QueueIds = [],
        MediaTypes = [],
        Direction = null,
        ServiceLevelThresholdMs = null,
        GroupBy = ["queueId", "mediaType"],
    };

    public static ResponseMeta Meta(int rows) => new()
    {
        AsOf = InstantFormat.Print(Edges[^1]),
        Complete = true,
        Final = false,
        Stale = false,
        Source = "genesys",
        Rows = new RowCounts(rows, rows),
        FailedSlices = [],
        Warnings = [],
    };

    public static AggregatesResult Create(int records) => new(Query, Meta(records), CreateRecords(records), [], DirectoryReadAt: null) { Now = Edges[^1], AsOf = Edges[^1] };

    private static RecordList CreateRecords(int records)
    {
        ImmutableArray<FactSeries> series = [.. Enumerable.Range(0, records / Hours).Select(queue => new FactSeries(new Guid(queue + 1, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]).ToString(), "voice"))];
        var directory = new QueueDirectorySnapshot(From, series.Select((one, queue) => new QueueEntry(
            one.QueueId, $"Customer service {queue:0000}", null, null, 3, new Dictionary<string, QueueServiceLevel>(), From, Listed: true)));
        var random = new Random(records);
        var facts = new AggregateFacts(Edges, series, [.. GenesysMetrics.StandardGroup.Metrics.Select(metric => Column(metric, records, random))]);
        var slice = new Slice(new SliceKey(From, Duration.FromHours(1), Hours, GenesysMetrics.StandardGroup.Name, null), FetchGranularity.Hour, null, GenesysMetrics.StandardGroup);
        var plan = new SlicePlan(Edges, [new SliceWindow(slice, Edges[0], Edges[^1])]);
        var read = new Dictionary<SliceKey, SliceResult> { [slice.Key] = new(slice, facts, Edges[^1], null, 1, new HashSet<string>()) };
        var query = new AggregatesQuery { Interval = new(Edges[0], Edges[^1], EndsNow: false), Now = Edges[^1], Zone = DateTimeZone.Utc };
        var scope = new FoldScope(new ResolvedQueues(All: true, [], []), [], query.GroupBy, directory);
        var buckets = new BucketStatuses(plan, read, DateTimeZone.Utc, Duration.FromDays(3));
        return RecordList.Of(AggregatesFold.Fold(plan, read, scope), query, buckets, scope, new HashSet<string>());
    }

    private static FactColumn Column(string metric, int cells, Random random)
    {
        var kind = GenesysMetrics.KindOf(metric);
        var column = new FactColumn { Metric = metric, Cells = [.. Enumerable.Range(0, cells)] };
        return kind switch
        {
            MetricKind.Ratio => column with { Numerator = Numbers(0, 500), Denominator = Numbers(500, 900), Target = [.. Enumerable.Repeat(0.8, cells)] },
            MetricKind.Timer => column with { Count = Counts(), Sum = Numbers(10_000, 50_000_000), Max = Numbers(1_000, 1_000_000) },
            _ => column with { Count = Counts() },
        };

        double[] Numbers(int min, int max) => [.. Enumerable.Range(0, cells).Select(_ => (double)random.Next(min, max + 1))];

        long[] Counts() => [.. Enumerable.Range(0, cells).Select(_ => random.NextInt64(1, 900))];
    }
}
