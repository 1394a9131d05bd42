using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// A lock that every replica sees. Who has it renews it, however long that takes, and only he can end it; where he dies it ends by itself
/// soon after.
/// </summary>
internal static class RedisLock
{
    /// <summary>How long others are held up by a replica that died.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    // One renewal may be lost, and the next one late.
    internal static readonly TimeSpan BetweenRenewals = Life / 3;

    // One that has no end, or a later one than any replica gives it, is not a replica's: a question that waited for it would wait for the whole deadline.
    // Taken and looked at in one script, so that one replica alone takes it over.
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

    /// <param name="life">How long it lasts where it is not renewed, in the time of Redis.</param>
    /// <param name="clock">By this it is renewed.</param>
    /// <param name="note">What those who do not get it can read in it.</param>
    /// <returns>Null while another replica has it. While Redis cannot be asked, every replica gets it.</returns>
    public static async Task<IAsyncDisposable?> TryTakeAsync(
        RedisConnection redis, string key, TimeSpan life, TimeProvider clock, string note, CancellationToken cancellationToken)
    {
        // Random, for each time it is taken: a replica must not release what it took again after it had expired.
        RedisValue owner = $"{Guid.NewGuid():N} {note}";

        // Without an answer it may have been taken: to be on the safe side it is released as if it were.
        var longest = life > Life ? life : Life;
        var taken = await redis.AskAsync(
            async database => (int)await database.ScriptEvaluateAsync(
                Take, [key], [owner, (long)life.TotalMilliseconds, (long)longest.TotalMilliseconds]),
            otherwise: 1, cancellationToken);
        if (taken == TakenOver)
        {
            redis.ToldInvalid("lock", $"it would not have ended within {longest.TotalSeconds:0} s");
        }

        return taken == 0 ? null : new Taken(redis, key, owner, life, clock);
    }

    private sealed class Taken : IAsyncDisposable
    {
        private readonly RedisConnection _redis;
        private readonly RedisKey _key;
        private readonly RedisValue _owner;
        private readonly TimeSpan _life;
        private readonly PeriodicTimer _due;
        private readonly Task _renewing;

        public Taken(RedisConnection redis, RedisKey key, RedisValue owner, TimeSpan life, TimeProvider clock)
        {
            (_redis, _key, _owner, _life) = (redis, key, owner, life);
            _due = new PeriodicTimer(BetweenRenewals, clock);
            _renewing = RenewAsync();
        }

        public async ValueTask DisposeAsync()
        {
            // A renewal under way comes to its end first: after the release it would find nothing to renew, before it does no harm.
            _due.Dispose();
            await _renewing;
            await RunAsync(ReleaseByOwner, _owner);
        }

        private async Task RenewAsync()
        {
            while (await _due.WaitForNextTickAsync())
            {
                await RunAsync(RenewByOwner, _owner, (long)_life.TotalMilliseconds);
            }
        }

        private Task<RedisResult> RunAsync(string script, params RedisValue[] values) =>
            _redis.AskAsync(database => database.ScriptEvaluateAsync(script, [_key], values), RedisResult.Create(0), CancellationToken.None);
    }
}

/// <summary>Given to a replica that is alone.</summary>
internal sealed class NoLock : IAsyncDisposable
{
    public static readonly NoLock Instance = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
