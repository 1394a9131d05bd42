using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>
/// Reads the aggregate figures of rules, as GET /aggregates would return them. The figures come from the slices that all callers share, and missing slices are
/// fetched with background priority. Rules with the same period, time zone and media type share one query, which covers all queues.
/// </summary>
internal sealed class AggregateFigures(AggregatesReader aggregates, TimeProvider clock)
{
    private const string Identity = "(alerts)";

    private static readonly Caller Reader = new(Identity, Identity, CallerScopes.Read, QueueVisibility.All) { Origin = new(Identity, IsBackground: true) };

    /// <param name="queuesOf">Returns the ids of the queues that a rule covers.</param>
    public async Task<IReadOnlyList<(AlertRule Rule, RuleReading Reading)>> ReadAsync(
        IEnumerable<AlertRule> rules, Func<AlertRule, IReadOnlyList<string>> queuesOf, CancellationToken cancellationToken)
    {
        var readings = new List<(AlertRule, RuleReading)>();
        foreach (var group in rules.Where(rule => !rule.IsLive).GroupBy(rule => (rule.Period!.Name, rule.Period.Parameters.TimeZone, rule.MediaType)))
        {
            var (result, fault) = await ReadAsync(group.First(), cancellationToken);
            readings.AddRange(group.Select(rule => (rule, ReadingOf(rule, queuesOf(rule), result, fault))));
        }

        return readings;
    }

    private async Task<(AggregatesResult? Result, string? Fault)> ReadAsync(AlertRule rule, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var query = AggregatesQuery.From(rule.Period!.Parameters, now, ResponseFormat.Json) with { GroupBy = Grouping.Queue, MediaTypes = rule.MediaType is { } media ? [media] : [] };
        try
        {
            return ((await aggregates.ReadAsync(query, Reader, cancellationToken)).Result, null);
        }
        catch (GenesysException failure)
        {
            return (null, failure.Failure.Message);
        }
        catch (ProblemException failure)
        {
            return (null, failure.Problem.Detail ?? failure.Problem.Title);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "The figures could not be read in time.");
        }
    }

    private static RuleReading ReadingOf(AlertRule rule, IReadOnlyList<string> queueIds, AggregatesResult? result, string? fault)
    {
        if (result?.AsOf is not { } asOf)
        {
            return RuleReading.Failed(fault ?? "There are no figures.");
        }

        var field = AlertableFigures.OfAggregates[rule.Figure];
        var rows = result.Records.Where(row => row.Labels.QueueId is not null).ToImmutableDictionary(row => GenesysId.Canonical(row.Labels.QueueId!), StringComparer.OrdinalIgnoreCase);
        // The query covers all queues. A gap or an omitted statistic of one queue says nothing about the others, which other callers may see.
        var isEveryPartFetched = result.Slices.All(slice => !slice.IsFailed);
        var lacking = result.Slices.SelectMany(slice => slice.Lacking.Ids).Select(GenesysId.Canonical).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new RuleReading(asOf, Fault: null, [.. queueIds.Select(ReadQueue)]);

        QueueReading ReadQueue(string queueId)
        {
            var id = GenesysId.Canonical(queueId);
            var hasRow = rows.TryGetValue(id, out var row);
            var isComplete = isEveryPartFetched && !lacking.Contains(id) && (!hasRow || row.HasAllStatistics);
            var value = hasRow ? AlertableFigures.ValueOf(field, row) : AlertableFigures.ValueWithoutRecord(field);
            return new QueueReading(
                queueId,
                value,
                !isComplete ? "The figure is incomplete: a part of its period could not be fetched, or a statistic was omitted."
                : value is null && result.LacksMetric ? "Genesys rejects a metric that the figure needs."
                : null);
        }
    }
}
