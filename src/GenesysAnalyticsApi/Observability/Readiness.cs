using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Observability;

/// <summary>What the health checks of the features and <c>/health/ready</c> agree on.</summary>
internal static class Readiness
{
    /// <summary>
    /// The tag of a health check without which the service cannot respond. Genesys never has it: stale, labelled responses are needed exactly
    /// while Genesys is unavailable.
    /// </summary>
    public const string Required = "required";

    /// <summary>The entry of <see cref="HealthCheckResult.Data"/> that states since when the status holds.</summary>
    public const string Since = "since";

    public static Task<HealthCheckResult> ResultAsync(HealthStatus status, DateTimeOffset? since = null, string? reason = null) =>
        Task.FromResult(new HealthCheckResult(status, reason, data: since is { } instant ? new Dictionary<string, object> { [Since] = instant } : null));
}
