using GenesysAnalyticsApi.Alerts;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Redis.Connection;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Alerts;

/// <summary>
/// Shares the state of alerts through Redis. One replica evaluates the rules. This replica owns a key that expires unless the replica renews the key, and no
/// other replica can store the state until then. While Redis is unavailable, the owner continues alone, and no other replica starts to evaluate the rules.
/// </summary>
internal sealed class RedisAlertStore(RedisConnection redis, RedisKeys keys) : IAlertStore
{
    private const string Kind = "alerts";

    /// <summary>
    /// Enough for 10,000 alerts of about 300 bytes each. A hundred webhooks with 1,000 waiting notifications each would need more. <see cref="LoadAsync"/>
    /// discards a larger state.
    /// </summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    // The same script reads the state, because a replica that owns the key without the state would send notifications again for alerts that are already
    // firing. A replica writes a key that expires within ARGV[2] milliseconds. Another program wrote any other key, so the script replaces it.
    private const string Take =
        """
        if not redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
          local ttl = redis.call('pttl', KEYS[1])
          if ttl ~= -1 and ttl <= tonumber(ARGV[2]) then return {0} end
          redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
        end
        return {1, redis.call('get', KEYS[2])}
        """;

    private const string Save =
        """
        local owner = redis.call('get', KEYS[1])
        if owner and owner ~= ARGV[1] then return 0 end
        redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
        if ARGV[3] ~= '' then redis.call('set', KEYS[2], ARGV[3], 'PX', ARGV[4]) end
        return 1
        """;

    private const string Release = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    /// <summary>How long the state is kept after the last save. This is longer than any likely outage of all replicas.</summary>
    private static readonly TimeSpan StateLife = TimeSpan.FromDays(7);

    public bool IsShared => true;

    private RedisKey[] Keys => [keys.Of("alerts-owner"), keys.Of(Kind)];

    public async Task<AlertRegister?> LoadAsync(CancellationToken cancellationToken) =>
        await redis.GetBytesAsync(keys.Of(Kind), MaxBytes, Kind, cancellationToken) is { } bytes ? await ReadAsync(bytes) : null;

    public async Task<IAlertLeadership?> TryLeadAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        RedisValue owner = $"{Guid.NewGuid():N}";
        var reply = await redis.ExecuteAsync(
            async database => (RedisResult[]?)await database.ScriptEvaluateAsync(Take, Keys, [owner, (long)RedisLock.Life.TotalMilliseconds]), fallback: null, cancellationToken);

        // If the reply of Redis is late, the script might still have set the key. In that case, attempts to take the key fail until the key expires.
        if (reply is not [var isTaken, ..] || (int)isTaken == 0)
        {
            return null;
        }

        var register = reply is [_, var stored] && (byte[]?)stored is { Length: > 0 } bytes ? await ReadAsync(bytes) : null;
        return new Leadership(this, owner, register);
    }

    private async Task<AlertRegister?> ReadAsync(byte[] bytes)
    {
        var register = AlertRegisterEntry.Read(bytes, out var fault);
        if (fault is not null)
        {
            await redis.DeleteInvalidAsync(keys.Of(Kind), Kind, fault);
        }

        return register;
    }

    private sealed class Leadership(RedisAlertStore store, RedisValue owner, AlertRegister? register) : IAlertLeadership
    {
        public AlertRegister? Register => register;

        public async Task<bool> SaveAsync(AlertRegister? changed, CancellationToken cancellationToken)
        {
            RedisValue bytes = changed is null ? "" : AlertRegisterEntry.Write(changed);
            RedisValue[] values = [owner, (long)RedisLock.Life.TotalMilliseconds, bytes, (long)StateLife.TotalMilliseconds];

            // While Redis is unavailable, this replica continues, because no other replica can start to evaluate the rules. Each save contains the whole state,
            // so the next save that reaches Redis makes up for the lost ones.
            return await store.ExecuteAsync(Save, values, fallback: 1, cancellationToken) == 1;
        }

        public async ValueTask DisposeAsync() => await store.ExecuteAsync(Release, [owner], fallback: 0, CancellationToken.None);
    }

    private Task<int> ExecuteAsync(string script, RedisValue[] values, int fallback, CancellationToken cancellationToken) =>
        redis.ExecuteAsync(async database => (int)await database.ScriptEvaluateAsync(script, Keys, values), fallback, cancellationToken);
}
