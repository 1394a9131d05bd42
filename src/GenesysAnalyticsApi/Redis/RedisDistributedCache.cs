using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis;

/// <summary>The far level of the cache. While Redis is gone it has nothing, at once.</summary>
internal sealed class RedisDistributedCache(RedisConnection redis) : IDistributedCache
{
    /// <summary>A slice of all queues over many hours has some megabytes.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => redis.BytesOfAsync(key, MostBytes, "slice", token);

    /// <exception cref="RedisException">It was not kept: the cache must not tell other replicas of it.</exception>
    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        // The cache reckons on the system's clock.
        var life = options.AbsoluteExpiration!.Value - TimeProvider.System.GetUtcNow();
        if (!await redis.AskAsync(database => database.StringSetAsync(key, value, life), otherwise: false, token))
        {
            throw new RedisException("The value was not kept.");
        }
    }

    public Task RemoveAsync(string key, CancellationToken token = default) =>
        redis.AskAsync(database => database.KeyDeleteAsync(key), otherwise: false, token);

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public byte[]? Get(string key) => throw Blocking();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw Blocking();

    public void Remove(string key) => throw Blocking();

    public void Refresh(string key) => throw Blocking();

    private static NotSupportedException Blocking() => new("No thread shall be blocked for Redis: use the asynchronous methods.");
}
