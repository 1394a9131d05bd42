using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What came of asking for a slice: facts, or the failure that stood in their way. Never both, never neither.</summary>
/// <param name="FetchedAt">When Genesys was asked; nothing that happened later is in the facts.</param>
/// <param name="Calls">Attempts that reached Genesys for it.</param>
/// <param name="Refused">Metrics of the slice's group that Genesys refuses to give; they are missing, not zero.</param>
internal sealed record SliceOutcome(
    Slice Slice, AggregateFacts? Facts, Instant FetchedAt, GenesysFailure? Failure, int Calls, IReadOnlySet<string> Refused);
