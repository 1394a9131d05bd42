using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Age and completeness of the data.</summary>
/// <param name="AsOf" example="2026-11-23T09:15:02Z">When the oldest page of conversations was requested from Genesys; null if no page was requested.</param>
/// <param name="Complete" example="true">False if conversations are missing or can lack their end, or if parts of Genesys' replies could not be read.</param>
/// <param name="Source" example="genesys">genesys, or simulator for generated data.</param>
/// <param name="DataAvailableUntil" example="2026-11-23T03:00:00Z">The time up to which the data comes from Genesys' bulk data; null if no bulk data was used.</param>
/// <param name="InvalidEntries" example="0">The number of invalid entries in Genesys' replies: conversations, sessions, segments and metrics that were dropped, and conversations that lack participants or queues.</param>
/// <param name="Warnings" example="[]">Messages about missing or unreliable data.</param>
internal sealed record ConversationsMeta(string? AsOf, bool Complete, string Source, string? DataAvailableUntil, int InvalidEntries, IReadOnlyList<ResponseWarning> Warnings);
