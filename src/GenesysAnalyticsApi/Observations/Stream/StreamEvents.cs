using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Observations.Response;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>The data of a <c>change</c> event.</summary>
/// <param name="Records">New and changed records with all their fields. Each of them replaces the record with the same queueId and mediaType.</param>
/// <param name="Removed">The keys of records that no longer exist. Some of these records may never have been sent to the subscriber.</param>
/// <param name="Warnings">All warnings that apply now. They replace all earlier warnings.</param>
/// <param name="Meta">Age and completeness of the data.</param>
internal sealed record ObservationChanges(
    IReadOnlyList<ObservationRecord> Records, IReadOnlyList<RemovedRecord> Removed, IReadOnlyList<ResponseWarning> Warnings, ObservationsMeta Meta);

/// <summary>The key of a record that no longer exists.</summary>
/// <param name="QueueId">Absent without groupBy=queue.</param>
/// <param name="MediaType">Absent without groupBy=mediaType, and for the record that contains the figures about a queue's users.</param>
internal sealed record RemovedRecord(string? QueueId, string? MediaType);

/// <summary>The data of a <c>heartbeat</c> event: no record has changed.</summary>
internal sealed record ObservationHeartbeat(ObservationsMeta Meta);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(MillisecondInstantConverter)], DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObservationsResponse))]
[JsonSerializable(typeof(ObservationChanges))]
[JsonSerializable(typeof(ObservationHeartbeat))]
internal sealed partial class StreamJson : JsonSerializerContext;
