using GenesysAnalyticsApi.Redis.Connection;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis;

/// <summary>Stores cache entries in Redis. While Redis is unavailable, every read is a miss, every write fails, and no operation waits for Redis.</summary>
internal sealed class RedisDistributedCache(RedisConnection redis) : IDistributedCache
{
    /// <summary>The maximum size of a cache entry. A slice of all queues over many hours needs only a few megabytes.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => redis.GetBytesAsync(key, MaxBytes, "slice", token);

    /// <exception cref="RedisException">The value was not stored. The exception prevents FusionCache from notifying other replicas.</exception>
    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        // FusionCache computes the expiration with the system clock.
        var lifetime = options.AbsoluteExpiration!.Value - TimeProvider.System.GetUtcNow();
        if (!await redis.ExecuteAsync(database => database.StringSetAsync(key, value, lifetime), fallback: false, token))
        {
            throw new RedisException("The value was not stored.");
        }
    }

    public Task RemoveAsync(string key, CancellationToken token = default) =>
        redis.ExecuteAsync(database => database.KeyDeleteAsync(key), fallback: false, token);

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public byte[]? Get(string key) => throw BlockingCallNotSupported();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw BlockingCallNotSupported();

    public void Remove(string key) => throw BlockingCallNotSupported();

    public void Refresh(string key) => throw BlockingCallNotSupported();

    private static NotSupportedException BlockingCallNotSupported() => new("Use the asynchronous methods; a call to Redis must not block a thread.");
}
