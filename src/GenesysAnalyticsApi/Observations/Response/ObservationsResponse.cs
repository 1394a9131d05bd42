using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>The current state of the queues.</summary>
/// <param name="Query">The query as the service resolved it.</param>
/// <param name="Records">The records of the groups, sorted by queue name, queue id and media type.</param>
/// <param name="Warnings" example="[]">Why data is missing, stale or without names.</param>
/// <param name="Meta">Age and completeness of the data.</param>
internal sealed record ObservationsResponse(
    ResolvedObservationsQuery Query, IReadOnlyList<ObservationRecord> Records, IReadOnlyList<ResponseWarning> Warnings, ObservationsMeta Meta);

/// <summary>The resolved query: names, patterns and divisions are replaced by ids of queues.</summary>
/// <param name="QueueIds" example="[]">Ids of the selected queues; empty for all queues that the caller can see, or if no queue matches.</param>
/// <param name="MediaTypes" example="[]">The selected media types; empty for all media types.</param>
/// <param name="GroupBy" example="[&quot;queue&quot;,&quot;mediaType&quot;]">The groupings of the records; empty for one record in total.</param>
internal sealed record ResolvedObservationsQuery(IReadOnlyList<string> QueueIds, IReadOnlyList<string> MediaTypes, IReadOnlyList<string> GroupBy);

/// <summary>Age and completeness of the data.</summary>
/// <param name="AsOf" example="2026-11-23T09:15:02.386Z">The time of the state: later events may be missing from it.</param>
/// <param name="AgeMs" example="3210">Milliseconds between asOf and the response.</param>
/// <param name="Complete" example="true">False if a part of the state is missing; the warnings name the part.</param>
/// <param name="Stale" example="false">True if the state is older than it should be, because it could not be read again in time.</param>
/// <param name="Source" example="polling">How the service got the state: polling or notifications.</param>
/// <param name="Repaired" example="false">True if notifications were lost and the state was therefore read again by a query.</param>
/// <param name="Upstream" example="genesys">The source of the data: genesys or simulator.</param>
internal sealed record ObservationsMeta(Instant AsOf, long AgeMs, bool Complete, bool Stale, string Source, bool Repaired, string Upstream);

/// <summary>The last line of a response in NDJSON.</summary>
internal sealed record ObservationsMetaLine(IReadOnlyList<ResponseWarning> Warnings, ObservationsMeta Meta);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(MillisecondInstantConverter)])]
[JsonSerializable(typeof(ObservationsResponse))]
[JsonSerializable(typeof(ObservationsMetaLine))]
internal sealed partial class ObservationsJson : JsonSerializerContext;
