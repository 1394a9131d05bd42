namespace GenesysAnalyticsApi.Genesys;

/// <summary>How much of the minute is used up.</summary>
/// <param name="Used">Requests in force now.</param>
/// <param name="Allowed">How many there may be.</param>
/// <param name="ResetSeconds">Until the oldest of them stops counting; 0 when none counts.</param>
internal readonly record struct BudgetState(int Used, int Allowed, int ResetSeconds);
