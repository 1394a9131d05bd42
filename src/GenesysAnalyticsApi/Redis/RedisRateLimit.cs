using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Redis.Connection;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// Counts the Genesys requests of all replicas in Redis. A sorted set contains the requests of the last minute with their times. The times are those of the
/// clock of Redis, because the clocks of the replicas differ. While Redis is unavailable or slow, each replica counts alone. If the key has another type, it is
/// deleted, and counting starts again. Entries dated in the future are deleted too, because they would count for too long.
/// </summary>
internal sealed class RedisRateLimit(RedisConnection redis, IOptions<GenesysOptions> options, TimeProvider clock) : ISharedRateLimit
{
    // The script is atomic, so no other replica can add an entry between the count and the addition. Times are in milliseconds, because old Redis servers round
    // longer numbers. The set can contain more entries than the limit of a call, because background work has a lower limit than waiting callers. The next
    // request is allowed when enough entries have expired.
    private const string Take =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local limit, window, skew = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
        local dropped = 0
        local expired = redis.pcall('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
        if type(expired) == 'table' and expired.err then
          if not string.find(expired.err, 'WRONGTYPE', 1, true) then return expired end
          redis.call('DEL', KEYS[1])
          dropped = 1
        else
          dropped = redis.call('ZREMRANGEBYSCORE', KEYS[1], now + skew, '+inf')
        end
        local count = redis.call('ZCARD', KEYS[1])
        if count < limit then
          redis.call('ZADD', KEYS[1], now, ARGV[3])
          redis.call('PEXPIRE', KEYS[1], window)
          return {1, count + 1, 0, dropped, now}
        end
        local entry = redis.call('ZRANGE', KEYS[1], count - limit, count - limit, 'WITHSCORES')
        return {0, count, math.floor(entry[2] + window - now), dropped, now}
        """;

    // After a failover, the clock of the new Redis server might be slightly behind the clock of the old one.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly ClockOffset _offset = new();
    private readonly string _replica = Guid.NewGuid().ToString("N");
    private long _requests;

    public TimeSpan? ClockAhead => _offset.Ahead;

    public async Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken)
    {
        var sentAt = clock.GetUtcNow();
        var reply = await redis.ExecuteAsync<long[]?>(
            async database => (long[]?)await database.ScriptEvaluateAsync(
                Take, [KeyOf(options.Value)], [limit, (long)SlidingWindow.Length.TotalMilliseconds, Member(), (long)Skew.TotalMilliseconds]),
            fallback: null, cancellationToken);
        if (reply is not [var isGranted, var count, var waitMs, var dropped, var redisTimeMs])
        {
            return SharedGrant.Alone;
        }

        if (dropped > 0)
        {
            redis.ReportInvalid("rate limit", "not a set of requests, or requests dated in the future");
        }

        if (redisTimeMs is > 0 and < 100_000_000_000_000)
        {
            var redisTime = DateTimeOffset.FromUnixTimeMilliseconds(redisTimeMs);
            _offset.Observe(redisTime, redisTime + TimeSpan.FromMilliseconds(1), sentAt, clock.GetUtcNow());
        }

        return new SharedGrant(isGranted == 1, (int)Math.Min(count, int.MaxValue), TimeSpan.FromMilliseconds(waitMs));
    }

    /// <summary>The key of the count: one count per Genesys Cloud region and client. The key contains a hash, so it does not reveal the client id.</summary>
    internal static RedisKey KeyOf(GenesysOptions options)
    {
        var client = $"{GenesysRegions.ApiBaseUrlOf(options).Authority} {options.ClientId}";
        return "genesys-analytics:budget:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client)).AsSpan(0, 16));
    }

    private RedisValue Member() => string.Create(CultureInfo.InvariantCulture, $"{_replica}:{Interlocked.Increment(ref _requests)}");
}
