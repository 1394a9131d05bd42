using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// How far the clock of this machine is from that of Redis, by what Redis says with each permit. It is only told: lives and the shared
/// budget go by Redis' clock alone, ages by that of Genesys (<see cref="ReplicaTime"/>).
/// </summary>
internal sealed class RedisClock
{
    private readonly ClockOffset _offset = new();

    /// <inheritdoc cref="ClockOffset.Ahead"/>
    public TimeSpan? Ahead => _offset.Ahead;

    /// <param name="milliseconds">Of the Unix epoch.</param>
    public void Observe(long milliseconds, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (milliseconds is > 0 and < 100_000_000_000_000)
        {
            var theirs = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            _offset.Observe(theirs, theirs + TimeSpan.FromMilliseconds(1), sentAt, receivedAt);
        }
    }
}
