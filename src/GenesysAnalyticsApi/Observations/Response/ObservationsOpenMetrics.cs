using System.Collections.Immutable;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>
/// Writes the current state as OpenMetrics gauges. Their prefix differs from that of GET /aggregates, whose longest wait is that of a bucket. An absent
/// figure has no series. The freshness of the state is also a gauge, because scrapers ignore headers.
/// </summary>
internal static class ObservationsOpenMetrics
{
    private const string Prefix = "genesys_queue_live_";

    private static readonly ImmutableArray<(string Field, string Help)> Figures =
    [
        ("waiting", "Conversations that wait for an agent."),
        ("interacting", "Conversations with an agent."),
        ("alerting", "Conversations that are alerting an agent."),
        ("longestWaitMs", "How long the longest-waiting conversation has waited."),
        ("longestInteractionMs", "How long the longest conversation with an agent has lasted."),
        ("onQueueUsers", "Users who are on queue."),
        ("activeUsers", "Members whose membership is active."),
        ("memberUsers", "All members."),
        ("offQueueUsers", "Users who are not on queue."),
    ];

    public static string Of(ObservationsResponse response)
    {
        var text = new OpenMetricsText();
        foreach (var (field, help) in Figures)
        {
            var column = (IntegerColumn<ObservationRecord>)ObservationColumns.All.Single(column => column.Name == field);
            text.WriteField(Prefix, field, help, response.Records.Select(record => (LabelsOf(record), (double?)column.Of(record))));
        }

        WriteUsers(text, response, "usersByPresence", "presence", "Users by system presence.", record => record.UsersByPresence);
        WriteUsers(text, response, "usersByRoutingStatus", "routing_status", "Users by routing status.", record => record.UsersByRoutingStatus);
        text.Write($"{Prefix}data_complete", "1 if no part of the state is missing.", response.Meta.Complete);
        text.Write($"{Prefix}data_stale", "1 if the state could not be read again from Genesys.", response.Meta.Stale);
        text.Write($"{Prefix}data_as_of_timestamp_seconds", "The time up to which the state is known.", response.Meta.AsOf);
        return text + OpenMetricsText.End;
    }

    private static void WriteUsers(
        OpenMetricsText text, ObservationsResponse response, string field, string label, string help, Func<ObservationRecord, IReadOnlyDictionary<string, int>?> of) =>
        text.WriteField(Prefix, field, help, response.Records.SelectMany(record => (of(record) ?? new Dictionary<string, int>()).Select(users => (LabelsOf(record, (label, users.Key)), (double?)users.Value))));

    private static string LabelsOf(ObservationRecord record, params ReadOnlySpan<(string, string?)> more) => OpenMetricsText.LabelsOf(
    [
        ("queue_id", record.QueueId), ("queue", record.QueueName), ("media_type", record.MediaType), ("division_id", record.DivisionId), ("division", record.DivisionName), .. more,
    ]);
}
