using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>The rate and concurrency limits of each caller.</summary>
internal sealed class CallerRateLimitOptions
{
    public const string Section = "Callers";

    /// <summary>The maximum rate limit. The limiter measures the refill of one request in steps of 100 ns, so a higher rate would be inaccurate.</summary>
    public const int MaxRequestsPerMinute = 10_000_000;

    /// <summary>Requests per minute of one caller. The <c>RequestsPerMinute</c> of an API key takes precedence.</summary>
    [Range(1, MaxRequestsPerMinute)]
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>Concurrent requests of one caller. The same number of further requests can wait in a queue.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrent { get; set; } = 256;
}

internal static class CallersOptionsValidator
{
    /// <summary>Checks that keys with the same name have the same rate limit, because they are one caller.</summary>
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
