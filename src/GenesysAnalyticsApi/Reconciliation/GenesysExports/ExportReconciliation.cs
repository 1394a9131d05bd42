using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>An export, with each of its values compared.</summary>
/// <param name="Aggregates">The results of GET /aggregates that the values are compared with.</param>
/// <param name="NotCompared">The rows that were not compared, each with the reason.</param>
/// <param name="Queues">The queue of each row that was compared.</param>
internal sealed record ComparedExport(
    PerformanceExport Export, ExportSettings Settings, IReadOnlyList<AggregatesResult> Aggregates, ImmutableArray<ExportedValue> Values, ImmutableArray<RowNotCompared> NotCompared,
    IReadOnlyDictionary<ExportRow, FoundQueue> Queues);

/// <summary>Limits the cost of the comparison with one export.</summary>
/// <param name="Timeout">The maximum time of all queries together.</param>
internal sealed record ExportLimits(TimeSpan Timeout);

/// <summary>The queue of a row.</summary>
internal sealed record FoundQueue(string Id, string? Name);

/// <summary>Reads the aggregates for the rows of an export, as GET /aggregates returns them, and compares every value.</summary>
internal sealed class ExportReconciliation(
    AggregatesReader aggregates, AggregatesParametersValidator validator, ExportQueues queues, ExportLimits limits, IOptions<GenesysOptions> genesys, TimeProvider clock)
{
    /// <exception cref="UnreadableExportException">The intervals of the rows cannot be queried with GET /aggregates.</exception>
    /// <exception cref="ProblemException">For example: the aggregates could not be read in time.</exception>
    public async Task<ComparedExport> CompareAsync(PerformanceExport export, ExportSettings settings, Caller caller, CancellationToken cancellationToken)
    {
        var (found, notCompared) = await queues.FindAsync(export.Rows, caller.Visibility, cancellationToken);
        var results = new List<AggregatesResult>();
        var values = ImmutableArray.CreateBuilder<ExportedValue>();
        using var timeout = new CancellationTokenSource(limits.Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            foreach (var query in ExportQueries.Of([.. found.Keys], settings.Zone, row => found[row].Id))
            {
                var result = await ReadAsync(query.Parameters, caller, linked.Token);
                results.Add(result);
                values.AddRange(Compare(query, result, settings, found));
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(ProblemType.GenesysTimeout.WithDetail(
                $"The aggregates for the export could not be read within {limits.Timeout.TotalSeconds:0} s (Reconciliation:Timeout). Export fewer intervals."));
        }

        return new ComparedExport(
            export, settings, results, [.. values.OrderBy(value => value.Row.Line).ThenBy(value => value.Column.Number)], [.. export.NotCompared.Concat(notCompared).OrderBy(row => row.Line)], found);
    }

    private async Task<AggregatesResult> ReadAsync(AggregatesParameters parameters, Caller caller, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        if (validator.ErrorsOf(parameters, now, ResponseFormat.Json) is { Count: > 0 } errors)
        {
            throw new UnreadableExportException([.. errors.SelectMany(error => error.Value).Select(message => $"The intervals of the file cannot be queried: {message}")]);
        }

        try
        {
            return (await aggregates.ReadAsync(AggregatesQuery.From(parameters, now, ResponseFormat.Json), caller, cancellationToken)).Result;
        }
        catch (ProblemException tooLarge) when (tooLarge.Problem.Name == ProblemType.TooWide.Name || tooLarge.Problem.Name == ProblemType.TooLarge.Name)
        {
            // The remedies of the problem are parameters of GET /aggregates.
            throw new ProblemException(tooLarge.Problem with
            {
                Detail = $"The intervals of the file, from {parameters.From} to {parameters.To}, are too many or too far apart for one query of the aggregates. Export a shorter period, or send the file in parts.",
                HttpRemedy = null,
            });
        }
    }

    private IEnumerable<ExportedValue> Compare(ExportQuery query, AggregatesResult result, ExportSettings settings, IReadOnlyDictionary<ExportRow, FoundQueue> found)
    {
        var settle = Duration.FromHours(genesys.Value.SettleHours);
        var records = new Dictionary<(string, string, Instant), ResponseRecord>();
        foreach (var record in result.Records)
        {
            records[KeyOf(record.Labels.QueueId!, query.BySingleMediaType ? record.Labels.MediaType! : "", record.Bucket.Start)] = record;
        }

        return query.Rows.SelectMany(row => ExportComparison.Of(
            row,
            records.TryGetValue(KeyOf(found[row].Id, query.BySingleMediaType ? row.MediaTypes[0] : "", row.From), out var record) ? record : null,
            ReadAt(result, row),
            settle,
            settings.ExportedAt));
    }

    /// <summary>When the oldest slice in the interval of the row was fetched.</summary>
    private static Instant ReadAt(AggregatesResult result, ExportRow row) => result.Slices
        .Where(slice => !slice.IsFailed && slice.Slice.Key.From < row.To && slice.Slice.Key.To > row.From)
        .Select(slice => slice.FetchedAt)
        .DefaultIfEmpty(result.Now)
        .Min();

    private static (string QueueId, string MediaType, Instant From) KeyOf(string queueId, string mediaType, Instant from) => (queueId.ToLowerInvariant(), mediaType.ToLowerInvariant(), from);
}
