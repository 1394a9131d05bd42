using GenesysAnalyticsApi.Observations.Feed;
using GenesysAnalyticsApi.Observations.State;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Observations;

/// <summary>
/// Decides by a lease which replica holds the notification channels. It stores each state as <see cref="RedisLiveReplication"/> does, and notifies the
/// others of the newer state. While Redis is unavailable, each replica holds its own channels.
/// </summary>
internal sealed class RedisNotificationSharing(RedisConnection redis, RedisKeys keys, ILiveReplication states, TimeProvider clock) : INotificationSharing, IAsyncDisposable
{
    /// <summary>Not for every message, because each time the whole state is stored.</summary>
    private static readonly TimeSpan SendInterval = TimeSpan.FromMilliseconds(250);

    // One script, so that exactly one replica holds the lease, and its owner renews it. A lease that does not expire was not written by a replica.
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
    private ChannelMessageQueue? _news;
    private LiveSnapshot? _unsent;
    private Task _sending = Task.CompletedTask;
    private volatile bool _holds;

    private RedisKey Lease => keys.Of("notifications-lease");

    private RedisChannel News => RedisChannel.Literal(keys.Of("notifications"));

    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        RedisKey[] lease = [Lease];
        RedisValue[] values = [_owner, (long)RedisLock.Life.TotalMilliseconds];
        return _holds = await redis.ExecuteAsync(async database => (int)await database.ScriptEvaluateAsync(TakeOrRenew, lease, values) == 1, fallback: true, cancellationToken);
    }

    public async Task ReleaseAsync()
    {
        _holds = false;
        RedisKey[] lease = [Lease];
        RedisValue[] values = [_owner];
        await redis.ExecuteAsync(database => database.ScriptEvaluateAsync(Release, lease, values), RedisResult.Create(0), CancellationToken.None);
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

        // Without waiting for Redis: the client subscribes on every reconnection, even if Redis is unavailable now.
        _news = await multiplexer.GetSubscriber().SubscribeAsync(News, CommandFlags.FireAndForget);
        _news.OnMessage(async _ =>
        {
            if (!_holds && await states.LoadAsync(CancellationToken.None) is { } state)
            {
                receive(state);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_news is not null)
        {
            await _news.UnsubscribeAsync(CommandFlags.FireAndForget);
        }
    }

    private async Task SendAllAsync()
    {
        while (Next() is { } state)
        {
            await states.SaveAsync(state);
            await redis.ExecuteAsync(database => database.PublishAsync(News, RedisValue.EmptyString), fallback: 0L, CancellationToken.None);
            await Task.Delay(SendInterval, clock);
        }
    }

    private LiveSnapshot? Next()
    {
        lock (_gate)
        {
            var next = _unsent;
            _unsent = null;
            return next;
        }
    }
}
