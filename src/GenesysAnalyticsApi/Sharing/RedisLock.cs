using StackExchange.Redis;

namespace GenesysAnalyticsApi.Sharing;

/// <summary>A lock that every replica sees. It ends by itself, and only who took it can end it earlier.</summary>
internal static class RedisLock
{
    private const string ReleaseByOwner =
        "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    /// <returns>Null while somebody else has it. While Redis cannot be asked everybody gets it.</returns>
    public static async Task<IAsyncDisposable?> TryTakeAsync(RedisConnection redis, string key, TimeSpan life, CancellationToken cancellationToken)
    {
        // Random, for each time it is taken: a replica must not release what it has taken anew after it had expired.
        RedisValue owner = Guid.NewGuid().ToString("N");

        // Without an answer it may have been taken: to be on the safe side it is released as if it were.
        var isTaken = await redis.AskAsync(
            database => database.StringSetAsync(key, owner, life, When.NotExists), otherwise: true, cancellationToken);
        return isTaken ? new Taken(redis, key, owner) : null;
    }

    private sealed class Taken(RedisConnection redis, RedisKey key, RedisValue owner) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            await redis.AskAsync(database => database.ScriptEvaluateAsync(ReleaseByOwner, [key], [owner]), RedisResult.Create(0), CancellationToken.None);
    }
}

/// <summary>Given to whoever is alone.</summary>
internal sealed class NoLock : IAsyncDisposable
{
    public static readonly NoLock Instance = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
