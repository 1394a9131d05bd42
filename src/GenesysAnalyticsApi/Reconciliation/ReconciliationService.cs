using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Reconciliation.Comparing;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>
/// Reads the aggregates of a query as GET /aggregates returns them, counts the same figures from all conversations of the interval, and compares the aggregates
/// with the counted figures.
/// </summary>
internal sealed class ReconciliationService(
    AggregatesReader aggregates, IDetailsReader details, IOptions<ReconciliationOptions> limits, IOptions<ConversationsOptions> reading,
    IOptions<GenesysOptions> genesys, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _slots = new(limits.Value.MaxConcurrent);

    /// <exception cref="ProblemException">
    /// For example: the query is too large or too wide, too many reconciliations are running, or the conversations could not be read in time.
    /// </exception>
    /// <exception cref="Genesys.Failures.GenesysException">
    /// A part of the aggregates, or a page of conversations, could not be read. Nothing is compared then, because the missing data would look like a
    /// difference.
    /// </exception>
    public async Task<ReconciliationResult> ReconcileAsync(AggregatesQuery query, Caller caller, CancellationToken cancellationToken)
    {
        CheckInterval(query);

        // Reconciliations have a separate limit, because conversations take much longer to read than aggregates. AggregatesReader holds a work slot only while
        // it reads.
        if (!await _slots.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new ProblemException(ProblemFactory.Overloaded($"{limits.Value.MaxConcurrent} reconciliations are running (Reconciliation:MaxConcurrent). Try again later.", RetryAfter));
        }

        try
        {
            return await CompareAsync(query, caller, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<ReconciliationResult> CompareAsync(AggregatesQuery query, Caller caller, CancellationToken cancellationToken)
    {
        var (planned, result) = await ReadAggregatesAsync(query, caller, cancellationToken);
        CheckCells(result.Records.Count);

        var edges = planned.Plan.Edges;
        var from = edges[0];
        var counted = new QueueSelection(planned.Selection, query.MediaTypes);
        var tally = new ConversationTally(new TallyScope(edges, counted.Includes, from - (Lookback / 2)));
        var report = new DetailsReadReport();
        if (!planned.Selection.IsEmpty)
        {
            await CountAsync(tally, new DetailsSelection(from, Instant.Min(edges[^1], query.Interval.To))
            {
                IsByActivity = true,
                Filter = DetailsSelection.FilterOf(planned.Selection, query.MediaTypes),

                // A reconciliation reads many pages. It reads them with background priority, so that small queries go first.
                Origin = caller.Origin with { IsBackground = true },
            }, report, cancellationToken);
        }

        var names = await planned.PendingQueueNames;
        return new ReconciliationResult(query, result, report, edges)
        {
            ConversationsReadAt = ReadAtOf(report),
            Missing = MissingOf(report),
            SeesAll = caller.Visibility.IsAll,
            Conversations = tally.Conversations,
            Cells = [.. ComparedCells(result, tally, report, edges, query.Now).Select(cell => new NamedCell(cell, names?.Find(cell.Key.QueueId)?.Name))],
        };
    }

    private Duration Lookback => Duration.FromTimeSpan(reading.Value.Lookback);

    private async Task<(PlannedQuery Planned, AggregatesResult Result)> ReadAggregatesAsync(AggregatesQuery query, Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return await aggregates.ReadAsync(query, caller, cancellationToken);
        }
        catch (ProblemException tooWide) when (tooWide.Problem.Name == ProblemType.TooWide.Name)
        {
            throw new ProblemException(ProblemFactory.TooWide(
                "The aggregates of the query need more Genesys requests than the service sends for one query (Aggregates:AsyncAboveCalls). Use a shorter interval or a coarser "
                + "granularity.") with
            {
                HttpRemedy = "Or first send the same query to GET /aggregates with the header 'Prefer: respond-async': the job caches the aggregates that it reads.",
            });
        }
    }

    private async Task CountAsync(ConversationTally tally, DetailsSelection selection, DetailsReadReport report, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limits.Value.Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await foreach (var conversation in details.ReadAsync(selection, report, linked.Token))
            {
                tally.Add(conversation);
                CheckCells(tally.Cells.Count);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(ProblemType.GenesysTimeout.WithDetail(
                $"The conversations could not be read within {limits.Value.Timeout.TotalSeconds:0} s (Reconciliation:Timeout). Use a shorter interval or fewer queues."));
        }
    }

    private IEnumerable<CellComparison> ComparedCells(AggregatesResult result, ConversationTally tally, DetailsReadReport report, ImmutableArray<Instant> edges, Instant now)
    {
        var settle = Duration.FromHours(genesys.Value.SettleHours);
        var fromAggregates = AggregatesCells.Of(result, edges);
        var readAt = AggregatesCells.ReadTimes(result, edges, now);
        var keys = fromAggregates.Keys.Union(tally.Cells.Keys).ToList();
        CheckCells(keys.Count);
        foreach (var key in keys)
        {
            var to = edges[key.Bucket + 1];
            var needsSynchronousQuery = report.DataAvailableUntil is not { } until || to > until;
            var evidence = new CellEvidence
            {
                To = to,
                AggregatesReadAt = readAt[key.Bucket],
                ConversationsReadAt = ReadAtOf(report),
                Settle = settle,
                MaxUnreadEvents = MissingOf(report).Events,
                IsAfterBulkData = report.DataAvailableUntil is not null && needsSynchronousQuery,
                IsLimitedByLookback = needsSynchronousQuery,
            };
            yield return CellComparison.Of(key, fromAggregates.GetValueOrDefault(key) ?? AggregatesCell.Empty, tally.Cells.GetValueOrDefault(key), evidence.With(tally.OpenIn(key)));
        }
    }

    private Instant ReadAtOf(DetailsReadReport report) => report.AsOf ?? Instant.FromDateTimeOffset(clock.GetUtcNow());

    private static MissingEntries MissingOf(DetailsReadReport report) => new((int)Math.Min(report.MissingConversations, int.MaxValue), report.InvalidEntries);

    private void CheckInterval(AggregatesQuery query)
    {
        // The interval can exceed the maximum by two hours, because of daylight saving time and the current minute.
        var length = query.Interval.To - query.Interval.From;
        if (length - Duration.FromHours(2) > Duration.FromDays(limits.Value.MaxDays))
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"The interval is {length.TotalDays:0.##} days long; a reconciliation covers at most {limits.Value.MaxDays} days (Reconciliation:MaxDays). Use a shorter interval."));
        }
    }

    private void CheckCells(int cells)
    {
        if (cells > limits.Value.MaxCells)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"The reconciliation would compare more than {limits.Value.MaxCells} cells of queue × media type × bucket (Reconciliation:MaxCells). Use a coarser granularity, a shorter interval or fewer queues."));
        }
    }

    /// <summary>The queues and media types of the query. For a caller that is limited to some queues, the selection contains only these queues.</summary>
    private sealed class QueueSelection(ResolvedQueues selection, ImmutableArray<string> mediaTypes)
    {
        private readonly HashSet<string>? _queueIds = selection.IsEverything ? null : new(selection.EffectiveIds, StringComparer.OrdinalIgnoreCase);

        public bool Includes(string queueId, string mediaType) =>
            (_queueIds is null || _queueIds.Contains(queueId)) && (mediaTypes.IsEmpty || mediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase));
    }
}
