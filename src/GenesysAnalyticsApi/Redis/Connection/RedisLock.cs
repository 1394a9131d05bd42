using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Connection;

/// <summary>
/// A lock across replicas. The owner renews the lock while it works. If the owner dies, the lock expires. An owner that has lost its lock cannot release the
/// lock of a later owner. ADR 0029 explains why no library is used.
/// </summary>
internal static class RedisLock
{
    /// <summary>The lifetime of a lock that is not renewed: the lock of a dead replica delays the other replicas for at most this time.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    // With three renewals per lifetime, the lock survives one lost renewal, even if the next renewal is late.
    internal static readonly TimeSpan RenewalInterval = Life / 3;

    // A replica writes a lock that expires within ARGV[3] milliseconds. Another program wrote any other lock. A query would wait for such a lock until the
    // deadline of the query, so the script takes the lock over. A script is atomic, so exactly one replica takes the lock over.
    private const string Take =
        """
        if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
        local ttl = redis.call('pttl', KEYS[1])
        if ttl == -1 or ttl > tonumber(ARGV[3]) then
          redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
          return 2
        end
        return 0
        """;

    private const int TakenOver = 2;

    private const string RenewByOwner =
        "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end";

    private const string ReleaseByOwner =
        "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    /// <param name="life">The lifetime of the lock without a renewal, measured by the clock of Redis.</param>
    /// <param name="clock">Schedules the renewals.</param>
    /// <param name="note">Text that is stored in the lock. Replicas that do not get the lock can read this text.</param>
    /// <returns>Null while an earlier call, in this or another replica, holds the lock. While Redis is unavailable, every call gets the lock.</returns>
    public static async Task<IAsyncDisposable?> TryTakeAsync(
        RedisConnection redis, string key, TimeSpan life, TimeProvider clock, string note, CancellationToken cancellationToken)
    {
        // The owner is unique per call: after its lock has expired, a call must not release a lock that the same replica has taken later.
        RedisValue owner = $"{Guid.NewGuid():N} {note}";

        // If Redis does not reply in time, the script might still have set the key. The lock then counts as held, so the key is deleted on release.
        var maxLife = life > Life ? life : Life;
        var outcome = await redis.ExecuteAsync(
            async database => (int)await database.ScriptEvaluateAsync(
                Take, [key], [owner, (long)life.TotalMilliseconds, (long)maxLife.TotalMilliseconds]),
            fallback: 1, cancellationToken);
        if (outcome == TakenOver)
        {
            redis.ReportInvalid("lock", $"does not expire within {maxLife.TotalSeconds:0} s");
        }

        if (outcome == 0)
        {
            return null;
        }

        var renewalTimer = new PeriodicTimer(RenewalInterval, clock);
        return new HeldLock(renewalTimer, RenewAsync(), () => RunAsync(ReleaseByOwner, owner));

        async Task RenewAsync()
        {
            while (await renewalTimer.WaitForNextTickAsync(CancellationToken.None))
            {
                await RunAsync(RenewByOwner, owner, (long)life.TotalMilliseconds);
            }
        }

        Task RunAsync(string script, params RedisValue[] values) =>
            redis.ExecuteAsync(database => database.ScriptEvaluateAsync(script, [key], values), RedisResult.Create(0), CancellationToken.None);
    }

    private sealed class HeldLock(PeriodicTimer renewalTimer, Task renewing, Func<Task> release) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // The release waits for a renewal in progress, which could otherwise extend the lock afterward.
            renewalTimer.Dispose();
            await renewing;
            await release();
        }
    }
}
