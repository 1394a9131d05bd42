using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Runs a query: resolves queues, selects a plan, checks limits, reads slices, folds facts and builds the result.</summary>
internal sealed class AggregatesService(
    QueueDirectory directory, DimensionNameReader dimensions, SliceStore slices, SliceReader reader, QueryExplainer explainer, PlanSelector plans, QueryLimits limits,
    IOptions<AggregatesOptions> options, IOptions<GenesysOptions> genesys, TimeProvider clock)
{
    /// <summary>Returns the plan without executing it, and without requesting figures from Genesys.</summary>
    public async Task<ExplainedPlan> ExplainAsync(AggregatesQuery query, Caller caller, WorkSlot slot, CancellationToken cancellationToken)
    {
        limits.CheckInterval(query);
        using var deadline = NewDeadline(cancellationToken);
        query = query.IsAboutAgents ? await dimensions.ResolveUsersAsync(query, caller.Visibility, slot, deadline) : query;
        var visible = await VisibleQueuesAsync(caller.Visibility, isNeeded: false, slot, deadline);
        var selection = QueueResolver.Resolve(query.QueueIds, query.QueueNames, query.DivisionIds, visible, caller.Visibility);
        var plan = await plans.ChooseAsync(query, selection, IsFreshAsync);
        return await explainer.ExplainAsync(DescribeQuery(query, selection), [.. SelectionWarnings.Of(query, selection)], plan, query.MaxAge, selection, caller.Visibility, cancellationToken);

        Task<bool> IsFreshAsync(Slice slice) => slices.IsFreshAsync(slice, null, query.MaxAge, cancellationToken);
    }

    /// <summary>Whether every slice of the query is cached and new enough. The query then needs no Genesys request for figures.</summary>
    public async Task<bool> IsCachedAsync(PlannedQuery planned, CancellationToken cancellationToken)
    {
        foreach (var slice in planned.Plan.Slices)
        {
            if (!await slices.IsFreshAsync(slice, planned.Query.JobCreatedAt, planned.Query.MaxAge, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Creates the deadline of a query, or of a later segment of its response.</summary>
    public RequestDeadline NewDeadline(CancellationToken cancellationToken) => new(options.Value.Timeout, clock, cancellationToken);

    /// <summary>Resolves queues and agents, selects a plan and checks its limits, without requesting figures from Genesys.</summary>
    /// <exception cref="ProblemException">The query is too large or too wide, or a queue or agent is unknown or ambiguous.</exception>
    /// <exception cref="GenesysException">The query cannot be resolved without a directory that cannot be read.</exception>
    public async Task<PlannedQuery> PlanAsync(AggregatesQuery query, Caller caller, WorkSlot slot, RequestDeadline deadline, CancellationToken cancellationToken)
    {
        limits.CheckInterval(query);
        query = query.IsAboutAgents ? await dimensions.ResolveUsersAsync(query, caller.Visibility, slot, deadline) : query;
        // The directory is needed before the fetch to resolve queue names and divisions, to group by division, and for some callers to determine the queues
        // that they can see. The names in the response can be read during the fetch.
        var needsDirectory = query.QueueNames.Length > 0 || query.DivisionIds.Length > 0 || query.GroupBy.HasFlag(Grouping.Division);
        var visible = await VisibleQueuesAsync(caller.Visibility, needsDirectory, slot, deadline);
        var selection = QueueResolver.Resolve(query.QueueIds, query.QueueNames, query.DivisionIds, visible, caller.Visibility);
        var plan = await plans.ChooseAsync(query, selection, IsFreshAsync);
        limits.CheckRows(query, plan, selection);
        if (query.JobCreatedAt is null)
        {
            await limits.CheckPlanAsync(query, plan, caller.Visibility, IsFreshAsync);
        }

        var queueNames = visible is null ? QueueNamesAsync(caller.Visibility, slot, deadline.Token) : Task.FromResult<QueueDirectorySnapshot?>(visible);

        // Before the first reply, the number of queues is the best estimate of the rows.
        var isGuess = query.IsSegmented && selection.IsEverything && limits.LearnedRows(query) == 0;
        var rowsPerBucket = limits.EstimateRowsPerBucket(query, selection, assumedQueues: isGuess ? (await queueNames)?.Queues.Count ?? 1 : 1);
        // A request for the result of a job might have to fetch slices again. Like the job, it uses background priority, because the slices can cover a year.
        var isOfJob = query.JobCreatedAt is not null;
        var origin = caller.Origin with { Calls = isOfJob ? null : options.Value.NewCallBudget(), IsBackground = isOfJob || caller.Origin.IsBackground, IsForJob = isOfJob };
        var context = new SliceReadContext(query.JobCreatedAt ?? Instant.FromDateTimeOffset(clock.GetUtcNow()), query.MaxAge, origin, slot);
        return new PlannedQuery(query, selection, plan, queueNames, context)
        {
            PendingDimensionNames = query.Dimensions == Dimensions.None ? DimensionNames.NoneNeeded : dimensions.NamesAsync(query, slot, deadline.Token),
            RowsPerBucket = rowsPerBucket,
            IsSegmented = query.IsSegmented && rowsPerBucket * plan.BucketCount > options.Value.StreamRows,
        };

        Task<bool> IsFreshAsync(Slice slice) => slices.IsFreshAsync(slice, query.JobCreatedAt, query.MaxAge, cancellationToken);
    }

    /// <summary>Reads all slices of a query.</summary>
    /// <exception cref="ProblemException">The response has too many rows, or too many queries wait for Genesys.</exception>
    /// <exception cref="GenesysException">Genesys failed, and a partial response is impossible or denied by the caller.</exception>
    public async Task<LoadedQuery> ReadAsync(PlannedQuery planned, RequestDeadline deadline, CancellationToken cancellationToken)
    {
        var (query, selection, plan, queueNames, context) = planned;
        var (covering, read) = await reader.ReadAsync(plan, selection, queueNames, context, deadline);
        PartialResultPolicy.Check(read.Values, query.DenyPartial);
        await planned.Slot.ReacquireAsync(cancellationToken);
        var loaded = new LoadedQuery(query, selection, covering, read, await queueNames) { DimensionNames = await planned.PendingDimensionNames };
        loaded = loaded with { EstimatedRowCount = ResponseSize.EstimateRows(loaded) };
        limits.CheckRows(query, loaded.EstimatedRowCount, covering.BucketCount);
        return loaded;
    }

    /// <summary>Builds the result from loaded data, without further I/O.</summary>
    /// <param name="earlierSegments">The segments before this one; null if the data covers the whole query.</param>
    public AggregatesResult BuildResult(LoadedQuery loaded, EarlierSegments? earlierSegments = null)
    {
        var (query, selection, plan, results, names) = loaded;
        var scope = new FoldScope(query, selection, names) { Names = loaded.DimensionNames };
        scope = query.IsLimitedToQueues ? scope with { Names = scope.Names.RestrictTo(results.Values.Select(outcome => outcome.Facts).OfType<AggregateFacts>(), scope) } : scope;
        IReadOnlyCollection<SliceResult> read = earlierSegments is null ? [.. results.Values] : [.. earlierSegments.Read, .. results.Values];
        var rejectedMetrics = read.SelectMany(outcome => outcome.RejectedMetrics).ToHashSet(StringComparer.Ordinal);
        var lacksShownMetric = rejectedMetrics.Intersect(query.ShownMetrics).Any(metric => !GenesysMetrics.OftenRejected.Contains(metric));
        var mayLackQueues = selection.IsEverything && read.Any(outcome => outcome.HasListedQueuesOnly);
        var nullMetrics = query.UnattributedMetrics is [_, ..] unattributed ? [.. rejectedMetrics, .. unattributed] : rejectedMetrics;
        var built = QueryRecords.Of(loaded, scope, nullMetrics, (part, groupBy) =>
            new BucketStatuses(part, results, query.Zone, Settle, mayLackQueues, groupBy.HasFlag(Grouping.Queue), lacksShownMetric));
        limits.CheckStreaming(query, built.Records.Count);
        var notes = earlierSegments?.Notes is { } earlierNotes ? earlierNotes.Merge(FigureNotes.Of(built)) : FigureNotes.Of(built);
        IReadOnlyList<ResponseWarning> warnings =
        [
            .. query.LocalTime is null && selection.All ? [] : SelectionWarnings.Of(query, selection), .. SliceWarnings.Stale(read), .. SliceWarnings.Lacking(read), .. SliceWarnings.ByQueues(read, selection),
            .. FigureWarnings.Of(query, notes, built.Unpaired, scope, rejectedMetrics),
        ];
        var isSortedByStart = earlierSegments is not null || (query.Format.IsSegmented && built.Records.Count > options.Value.StreamRows);
        var records = isSortedByStart ? RecordSort.ByStart(built.Records)
            : query is { Sort.IsEmpty: true, Limit: null } ? built.Records
            : RecordSort.Apply(built.Records, query);
        var earlierRows = earlierSegments?.Rows ?? 0;
        var rows = new RowCounts(earlierRows + records.Count, earlierRows + built.Records.Count);
        var (asOf, isFinal) = (AsOf(read, lacksShownMetric), notes is { AreFinal: true, HaveAllStatistics: true });
        return new AggregatesResult(DescribeQuery(query, selection), MetaOf(read, notes.HaveAllStatistics, rows, warnings, isFinal, asOf), records, [.. read], scope.Directory?.ReadAt)
        {
            TotalRecords = built.Totals,
            IsAboutAgents = query.IsAboutAgents,
            Notes = notes,
            OpenSince = isFinal ? null : asOf,
            LacksMetric = lacksShownMetric,
            Now = query.Now,
            AsOf = asOf,
            HasByteOrderMark = query.ByteOrderMark,
            CanGainIncludedTime = query is { LocalTime: not null, Interval.EndsNow: true },
        };
    }

    private Duration Settle => Duration.FromHours(genesys.Value.SettleHours);

    private static ResolvedQuery DescribeQuery(AggregatesQuery query, ResolvedQueues selection) => new()
    {
        Interval = Print(query.Interval),
        Granularity = query.Granularity?.Iso,
        TimeZone = query.Zone.Name,
        QueueIds = selection.QueueIds,
        MediaTypes = query.MediaTypes,
        MessageTypes = query.MessageTypes.IsEmpty ? null : query.MessageTypes,
        UserIds = query.HasUserFilter ? query.UserIds : null,
        Users = query.UserNames.IsEmpty ? null : query.UserNames,
        WrapUpCodes = query.WrapUpCodes.IsEmpty ? null : query.WrapUpCodes,
        Direction = query.Direction,
        ServiceLevelThresholdMs = query.ServiceLevelThresholdMs,
        GroupBy = Groupings.Names(query.GroupBy),
        Hours = query.LocalTime?.PrintHours,
        Weekdays = query.LocalTime?.PrintWeekdays,
        Compare = query.Comparison?.Name,
        CompareInterval = query.Comparison is { } comparison ? Print(comparison.Interval) : null,
    };

    private static string Print(QueryInterval interval) => $"{InstantFormat.Print(interval.From)}/{InstantFormat.Print(interval.To)}";

    private ResponseMeta MetaOf(
        IReadOnlyCollection<SliceResult> read, bool haveAllStatistics, RowCounts rows, IReadOnlyList<ResponseWarning> warnings, bool isFinal, Instant? asOf)
    {
        var withFacts = read.Where(outcome => outcome.Facts is not null).ToList();
        return new ResponseMeta
        {
            AsOf = asOf is { } instant ? InstantFormat.PrintSeconds(instant) : null,
            Complete = haveAllStatistics && !read.Any(outcome => outcome.HasGaps),
            Final = isFinal,
            Stale = withFacts.Exists(outcome => outcome.IsStale),
            Source = genesys.Value.SourceName(),
            Rows = rows,
            FailedSlices = [.. read.Where(outcome => outcome.HasGaps).OrderBy(outcome => outcome.Slice.Key.From).Select(PartialResultPolicy.Describe).Distinct()],
            Warnings = warnings,
        };
    }

    /// <summary>Returns the oldest fetch time of the slices that can still change, or of all slices if none can change. Null if no slice has facts.</summary>
    private Instant? AsOf(IEnumerable<SliceResult> outcomes, bool lacksShownMetric)
    {
        var withFacts = outcomes.Where(outcome => outcome.Facts is not null).ToList();
        var changeable = withFacts.Where(outcome => lacksShownMetric || outcome.FetchedAt < outcome.Slice.Key.To + Settle).Select(outcome => outcome.FetchedAt).ToList();
        Instant? asOf = withFacts is [] ? null : changeable is [] ? withFacts.Min(outcome => outcome.FetchedAt) : changeable.Min();

        // The clock might have been set back since the fetch.
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        return asOf > now ? now : asOf;
    }

    /// <summary>Returns the listed queues that the caller can see; null if the directory is neither loaded nor needed.</summary>
    private async ValueTask<QueueDirectorySnapshot?> VisibleQueuesAsync(QueueVisibility visibility, bool isNeeded, WorkSlot slot, RequestDeadline deadline)
    {
        if (directory.Current is { } known)
        {
            return visibility.Filter(known);
        }

        if (!isNeeded && !visibility.NeedsDirectory)
        {
            return null;
        }

        slot.Release();
        try
        {
            return await directory.VisibleToAsync(visibility, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCallerConnected)
        {
            throw new GenesysException(deadline.Failure);
        }
    }

    /// <summary>
    /// Reads the queues that the caller can see. A directory that cannot be read does not fail the query: the records then contain queue ids without names, and
    /// the response has a warning.
    /// </summary>
    private async Task<QueueDirectorySnapshot?> QueueNamesAsync(QueueVisibility visibility, WorkSlot slot, CancellationToken cancellationToken)
    {
        slot.Release();
        try
        {
            return visibility.Filter(await directory.GetAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is GenesysException or OperationCanceledException)
        {
            return null;
        }
    }
}
