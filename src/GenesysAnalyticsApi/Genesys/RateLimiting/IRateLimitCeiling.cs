namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>The requests per minute that Genesys allows the organization, as far as Genesys reports them.</summary>
internal interface IRateLimitCeiling
{
    /// <summary>The requests per minute that a setting allows: the setting, or the ceiling if it is lower.</summary>
    int RequestsPerMinute(int setting);
}
