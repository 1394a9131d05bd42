namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>The maximum requests per minute that Genesys allows one token of the organization, if Genesys reports this limit.</summary>
internal interface IRateLimitCeiling
{
    /// <summary>The allowed requests per minute: the setting or the ceiling, whichever is lower.</summary>
    int RequestsPerMinute(int setting);
}
