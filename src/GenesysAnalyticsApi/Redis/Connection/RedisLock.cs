using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Connection;

/// <summary>
/// A lock across replicas. The owner renews it while it works, and only the owner can release it; if the owner dies, the lock expires.
/// ADR 0029 explains why no library is used.
/// </summary>
internal static class RedisLock
{
    /// <summary>How long the lock of a dead replica delays the others.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    // Allows for one lost renewal and a late one after it.
    internal static readonly TimeSpan RenewalInterval = Life / 3;

    // A lock that does not expire, or expires later than a replica's lock can, was not written by a replica; a query would wait for it until its deadline.
    // One script, so that exactly one replica takes it over.
    private const string Take =
        """
        if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
        local left = redis.call('pttl', KEYS[1])
        if left == -1 or left > tonumber(ARGV[3]) then
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

    /// <param name="life">When the lock expires unless it is renewed, by the clock of Redis.</param>
    /// <param name="clock">Schedules the renewals.</param>
    /// <param name="note">Stored in the lock; replicas that do not get the lock can read it.</param>
    /// <returns>Null while another replica holds the lock. While Redis is unavailable, every replica gets it.</returns>
    public static async Task<IAsyncDisposable?> TryTakeAsync(
        RedisConnection redis, string key, TimeSpan life, TimeProvider clock, string note, CancellationToken cancellationToken)
    {
        // Unique per acquisition: a holder whose lock has expired must not release a lock that the same replica took later.
        RedisValue owner = $"{Guid.NewGuid():N} {note}";

        // If Redis does not reply in time, this replica may hold the lock. Treating it as held ensures that it is released.
        var longest = life > Life ? life : Life;
        var taken = await redis.ExecuteAsync(
            async database => (int)await database.ScriptEvaluateAsync(
                Take, [key], [owner, (long)life.TotalMilliseconds, (long)longest.TotalMilliseconds]),
            fallback: 1, cancellationToken);
        if (taken == TakenOver)
        {
            redis.ReportInvalid("lock", $"does not expire within {longest.TotalSeconds:0} s");
        }

        if (taken == 0)
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
            // A renewal in progress completes before the release.
            renewalTimer.Dispose();
            await renewing;
            await release();
        }
    }
}
