using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>The rate limit of each caller.</summary>
internal sealed class CallerRateLimitOptions
{
    public const string Section = "Callers";

    /// <summary>The most that the limiter can count: it measures the refill of one request in steps of 100 ns.</summary>
    public const int MostPerMinute = 10_000_000;

    /// <summary>Requests per minute of one caller; a key's own <c>RequestsPerMinute</c> takes precedence.</summary>
    [Range(1, MostPerMinute)]
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>Concurrent requests of one caller; up to the same number again are queued.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrent { get; set; } = 256;
}

internal static class CallersOptionsValidator
{
    /// <summary>Keys with the same name are one caller with one rate limit.</summary>
    public static void CheckKeys(IEnumerable<ApiKeyOptions> keys, SettingsReport report)
    {
        foreach (var caller in keys.Where(key => key.Name is not null).GroupBy(key => key.Name, StringComparer.Ordinal))
        {
            if (caller.Select(key => key.RequestsPerMinute).Distinct().Count() > 1)
            {
                report.Add($"{AuthOptions.Section}:Keys", caller.Key!, "is the name of several keys whose RequestsPerMinute differ. They are one caller: give all of them the same value.");
            }
        }
    }
}
