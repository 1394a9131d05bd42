using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Redis.Connection;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Jobs;

/// <summary>
/// Shares the results of jobs through Redis: one hash per result, with a field per block. A full Redis with an evicting policy also evicts results.
/// </summary>
internal sealed class RedisJobResultStore(RedisConnection redis, RedisKeys keys, IOptions<JobsOptions> options) : IJobResultStore
{
    private const string Kind = "job-result";

    // The script is atomic. With two commands, a result would be kept forever if only the first command reached Redis.
    private const string Add =
        """
        redis.call('hset', KEYS[1], ARGV[1], ARGV[2])
        redis.call('pexpire', KEYS[1], ARGV[3])
        return 1
        """;

    /// <summary>
    /// How long the blocks of an unfinished run are kept after the last block, if the replica has died. Another run of the job deletes these blocks earlier.
    /// </summary>
    private static readonly TimeSpan UnfinishedLife = TimeSpan.FromDays(1);

    public Task<bool> AddAsync(string id, int number, byte[] block, CancellationToken cancellationToken)
    {
        RedisKey[] changedKeys = [KeyOf(id)];
        RedisValue[] values = [number, block, (long)UnfinishedLife.TotalMilliseconds];
        return redis.ExecuteAsync(async database => (int)await database.ScriptEvaluateAsync(Add, changedKeys, values) == 1, fallback: false, cancellationToken);
    }

    public async Task<byte[]?> ReadAsync(string id, int number, CancellationToken cancellationToken)
    {
        var value = await redis.ExecuteAsync(database => database.HashGetAsync(KeyOf(id), number), RedisValue.Null, cancellationToken);
        if (value.Length() > IJobResultStore.MaxBlockBytes)
        {
            await redis.DeleteInvalidAsync(KeyOf(id), Kind, $"larger than {IJobResultStore.MaxBlockBytes} bytes");
            return null;
        }

        return (byte[]?)value is { Length: > 0 } block ? block : null;
    }

    public async Task<int?> CountAsync(string id, CancellationToken cancellationToken) =>
        (int?)await redis.ExecuteAsync<long?>(async database => await database.HashLengthAsync(KeyOf(id)), fallback: null, cancellationToken);

    public Task KeepAsync(string id) => redis.ExecuteAsync(database => database.KeyExpireAsync(KeyOf(id), options.Value.Keep), fallback: false, CancellationToken.None);

    public Task DeleteAsync(string id) => redis.ExecuteAsync(database => database.KeyDeleteAsync(KeyOf(id)), fallback: false, CancellationToken.None);

    private string KeyOf(string id) => keys.Of(Kind, id);
}
