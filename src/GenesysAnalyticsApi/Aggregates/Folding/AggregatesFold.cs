using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Folds the facts of slices into rows. Pure and independent of the order of slices. First builds the finest rows, one per queue × media type × bucket ×
/// dimensions of the slices, and then rolls them up to the requested grouping. Merges only additive columns; quotients are computed last, by
/// <see cref="RowArithmetic"/>.
/// </summary>
internal static class AggregatesFold
{
    /// <param name="intervalGroups">The groups of the whole interval, if the plan is a segment of it.</param>
    public static FoldedRows Fold(
        SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes, FoldScope scope, IntervalGroups? intervalGroups = null)
    {
        var finest = new CellRows(plan.Edges.Length - 1, scope, intervalGroups);
        var parts = new List<(AggregateFacts Facts, int[] RowOfCell)>();
        foreach (var window in plan.Windows)
        {
            if (outcomes.TryGetValue(window.Slice.Key, out var outcome) && outcome.Facts is { } facts)
            {
                parts.Add((facts, finest.RowsOf(facts, window, plan.Edges)));
            }
        }

        var columns = Columns(parts, finest.Rows.Count);
        if (plan.Windows.Any(window => window.Slice.Metrics.Family == AnsweredWithin.Family))
        {
            UnfetchedParts.Mark(columns, finest.Rows, plan, outcomes);
        }

        var reportsAnswers = CallbackCoverage.Of(finest.Rows, parts);
        intervalGroups?.AddTo(reportsAnswers);
        var folded = RowRollup.Merge(finest.Rows, columns, reportsAnswers, scope);

        // The list of omitted statistics comes from the finest rows, because only they name the queue. It also lists sums that overflowed in the roll-up.
        var overflowed = Omitted(folded.Columns.Values, folded.Rows).Where(omitted => omitted.Value == StatisticAccumulator.BeyondRange);
        return folded with
        {
            Omitted = [.. Omitted(columns.Values, finest.Rows).Concat(overflowed).Distinct()],
            Filtered = scope.Filters.IsEmpty ? [] : [.. scope.Filters.Select(filter => finest.Rows.Groups.Select(group => group.Values![filter.Dimension]!).ToHashSet(StringComparer.OrdinalIgnoreCase))],
        };
    }

    private static IEnumerable<OmittedStatistic> Omitted(IEnumerable<StatisticAccumulator> columns, RowIndex rows) =>
        columns.SelectMany(column => column.Invalid
            .Where(invalid => invalid.Value != UnfetchedParts.Value)
            .Select(invalid => new OmittedStatistic(rows.RowAt(invalid.Row).Group, column.Metric, invalid.Statistic, invalid.Value)));

    private static Dictionary<string, StatisticAccumulator> Columns(List<(AggregateFacts Facts, int[] RowOfCell)> parts, int rows)
    {
        var columns = new Dictionary<string, StatisticAccumulator>(StringComparer.Ordinal);
        var byMetric = parts
            .SelectMany(part => part.Facts.Columns.Select(column => (column, part.RowOfCell)))
            .GroupBy(pair => pair.column.Metric, StringComparer.Ordinal);
        foreach (var metric in byMetric)
        {
            var folded = new StatisticAccumulator(metric.Key, rows, metric.Select(pair => pair.column));
            foreach (var (column, rowOfCell) in metric)
            {
                folded.Add(column, RowsOf(column.Cells, rowOfCell));
            }

            columns.Add(metric.Key, folded);
        }

        return columns;
    }

    private static int[] RowsOf(int[] cells, int[] rowOfCell)
    {
        if (cells.Length == rowOfCell.Length)
        {
            // Cells are ascending and distinct, so every cell is present.
            return rowOfCell;
        }

        var rows = new int[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            rows[i] = rowOfCell[cells[i]];
        }

        return rows;
    }
}

/// <summary>The series that belong to a response, the grouping of its rows, and the details of the queues.</summary>
/// <param name="Directory">The queues that the caller can see. Null until the queue listing has been read.</param>
internal sealed record FoldScope(
    ResolvedQueues Selection, ImmutableArray<string> MediaTypes, Grouping GroupBy, QueueDirectorySnapshot? Directory)
{
    public FoldScope(AggregatesQuery query, ResolvedQueues selection, QueueDirectorySnapshot? directory)
        : this(selection, query.MediaTypes, query.GroupBy, directory) => Filters =
        [
            .. query.MessageTypes.IsEmpty ? [] : new[] { new DimensionFilter(Dimensions.MessageType, query.MessageTypes) },
            .. query.HasUserFilter ? [new DimensionFilter(Dimensions.User, query.UserIds.Concat(query.HiddenUserIds))] : Array.Empty<DimensionFilter>(),
            .. query.WrapUpCodes.IsEmpty ? [] : new[] { new DimensionFilter(Dimensions.WrapUpCode, query.WrapUpCodes) },
        ];

    private readonly HashSet<string>? _queueIds = Selection.IsEverything ? null : new(Selection.EffectiveIds, StringComparer.OrdinalIgnoreCase);

    private readonly Lazy<Dictionary<string, string?>> _divisionNames = new(() => (Directory?.Queues ?? [])
        .Where(queue => queue.DivisionId is not null)
        .GroupBy(queue => queue.DivisionId!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First().DivisionName, StringComparer.Ordinal));

    /// <summary>A series is included only if it matches all of these filters.</summary>
    public ImmutableArray<DimensionFilter> Filters { get; init; } = [];

    /// <summary>The names of agents and wrap-up codes.</summary>
    public DimensionNames Names { get; init; } = DimensionNames.None;

    public bool Includes(FactSeries series) =>
        (_queueIds is null || _queueIds.Contains(series.QueueId))
        && (MediaTypes.IsEmpty || MediaTypes.Contains(series.MediaType, StringComparer.OrdinalIgnoreCase))
        && (Filters.IsEmpty || Filters.All(filter => filter.Matches(series)));

    public QueueEntry? QueueOf(string id) => Directory?.Find(id);

    public string? DivisionName(string id) => _divisionNames.Value.GetValueOrDefault(id);
}

/// <summary>The names of agents and wrap-up codes. Each is null if its directory is not needed or cannot be read.</summary>
internal sealed record DimensionNames(NameSnapshot? Users, NameSnapshot? WrapUpCodes)
{
    public static readonly DimensionNames None = new(null, null);

    public static readonly Task<DimensionNames> NoneNeeded = Task.FromResult(None);

    /// <summary>The ids of the agents whose names the caller may see; null for all agents.</summary>
    public IReadOnlySet<string>? NamedUsers { get; init; }

    /// <summary>Returns the names restricted to agents that have figures in the selected queues.</summary>
    public DimensionNames RestrictTo(IEnumerable<AggregateFacts> facts, FoldScope scope) => this with
    {
        NamedUsers = facts.SelectMany(part => part.Series).Where(scope.Includes).Select(series => series.Values?[Dimensions.User]).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase),
    };

    public string? NameOf(Dimensions dimension, string? id) => id is null ? null : dimension switch
    {
        Dimensions.User => NamedUsers?.Contains(id) == false ? null : Users?.Find(id)?.Name,
        Dimensions.WrapUpCode => WrapUpCodes?.Find(id)?.Name,
        _ => null,
    };
}

/// <summary>A query with all data from which its response is computed.</summary>
/// <param name="Directory">The queues that the caller can see; null if the directory cannot be read.</param>
internal sealed record LoadedQuery(
    AggregatesQuery Query, ResolvedQueues Selection, SlicePlan Plan, IReadOnlyDictionary<SliceKey, SliceResult> Outcomes, QueueDirectorySnapshot? Directory)
{
    /// <summary>The estimated number of rows from which the response is computed.</summary>
    public int EstimatedRowCount { get; init; }

    /// <summary>The groups of the whole interval, if the plan is a segment of it and its figures depend on them.</summary>
    public IntervalGroups? Groups { get; init; }

    /// <summary>The names of agents and wrap-up codes.</summary>
    public DimensionNames DimensionNames { get; init; } = DimensionNames.None;
}

/// <summary>The buckets of a response as they appear in its records, with their completeness and finality.</summary>
internal sealed class BucketStatuses
{
    private readonly ImmutableArray<BucketStatus> _buckets;
    private readonly SlicePlan _plan;
    private readonly bool _mayLackQueues;

    /// <param name="mayLackQueues">
    /// True if the query covers all queues but parts of it were fetched by queue id, so queues that the service does not know may be missing.
    /// </param>
    /// <param name="keepsQueuesApart">
    /// True if each record belongs to one queue. Existing records can then be final even if other queues are missing.
    /// </param>
    /// <param name="mayChange">True if a metric is missing that Genesys might accept later. No bucket is then final.</param>
    public BucketStatuses(
        SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes, DateTimeZone zone, Duration settle, bool mayLackQueues = false,
        bool keepsQueuesApart = true, bool mayChange = false)
    {
        (_plan, _mayLackQueues) = (plan, mayLackQueues);
        var edges = plan.Edges;
        var (complete, final) = (new bool[edges.Length - 1], new bool[edges.Length - 1]);
        Array.Fill(complete, true);
        Array.Fill(final, !mayChange);
        foreach (var window in plan.Windows)
        {
            var outcome = outcomes[window.Slice.Key];
            var first = Math.Max(0, FactsMerger.BucketAt(edges, window.From));
            for (var bucket = first; bucket < complete.Length && edges[bucket] < window.To; bucket++)
            {
                complete[bucket] &= !outcome.HasGaps;
                final[bucket] &= !outcome.HasGaps && outcome.FetchedAt >= edges[bucket + 1] + settle && (keepsQueuesApart || !mayLackQueues);
            }
        }

        _buckets = [.. Enumerable.Range(0, complete.Length).Select(bucket => new BucketStatus(edges[bucket], edges[bucket + 1], zone, complete[bucket], final[bucket]))];
    }

    public int Count => _buckets.Length;

    /// <summary>True if no part of the response can change, including rows that do not exist yet.</summary>
    public bool AreFinal => !_mayLackQueues && _buckets.All(bucket => bucket.IsFinal);

    /// <summary>False for a bucket without any included time.</summary>
    public bool Includes(int bucket) => _plan.Includes(bucket);

    public BucketStatus this[int bucket] => _buckets[bucket];
}

/// <summary>A bucket as it appears in records. Its strings are formatted once, because many records share the bucket.</summary>
internal sealed class BucketStatus(Instant start, Instant end, DateTimeZone zone, bool isComplete, bool isFinal)
{
    public Instant Start => start;

    public Instant End => end;

    public LocalDateTime LocalStart { get; } = start.InZone(zone).LocalDateTime;

    public string From { get; } = InstantFormat.Print(start);

    public string To { get; } = InstantFormat.Print(end);

    public string LocalFrom { get; } = InstantFormat.PrintLocal(start.InZone(zone).LocalDateTime);

    public bool IsComplete => isComplete;

    public bool IsFinal => isFinal;
}
