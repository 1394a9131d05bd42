using System.Collections.Immutable;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>
/// Writes the current state as OpenMetrics gauges. The prefix of their names differs from the prefix in GET /aggregates, where the longest wait is the longest
/// in a bucket. An absent figure has no series. The completeness and the time of the state are gauges too, because scrapers ignore headers.
/// </summary>
internal static class ObservationsOpenMetrics
{
    private const string Prefix = "genesys_queue_live_";

    private static readonly ImmutableArray<(string Field, string Help)> Figures =
    [
        ("waiting", "Conversations waiting for an agent."),
        ("interacting", "Conversations with an agent."),
        ("alerting", "Conversations that are alerting an agent."),
        ("longestWaitMs", "How long the longest-waiting conversation has been waiting."),
        ("longestInteractionMs", "How long the longest interaction with an agent has lasted."),
        ("onQueueUsers", "Users of the queue who are on queue."),
        ("activeUsers", "Members of the queue who have joined it: their membership is active."),
        ("memberUsers", "All members of the queue."),
        ("offQueueUsers", "Users of the queue who are off queue."),
    ];

    public static string Of(ObservationsResponse response)
    {
        var text = new OpenMetricsText();
        foreach (var (field, help) in Figures)
        {
            var column = (IntegerColumn<ObservationRecord>)ObservationColumns.All.Single(column => column.Name == field);
            text.WriteField(Prefix, field, help, response.Records.Select(record => (LabelsOf(record), (double?)column.Of(record))));
        }

        WriteUsers(text, response, "usersByPresence", "presence", "Users of the queue by system presence.", record => record.UsersByPresence);
        WriteUsers(text, response, "usersByRoutingStatus", "routing_status", "Users of the queue by routing status.", record => record.UsersByRoutingStatus);
        text.Write($"{Prefix}data_complete", "1 if no part of the state is missing, otherwise 0.", response.Meta.Complete);
        text.Write($"{Prefix}data_stale", "1 if the state is older than it should be, because it could not be read again in time, otherwise 0.", response.Meta.Stale);
        text.WriteWarnings(Prefix, response.Warnings.Select(warning => warning.Code));
        text.Write($"{Prefix}data_as_of_timestamp_seconds", "The time of the state: later events may be missing from it.", response.Meta.AsOf);
        return text + OpenMetricsText.End;
    }

    private static void WriteUsers(
        OpenMetricsText text, ObservationsResponse response, string field, string label, string help, Func<ObservationRecord, IReadOnlyDictionary<string, int>?> usersOf) =>
        text.WriteField(Prefix, field, help, response.Records.SelectMany(record => (usersOf(record) ?? new Dictionary<string, int>()).Select(users => (LabelsOf(record, (label, users.Key)), (double?)users.Value))));

    private static string LabelsOf(ObservationRecord record, params ReadOnlySpan<(string, string?)> more) => OpenMetricsText.LabelsOf(
    [
        ("queue_id", record.QueueId), ("queue", record.QueueName), ("media_type", record.MediaType), ("division_id", record.DivisionId), ("division", record.DivisionName), .. more,
    ]);
}
