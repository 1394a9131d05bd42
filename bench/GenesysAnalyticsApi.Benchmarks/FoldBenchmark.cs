using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Queues.Directory;
using NodaTime;
using AggregatesQuery = GenesysAnalyticsApi.Aggregates.Request.AggregatesQuery;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Folds a month of hourly data into sorted records, and compares the time with that of a plain loop that adds up the same cells. Goal: at most
/// three times the time. The data are 30 slices of one day each, with a value for every queue, media type, hour and standard metric.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(BenchmarkConfig))]
public class FoldBenchmark
{
    private const int Days = 30;
    private const int Hours = 24;

    private static readonly ReplyShape Month = new(200, 3, Days * Hours, GenesysMetrics.StandardGroup.Metrics.Count);

    private SlicePlan _plan = null!;
    private AggregatesQuery _query = null!;
    private FoldScope _scope = null!;
    private BucketStatuses _buckets = null!;
    private readonly Dictionary<SliceKey, SliceResult> _read = [];

    [GlobalSetup]
    public async Task ReadSlicesAsync()
    {
        var edges = Month.Edges;
        var windows = ImmutableArray.CreateBuilder<SliceWindow>();
        for (var day = 0; day < Days; day++)
        {
            var dayEdges = edges[(day * Hours)..((day * Hours) + Hours + 1)];
            using var body = new MemoryStream(ReplyWriter.Write(Month, dayEdges));
            var facts = await AggregatesReplyReader.ReadAsync(body, dayEdges, CancellationToken.None);
            var slice = new Slice(new SliceKey(dayEdges[0], Duration.FromHours(1), Hours, GenesysMetrics.StandardGroup.Name, null), FetchGranularity.Hour, null, GenesysMetrics.StandardGroup);
            windows.Add(new SliceWindow(slice, dayEdges[0], dayEdges[^1]));
            _read.Add(slice.Key, new SliceResult(slice, facts, edges[^1] + Duration.FromDays(9), null, 1, new HashSet<string>()));
        }

        _plan = new SlicePlan(edges, windows.ToImmutable());
        _query = new AggregatesQuery { Interval = new(edges[0], edges[^1], EndsNow: false), Now = edges[^1], Zone = DateTimeZone.Utc };
        _scope = new FoldScope(new ResolvedQueues(All: true, [], []), [], _query.GroupBy, null);
        _buckets = new BucketStatuses(_plan, _read, DateTimeZone.Utc, Duration.FromDays(3));
    }

    /// <summary>
    /// The minimum amount of work: adds each cell to its row, with one array for each statistic of a metric. The rows have the same order as the cells,
    /// slice after slice, which is the best case for memory access.
    /// </summary>
    [Benchmark(Baseline = true)]
    public int PlainLoop()
    {
        var metrics = GenesysMetrics.StandardGroup.Metrics.ToDictionary(metric => metric, _ => new PlainColumns(), StringComparer.Ordinal);
        for (var day = 0; day < Days; day++)
        {
            var facts = _read[_plan.Windows[day].Slice.Key].Facts!;
            var cells = facts.Series.Length * Hours;
            foreach (var column in facts.Columns)
            {
                metrics[column.Metric].Add(column, day * cells, Days * cells);
            }
        }

        return metrics.Count;
    }

    [Benchmark]
    public int Fold() => AggregatesFold.Fold(_plan, _read, _scope).Rows.Count;

    [Benchmark]
    public int FoldIntoRecords() => RecordList.Of(AggregatesFold.Fold(_plan, _read, _scope), _query, _buckets, _scope, new HashSet<string>()).Count;
}
