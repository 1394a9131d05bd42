using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Numerics;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Fetches one slice, for all queues or by the ids of the requested queues. A fetch that is not canceled ends with a result or a failure within
/// <c>Genesys:TotalTimeout</c> and within its call budget. If the slice needs an asynchronous query, a limit based on
/// <c>Genesys:AsyncQueryTimeout</c> applies from the start of that query.
/// </summary>
internal sealed partial class SliceFetcher(
    SliceRequestSplitter splitter, AsyncQueryFetch asynchronous, LearnedSliceSize sizes, QueueSharding sharding, UnsupportedMetrics unsupported, SliceTelemetry telemetry, IOptions<GenesysOptions> options,
    IOptions<AggregatesOptions> limits, TimeProvider clock, ILogger<SliceFetcher> logger)
{
    /// <param name="missingQueues">The queues that the cached slice lacks; null to fetch the whole slice.</param>
    /// <exception cref="OperationCanceledException">Only if <paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<SliceResult> FetchAsync(Slice slice, QueueSet? missingQueues, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var startTimestamp = clock.GetTimestamp();

        // A background refresh and each slice of a job have their own call budget.
        origin = origin.Calls is null ? origin with { Calls = limits.Value.NewCallBudget() } : origin;
        var outcome = await TryFetchAsync(slice, missingQueues ?? sharding.RequestedQueues(slice), origin, cancellationToken);
        telemetry.RecordFetch(outcome.Failure?.Kind, clock.GetElapsedTime(startTimestamp));
        return outcome;
    }

    /// <summary>The requests that would now fetch the slice.</summary>
    /// <param name="missingQueues">The queues that the cached slice lacks; null to fetch the whole slice.</param>
    public IEnumerable<AggregatesRequest> RequestsFor(Slice slice, QueueSet? missingQueues) =>
        from metrics in unsupported.Without(slice) is [_, ..] supported ? [supported] : Array.Empty<ImmutableArray<string>>()
        from ids in IdListsOf(missingQueues ?? sharding.RequestedQueues(slice))
        from edges in sizes.Split(slice)
        select SliceRequestSplitter.RequestOf(slice, edges, metrics, ids);

    /// <summary>The request for the whole slice before splitting. The caller adds the queues.</summary>
    public AggregatesRequest WholeRequestOf(Slice slice) => SliceRequestSplitter.RequestOf(slice, slice.Key.Edges, unsupported.Without(slice), []);

    private async Task<SliceResult> TryFetchAsync(Slice slice, QueueSet requested, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var startedAt = Instant.FromDateTimeOffset(clock.GetUtcNow());
        using var deadline = new FetchDeadline(options.Value.TotalTimeout, nameof(GenesysOptions.TotalTimeout), clock, cancellationToken);
        var fetch = new FetchContext(origin, []);
        try
        {
            var (parts, isAsynchronous) = await FetchPartsAsync(slice, requested, fetch, deadline);
            var facts = FactsMerger.Merge(slice.Key.Edges, [.. parts.Select(part => part.Facts.Of(slice.Metrics.Metrics))]);
            LogInvalid(slice, facts);
            sizes.RecordRowsPerBucket(slice, facts);
            var missing = parts.SelectMany(part => part.Missing).ToHashSet(StringComparer.Ordinal);
            return new SliceResult(slice, facts, parts.Min(part => part.FetchedAt), null, fetch.Total, missing)
            {
                RequestedQueues = !isAsynchronous && fetch.QueueIdLists is { } idLists ? QueueSet.Of(idLists.SelectMany(ids => ids)) : requested,
            };
        }
        catch (GenesysException e)
        {
            Log.SliceFailed(logger, slice.Key.Group, slice.Key.From, slice.Key.To, e.Failure.Kind, e.Failure.CorrelationId);
            return Failed(e.Failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SliceFailed(logger, slice.Key.Group, slice.Key.From, slice.Key.To, GenesysFailureKind.Timeout, null);
            return Failed(deadline.Failure);
        }

        SliceResult Failed(GenesysFailure failure) => new(slice, null, startedAt, failure, fetch.Total, new HashSet<string>());
    }

    private async Task<(ImmutableArray<FetchedPart> Parts, bool IsAsynchronous)> FetchPartsAsync(
        Slice slice, QueueSet requested, FetchContext fetch, FetchDeadline deadline)
    {
        if (asynchronous.ShouldTryFirst(slice.Key) && await FetchAsynchronouslyAsync(slice, requested, fetch, deadline) is { } parts)
        {
            return (parts, true);
        }

        try
        {
            return (requested.IsEverything
                ? await splitter.FetchAllAsync(slice, sizes.Split(slice), fetch, mayHalveOnTimeout: true, tooLargeInARow: 0, deadline.Token)
                : await splitter.FetchByIdsAsync(slice, slice.Key.Edges, IdListsOf(requested), fetch, mayHalveOnTimeout: true, tooLargeInARow: 0, deadline.Token), false);
        }
        catch (GenesysException e) when (e.IsTooLargeAtAnySize)
        {
            asynchronous.RecordNeed(slice.Key);
            if (asynchronous.ReasonAgainst(slice.Key) is { } reason)
            {
                throw new GenesysException(e.Failure with { Message = e.Failure.Message + reason }, e.Calls, e);
            }

            if (await FetchAsynchronouslyAsync(slice, requested, fetch, deadline) is { } asynchronousParts)
            {
                return (asynchronousParts, true);
            }

            throw;
        }
    }

    private async Task<ImmutableArray<FetchedPart>?> FetchAsynchronouslyAsync(Slice slice, QueueSet requested, FetchContext fetch, FetchDeadline deadline)
    {
        deadline.Restart(asynchronous.TimeLimit, nameof(GenesysOptions.AsyncQueryTimeout));
        var parts = await asynchronous.FetchAsync(slice, IdListsOf(requested), fetch, deadline.Token);
        if (parts is null)
        {
            deadline.Restart(options.Value.TotalTimeout, nameof(GenesysOptions.TotalTimeout));
        }

        return parts;
    }

    private static IReadOnlyList<ImmutableArray<string>> IdListsOf(QueueSet requested) => requested.IsEverything ? [[]] : requested.InPieces(QueueSharding.MaxIds);

    private void LogInvalid(Slice slice, AggregateFacts facts)
    {
        if (facts.HasInvalid)
        {
            var metrics = string.Join(", ", facts.Columns.Where(column => column.Invalid is not null).Select(column => InputExcerpt.Of(column.Metric)).Take(10));
            Log.FiguresLeftOut(logger, facts.Columns.Sum(column => column.Invalid?.Length ?? 0), slice.Key.Group, slice.Key.From, slice.Key.To, metrics);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Warning, "Fetching a slice of {Group} metrics from {From} to {To} failed: {Kind} (correlation id {CorrelationId})")]
        public static partial void SliceFailed(ILogger logger, string group, Instant from, Instant to, GenesysFailureKind kind, string? correlationId);

        [LoggerMessage(4006, LogLevel.Warning, "{Count} invalid statistics of {Group} metrics from {From} to {To} were omitted: {Metrics}")]
        public static partial void FiguresLeftOut(ILogger logger, int count, string group, Instant from, Instant to, string metrics);
    }
}

/// <summary>Telemetry of slice fetches.</summary>
internal sealed class SliceTelemetry(ServiceMeter meter)
{
    private readonly Histogram<double> _fetches = meter.Histogram(
        "slice.fetch.duration", "Time to fetch a slice, including waits for leases, retries and split requests.", ServiceMeter.DurationBuckets);

    private readonly Counter<long> _halvings = meter.Counter(
        "slice.halvings", "{question}", "Genesys requests that were split in half and sent again.", "kind", GenesysFailureKind.TooLarge.ToWireName(), GenesysFailureKind.Timeout.ToWireName());

    private readonly Counter<long> _settledChanges = meter.Counter(
        "settled.changes", "{slice}", "Slices of settled data whose figures Genesys has changed.", "group", [.. GenesysMetrics.Groups.Select(group => group.Family), AnsweredWithin.Family]);

    public void RecordFetch(GenesysFailureKind? failure, TimeSpan duration) =>
        _fetches.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", failure is { } kind ? kind.ToWireName() : "fetched"));

    public void RecordHalving(GenesysFailureKind kind) => _halvings.Add(1, new KeyValuePair<string, object?>("kind", kind.ToWireName()));

    public void RecordSettledDataChange(string group) => _settledChanges.Add(1, new KeyValuePair<string, object?>("group", group));
}

/// <summary>
/// The result of requesting a slice: facts, a failure, or both. If there are both, the facts are stale, because fetching new facts failed.
/// </summary>
/// <param name="FetchedAt">When the Genesys request started; the facts contain nothing later.</param>
/// <param name="Calls">The number of Genesys requests that this query sent for the slice, including retries.</param>
/// <param name="RejectedMetrics">Metrics of the group that Genesys rejects; they are missing, not zero.</param>
internal sealed record SliceResult(
    Slice Slice, AggregateFacts? Facts, Instant FetchedAt, GenesysFailure? Failure, int Calls, IReadOnlySet<string> RejectedMetrics)
{
    private static readonly AggregateFacts Nothing = AggregateFacts.Empty([Instant.MinValue]);

    /// <summary>Whether the slice was cached and fresh.</summary>
    public bool IsCached { get; init; }

    /// <summary>The queues that were requested from Genesys.</summary>
    public QueueSet RequestedQueues { get; init; } = QueueSet.Everything;

    /// <summary>Whether the slice was requested by queue ids. The facts then lack queues that the service does not know.</summary>
    public bool HasListedQueuesOnly => Facts is not null && !RequestedQueues.IsEverything;

    /// <summary>The queues of the query that the facts do not cover.</summary>
    public QueueSet Lacking => Facts is null ? QueueSet.None : Slice.NeededQueues.Without(RequestedQueues);

    /// <summary>When the slice must be fetched again.</summary>
    public Instant DueAt { get; init; } = Instant.MaxValue;

    /// <summary>Whether the facts are older than their freshness allows.</summary>
    public bool IsStale => Facts is not null && Failure is not null;

    /// <summary>Whether there are no facts.</summary>
    public bool IsFailed => Facts is null;

    /// <summary>Whether facts are missing for all or some queues of the query.</summary>
    public bool HasGaps => IsFailed || !Lacking.Ids.IsEmpty;

    /// <summary>Returns the result without its facts, to save memory where only the other properties are needed.</summary>
    public SliceResult WithoutFacts() => IsFailed ? this : this with { Facts = Nothing };
}

/// <summary>A slice in the cache.</summary>
/// <param name="FetchedAt">When the Genesys request started. Age and freshness are measured from this time.</param>
/// <param name="RejectedMetrics">Metrics of the group that Genesys rejected; they are missing, not zero.</param>
internal sealed record CachedSlice(AggregateFacts Facts, Instant FetchedAt, ImmutableArray<string> RejectedMetrics)
{
    /// <summary>The queues that were requested from Genesys. The facts of any other queue are missing, not zero.</summary>
    public QueueSet RequestedQueues { get; init; } = QueueSet.Everything;

    /// <summary>The estimated memory in bytes, mostly for the columns. Excludes the names, which all slices share.</summary>
    public long Size => SizeOf(Facts) + (RequestedQueues.Ids.Length * IntPtr.Size);

    /// <summary>Adds the queues that the slice lacks. The result is as old as its oldest part.</summary>
    public CachedSlice With(CachedSlice missing) => new(
        FactsMerger.Merge(Facts.Edges, [Facts, missing.Facts]), Instant.Min(FetchedAt, missing.FetchedAt), [.. RejectedMetrics.Union(missing.RejectedMetrics, StringComparer.Ordinal)])
    {
        RequestedQueues = RequestedQueues.Union(missing.RequestedQueues),
    };

    private static long SizeOf(AggregateFacts facts)
    {
        const int PerArray = 24;
        const int PerInvalidStatistic = 16;
        const int PerValue = 8;
        long bytes = 200 + (facts.Edges.Length * 16) + (facts.Series.Length * 24);
        bytes += facts.Series is [{ Values.Set: var split }, ..] ? facts.Series.Length * (2L * PerArray + (BitOperations.PopCount((uint)split) * PerValue)) : 0;
        foreach (var column in facts.Columns)
        {
            bytes += 120 + PerArray + (column.Cells.Length * sizeof(int));
            bytes += column.Count is null ? 0 : PerArray + (column.Count.Length * sizeof(long));
            foreach (var statistic in new[] { column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target, column.P95, column.P99 })
            {
                bytes += statistic is null ? 0 : PerArray + (statistic.Length * sizeof(double));
            }

            bytes += column.Invalid is null ? 0 : PerArray + (column.Invalid.Length * PerInvalidStatistic);
        }

        return bytes;
    }
}
