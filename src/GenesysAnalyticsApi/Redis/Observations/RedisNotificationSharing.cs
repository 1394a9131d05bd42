using GenesysAnalyticsApi.Observations.Feed;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Redis.Connection;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Observations;

/// <summary>
/// Decides with a lock in Redis which replica holds the notification channels. That replica stores the state through <see cref="ILiveReplication"/> and
/// notifies the other replicas of each newer state. While Redis is unavailable, each replica holds its own channels.
/// </summary>
internal sealed class RedisNotificationSharing(RedisConnection redis, RedisKeys keys, ILiveReplication states, TimeProvider clock) : INotificationSharing, IAsyncDisposable
{
    /// <summary>The pause after each sent state. A state is not sent for every message from Genesys, because the whole state is stored each time.</summary>
    private static readonly TimeSpan SendInterval = TimeSpan.FromMilliseconds(250);

    // A script is atomic, so only one replica can take the lock, and only the owner can renew it. Replicas write only locks that expire. Another program
    // wrote a lock that does not expire, so the script replaces the lock.
    private const string TakeOrRenew =
        """
        local owner = redis.call('get', KEYS[1])
        if not owner or owner == ARGV[1] or redis.call('pttl', KEYS[1]) == -1 then
          redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
          return 1
        end
        return 0
        """;

    private const string Release = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private readonly string _owner = $"{Guid.NewGuid():N}";
    private readonly Lock _gate = new();
    private ChannelMessageQueue? _messages;
    private LiveSnapshot? _unsent;
    private Task _sending = Task.CompletedTask;
    private volatile bool _isHolder;

    private RedisKey LockKey => keys.Of("notifications-lease");

    private RedisChannel Channel => RedisChannel.Literal(keys.Of("notifications"));

    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        RedisKey[] lockKeys = [LockKey];
        RedisValue[] values = [_owner, (long)RedisLock.Life.TotalMilliseconds];
        return _isHolder = await redis.ExecuteAsync(async database => (int)await database.ScriptEvaluateAsync(TakeOrRenew, lockKeys, values) == 1, fallback: true, cancellationToken);
    }

    public async Task ReleaseAsync()
    {
        _isHolder = false;
        RedisKey[] lockKeys = [LockKey];
        RedisValue[] values = [_owner];
        await redis.ExecuteAsync(database => database.ScriptEvaluateAsync(Release, lockKeys, values), RedisResult.Create(0), CancellationToken.None);
    }

    public Task SendAsync(LiveSnapshot state)
    {
        lock (_gate)
        {
            _unsent = state;
            _sending = _sending.IsCompleted ? Task.Run(SendAllAsync) : _sending;
            return _sending;
        }
    }

    public async Task ReceiveAsync(Action<LiveSnapshot> receive)
    {
        var multiplexer = await redis.Multiplexer;

        // This call does not wait for Redis. Even if Redis is unavailable now, the client subscribes at every reconnection.
        _messages = await multiplexer.GetSubscriber().SubscribeAsync(Channel, CommandFlags.FireAndForget);
        _messages.OnMessage(async _ =>
        {
            if (!_isHolder && await states.LoadAsync(CancellationToken.None) is { } state)
            {
                receive(state);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_messages is not null)
        {
            await _messages.UnsubscribeAsync(CommandFlags.FireAndForget);
        }
    }

    private async Task SendAllAsync()
    {
        while (TakeUnsent() is { } state)
        {
            await states.SaveAsync(state);
            await redis.ExecuteAsync(database => database.PublishAsync(Channel, RedisValue.EmptyString), fallback: 0L, CancellationToken.None);
            await Task.Delay(SendInterval, clock);
        }
    }

    private LiveSnapshot? TakeUnsent()
    {
        lock (_gate)
        {
            var state = _unsent;
            _unsent = null;
            return state;
        }
    }
}
