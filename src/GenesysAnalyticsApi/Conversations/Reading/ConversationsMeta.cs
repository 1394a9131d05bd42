using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Age and completeness of the data.</summary>
/// <param name="AsOf" example="2026-11-23T09:15:02Z">When the oldest page was requested from Genesys; null if none was.</param>
/// <param name="Complete" example="true">False if Genesys counts more conversations than were read, or if parts of its replies could not be read.</param>
/// <param name="Source" example="genesys">genesys, or simulator.</param>
/// <param name="DataAvailableUntil" example="2026-11-23T03:00:00Z">The time up to which the data comes from Genesys' bulk data; null if none does.</param>
/// <param name="InvalidEntries" example="0">Conversations, sessions, segments and metrics that were dropped because they were invalid.</param>
/// <param name="Warnings" example="[]">What limits the data.</param>
internal sealed record ConversationsMeta(string? AsOf, bool Complete, string Source, string? DataAvailableUntil, int InvalidEntries, IReadOnlyList<ResponseWarning> Warnings);
