using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Hosting.Health;

/// <summary>
/// Whether the clock of this machine is right, by those of Genesys Cloud and of Redis. "Now" in every question, whether figures are final, and
/// what callers are told of their age go by it; what replicas tell each other is corrected (<see cref="ReplicaTime"/>).
/// </summary>
/// <param name="shared">Knows the clock of Redis if Redis is configured.</param>
internal sealed class ClockSkew(GenesysClock genesys, TimeProvider clock, ISharedRateLimit shared)
{
    internal static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);

    internal const string Remedy = "Have the clock of this machine, or of the one that hosts its containers, set by NTP (timedatectl tells whether it is).";

    internal const string RemedyForRedis = "Have the clock of Redis' machine set by NTP (timedatectl tells whether it is).";

    private readonly Lock _gate = new();
    private DateTimeOffset? _since;

    public ComponentHealth Readiness
    {
        get
        {
            var (isOff, isRedisOff) = (IsOff(genesys.Ahead), IsOff(shared.ClockAhead));
            lock (_gate)
            {
                _since = isOff || isRedisOff ? _since ?? clock.GetUtcNow() : null;
                var texts = new[] { isOff ? TextOf(genesys.Ahead!.Value, "Genesys'") : null, isRedisOff ? TextOf(shared.ClockAhead!.Value, "Redis'") : null }.OfType<string>();
                return _since is null
                    ? new(ComponentStatus.Ok)
                    : new(ComponentStatus.Degraded, _since, $"{string.Join(' ', texts)} {Tolerated.TotalSeconds} s are tolerated. {RemedyFor(isRedisOff)}");
            }
        }
    }

    /// <summary>What Redis' clock says, where it says anything.</summary>
    public string? Redis => IsOff(shared.ClockAhead) ? TextOf(shared.ClockAhead!.Value, "Redis'") : null;

    /// <summary>Which clock is wrong is not known where only two are compared; Genesys' is taken to be right.</summary>
    public string RemedyFor(bool isRedisOff) => isRedisOff && genesys.Ahead is { } ahead && !IsOff(ahead) ? RemedyForRedis : Remedy;

    public static string TextOf(TimeSpan ahead, string whose) => string.Create(
        CultureInfo.InvariantCulture, $"The clock is {ahead.Duration().TotalSeconds:0.0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} {whose}.");

    private static bool IsOff(TimeSpan? ahead) => ahead?.Duration() > Tolerated;
}
