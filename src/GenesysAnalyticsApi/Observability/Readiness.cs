using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Observability;

/// <summary>Defines what the health checks of the features share with <c>/health/ready</c>.</summary>
internal static class Readiness
{
    /// <summary>
    /// The tag of a health check that must succeed before the service can serve requests. Checks of Genesys never have this tag, because callers need stale,
    /// labeled responses while Genesys is unavailable.
    /// </summary>
    public const string Required = "required";

    /// <summary>The key, in <see cref="HealthCheckResult.Data"/>, of the time at which the status began.</summary>
    public const string Since = "since";

    /// <summary>Returns whether no required check is unhealthy.</summary>
    public static bool IsReady(HealthReport report) => !report.Entries.Values.Any(entry => entry.Status == HealthStatus.Unhealthy && entry.Tags.Contains(Required));

    public static Task<HealthCheckResult> ResultAsync(HealthStatus status, DateTimeOffset? since = null, string? reason = null) =>
        Task.FromResult(new HealthCheckResult(status, reason, data: since is { } instant ? new Dictionary<string, object> { [Since] = instant } : null));
}
