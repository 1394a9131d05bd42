using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Observations.Response;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>The data of a <c>change</c> event.</summary>
/// <param name="Records">New and changed records, complete. Each replaces the record with the same queueId and mediaType.</param>
/// <param name="Removed">Records that no longer exist. They can include a record that appeared and disappeared while the subscriber was disconnected.</param>
/// <param name="Warnings">What currently limits the data; replaces all earlier warnings.</param>
/// <param name="Meta">Age and completeness of the data.</param>
internal sealed record ObservationChanges(
    IReadOnlyList<ObservationRecord> Records, IReadOnlyList<RemovedRecord> Removed, IReadOnlyList<ResponseWarning> Warnings, ObservationsMeta Meta);

/// <summary>A record that no longer exists.</summary>
/// <param name="QueueId">Absent without groupBy=queue.</param>
/// <param name="MediaType">Absent in the record with the figures about a queue's users.</param>
internal sealed record RemovedRecord(string? QueueId, string? MediaType);

/// <summary>The data of a <c>heartbeat</c> event: no record has changed.</summary>
internal sealed record ObservationHeartbeat(ObservationsMeta Meta);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(MillisecondInstantConverter)], DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObservationsResponse))]
[JsonSerializable(typeof(ObservationChanges))]
[JsonSerializable(typeof(ObservationHeartbeat))]
internal sealed partial class StreamJson : JsonSerializerContext;
