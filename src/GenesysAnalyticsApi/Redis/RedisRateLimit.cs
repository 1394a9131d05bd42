using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// The shared count in Redis: a sorted set of the last minute's requests, by the time of Redis' own clock, since those of the replicas
/// differ. A Redis that is gone or slow holds nobody up: the replica goes on with its own count alone. A key that is no such set is dropped, and
/// counting begins again; entries from the future would never leave, and are dropped too.
/// </summary>
internal sealed class RedisRateLimit(RedisConnection redis, RedisClock redisClock, IOptions<GenesysOptions> options, TimeProvider clock) : ISharedRateLimit
{
    // One script, so that no other replica comes between the count and the entry. Milliseconds, because old servers round longer
    // numbers. When there are more than the limit (background work has a lower one), more than the oldest has to leave.
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

    // A server that takes over from another may have a clock that is a little behind.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly string _replica = Guid.NewGuid().ToString("N");
    private long _taken;

    public async Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken)
    {
        var sentAt = clock.GetUtcNow();
        var taken = await redis.AskAsync<long[]?>(
            async database => (long[]?)await database.ScriptEvaluateAsync(
                Take, [KeyOf(options.Value)], [limit, (long)SlidingWindow.Length.TotalMilliseconds, Member(), (long)Skew.TotalMilliseconds]),
            otherwise: null, cancellationToken);
        if (taken is not [var isGranted, var count, var wait, var dropped, var now])
        {
            return SharedGrant.Alone;
        }

        if (dropped > 0)
        {
            redis.ToldInvalid("budget", "it is no set of requests, or has requests of the future");
        }

        redisClock.Observe(now, sentAt, clock.GetUtcNow());
        return new SharedGrant(isGranted == 1, (int)Math.Min(count, int.MaxValue), TimeSpan.FromMilliseconds(wait));
    }

    /// <summary>Who asks another Genesys Cloud, or as another client, has another budget. Hashed: the id need not be read in Redis.</summary>
    internal static RedisKey KeyOf(GenesysOptions options)
    {
        var client = $"{GenesysRegions.ApiBaseUrlOf(options).Authority} {options.ClientId}";
        return "genesys-analytics:budget:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client)).AsSpan(0, 16));
    }

    private RedisValue Member() => string.Create(CultureInfo.InvariantCulture, $"{_replica}:{Interlocked.Increment(ref _taken)}");
}
