using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Reconciliation.Comparing;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>Turns the result of a reconciliation into the response: counts and sorts the cells, and selects the cells and figures to return.</summary>
internal static class ReconciliationReport
{
    /// <param name="showsAll">Whether the response also contains cells and figures without a difference.</param>
    public static ReconciliationResponse Of(ReconciliationResult result, bool showsAll, int limit)
    {
        var shown = result.Cells.Where(cell => showsAll || cell.Comparison.Agreement != Agreement.Equal).ToList();
        var records = shown
            .OrderByDescending(cell => cell.Comparison.Agreement)
            .ThenBy(cell => cell.QueueName is null)
            .ThenBy(cell => cell.QueueName, StringComparer.OrdinalIgnoreCase)
            .ThenBy(cell => cell.QueueName, StringComparer.Ordinal)
            .ThenBy(cell => cell.Comparison.Key.QueueId, StringComparer.OrdinalIgnoreCase)
            .ThenBy(cell => cell.Comparison.Key.MediaType, StringComparer.OrdinalIgnoreCase)
            .ThenBy(cell => cell.Comparison.Key.Bucket)
            .Take(limit)
            .Select(cell => RecordOf(cell, result, showsAll))
            .ToList();
        return new ReconciliationResponse(QueryOf(result, showsAll), MetaOf(result, records.Count, shown.Count), records);
    }

    private static ReconciledQuery QueryOf(ReconciliationResult result, bool showsAll)
    {
        var query = result.Aggregates.Query;
        return new()
        {
            Interval = query.Interval,
            Granularity = query.Granularity,
            TimeZone = query.TimeZone,
            QueueIds = query.QueueIds,
            MediaTypes = query.MediaTypes,
            Only = showsAll ? "all" : ReconciliationParameters.Differences,
        };
    }

    private static ReconciliationMeta MetaOf(ReconciliationResult result, int returned, int total)
    {
        var (aggregates, report) = (result.Aggregates.Meta, result.Report);
        return new()
        {
            AggregatesAsOf = aggregates.AsOf,
            ConversationsAsOf = InstantFormat.PrintSeconds(result.ConversationsReadAt),
            DataAvailableUntil = report.DataAvailableUntil is { } until ? InstantFormat.PrintSeconds(until) : null,
            Complete = aggregates.Complete && result.Missing.IsNone,
            Source = aggregates.Source,
            Conversations = result.Conversations,
            Cells = AgreementCounts.Of([.. result.Cells.Select(cell => cell.Comparison.Agreement)]),
            Figures = FigureCounts(result),
            Rows = new(returned, total),
            Warnings = [.. aggregates.Warnings, .. WarningsOf(report.WarningsFor(result.SeesAll), result.Missing.Dropped)],
        };
    }

    private static IEnumerable<ResponseWarning> WarningsOf(IEnumerable<string> sentences, int dropped)
    {
        foreach (var sentence in sentences)
        {
            yield return new("conversations", sentence);
        }

        if (dropped > 0)
        {
            yield return new("conversations-left-out", $"{dropped} conversations, sessions, segments or metrics are invalid, so some events were not counted.");
        }
    }

    private static AgreementCounts FigureCounts(ReconciliationResult result)
    {
        var (total, equal, explained, unexplained) = (0, 0, 0, 0);
        foreach (var value in result.Cells.SelectMany(cell => cell.Comparison.Values))
        {
            total++;
            equal += value.Cause is null ? 1 : 0;
            unexplained += value.Cause == DifferenceCause.Unknown ? 1 : 0;
            explained += value.Cause is not null && value.IsComparable && value.Cause != DifferenceCause.Unknown ? 1 : 0;
        }

        return new(total, equal, explained, unexplained);
    }

    private static ReconciledCell RecordOf(NamedCell cell, ReconciliationResult result, bool showsAll)
    {
        var comparison = cell.Comparison;
        var (from, to) = (result.Edges[comparison.Key.Bucket], result.Edges[comparison.Key.Bucket + 1]);
        return new()
        {
            QueueId = comparison.Key.QueueId,
            QueueName = cell.QueueName,
            MediaType = comparison.Key.MediaType,
            From = InstantFormat.Print(from),
            To = InstantFormat.Print(to),
            LocalFrom = InstantFormat.PrintLocal(from.InZone(result.Query.Zone).LocalDateTime),
            Agreement = comparison.Agreement,
            Conversations = comparison.Conversations,
            Figures = [.. comparison.Values.Where(value => showsAll || IsDifferent(value)).Select(FigureOf)],
        };
    }

    private static bool IsDifferent(ComparedValue value) => value.Cause is { } cause && cause != DifferenceCause.NotInDetails;

    private static ReconciledFigure FigureOf(ComparedValue value)
    {
        var isOnBothSides = value.IsComparable && value.Figure.DetailsMetric is not null;
        return new()
        {
            Figure = value.Figure.Name,
            GenesysMetric = value.Figure.Metric,
            GenesysStatistic = value.Figure.StatisticName,
            ConversationsMetric = value.Figure.DetailsMetric,
            Aggregates = value.Difference.Aggregates,
            Conversations = value.Difference.Conversations,
            Difference = isOnBothSides ? value.Difference.Value : null,
            Cause = value.Cause?.Name,
        };
    }
}
