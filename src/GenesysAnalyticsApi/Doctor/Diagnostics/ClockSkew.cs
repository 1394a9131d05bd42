using System.Globalization;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Doctor.Diagnostics;

/// <summary>
/// Compares the clock of this machine with the clocks of Genesys Cloud and Redis. "Now" in every query, the finality of figures and the reported age of figures
/// depend on the clock of this machine. Times that replicas exchange are corrected (<see cref="SharedTime"/>).
/// </summary>
/// <param name="shared">Measures the clock of Redis if Redis is configured.</param>
internal sealed class ClockSkew(GenesysClock genesys, TimeProvider clock, ISharedRateLimit shared) : IHealthCheck
{
    /// <summary>Above this difference, the doctor warns and the health check is degraded.</summary>
    internal static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);

    /// <summary>Above this difference, the doctor's check fails.</summary>
    internal static readonly TimeSpan Failing = TimeSpan.FromMinutes(5);

    internal const string Remedy =
        "Synchronize the clock of this machine, or of the host of its containers, with NTP (timedatectl shows whether it is synchronized).";

    internal const string RemedyForRedis = "Synchronize the clock of the Redis machine with NTP (timedatectl shows whether it is synchronized).";

    private readonly Lock _gate = new();
    private DateTimeOffset? _since;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (isOff, isRedisOff) = (IsOff(genesys.Ahead), IsOff(shared.ClockAhead));
        lock (_gate)
        {
            _since = isOff || isRedisOff ? _since ?? clock.GetUtcNow() : null;
            var texts = new[] { isOff ? TextOf(genesys.Ahead!.Value, "Genesys'") : null, Redis }.OfType<string>();
            return _since is null
                ? Readiness.ResultAsync(HealthStatus.Healthy)
                : Readiness.ResultAsync(HealthStatus.Degraded, _since, $"{string.Join(' ', texts)} {Tolerated.TotalSeconds} s are tolerated. {RemedyFor(isRedisOff)}");
        }
    }

    /// <summary>States how far the clock of Redis is off; null if the difference is tolerable or unknown.</summary>
    public string? Redis => IsOff(shared.ClockAhead) ? TextOf(shared.ClockAhead!.Value, "Redis'") : null;

    /// <summary>
    /// Returns the remedy for the clock that is wrong. A difference does not show which clock that is, so the clock of Genesys is assumed to be right.
    /// </summary>
    public string RemedyFor(bool isRedisOff) => isRedisOff && genesys.Ahead is { } ahead && !IsOff(ahead) ? RemedyForRedis : Remedy;

    public static string TextOf(TimeSpan ahead, string whose) => string.Create(
        CultureInfo.InvariantCulture, $"The clock is {ahead.Duration().TotalSeconds:0.0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} {whose}.");

    private static bool IsOff(TimeSpan? ahead) => ahead?.Duration() > Tolerated;
}
