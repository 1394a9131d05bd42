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
/// Counts the requests of all replicas in Redis: a sorted set of the last minute's requests, timed by the clock of Redis, because the clocks
/// of the replicas differ. While Redis is unavailable or slow, the replica counts alone. A key of another type is deleted and counting starts
/// again; entries dated in the future would never expire and are deleted too.
/// </summary>
internal sealed class RedisRateLimit(RedisConnection redis, IOptions<GenesysOptions> options, TimeProvider clock) : ISharedRateLimit
{
    // One script, so that no other replica can add an entry between the count and this entry. Milliseconds, because old servers round longer
    // numbers. There can be more entries than the limit, because background work has a lower one. Then several entries must expire first.
    private const string Take =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local limit, window, skew = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
        local dropped = 0
        local left = redis.pcall('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
        if type(left) == 'table' and left.err then
          if not string.find(left.err, 'WRONGTYPE', 1, true) then return left end
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
        local leaves = redis.call('ZRANGE', KEYS[1], count - limit, count - limit, 'WITHSCORES')
        return {0, count, math.floor(leaves[2] + window - now), dropped, now}
        """;

    // After a failover, the clock of the new server may be slightly behind.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly ClockOffset _offset = new();
    private readonly string _replica = Guid.NewGuid().ToString("N");
    private long _taken;

    public TimeSpan? ClockAhead => _offset.Ahead;

    public async Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken)
    {
        var sentAt = clock.GetUtcNow();
        var taken = await redis.ExecuteAsync<long[]?>(
            async database => (long[]?)await database.ScriptEvaluateAsync(
                Take, [KeyOf(options.Value)], [limit, (long)SlidingWindow.Length.TotalMilliseconds, Member(), (long)Skew.TotalMilliseconds]),
            fallback: null, cancellationToken);
        if (taken is not [var isGranted, var count, var wait, var dropped, var now])
        {
            return SharedGrant.Alone;
        }

        if (dropped > 0)
        {
            redis.ReportInvalid("rate limit", "not a set of requests, or requests dated in the future");
        }

        if (now is > 0 and < 100_000_000_000_000)
        {
            var theirs = DateTimeOffset.FromUnixTimeMilliseconds(now);
            _offset.Observe(theirs, theirs + TimeSpan.FromMilliseconds(1), sentAt, clock.GetUtcNow());
        }

        return new SharedGrant(isGranted == 1, (int)Math.Min(count, int.MaxValue), TimeSpan.FromMilliseconds(wait));
    }

    /// <summary>One count per Genesys Cloud region and client. Hashed, so that Redis does not show the client id.</summary>
    internal static RedisKey KeyOf(GenesysOptions options)
    {
        var client = $"{GenesysRegions.ApiBaseUrlOf(options).Authority} {options.ClientId}";
        return "genesys-analytics:budget:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client)).AsSpan(0, 16));
    }

    private RedisValue Member() => string.Create(CultureInfo.InvariantCulture, $"{_replica}:{Interlocked.Increment(ref _taken)}");
}
