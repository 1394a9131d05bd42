using GenesysAnalyticsApi.Redis.Connection;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// Notifies the other replicas of a new cache entry, so that the other replicas drop their copies in memory. A disconnected replica misses the notification
/// and uses its copy until the copy is due, as it would without Redis. ADR 0028 explains why the class of the library is not used.
/// </summary>
internal sealed class RedisBackplane(RedisConnection redis) : IFusionCacheBackplane
{
    private const string Kind = "notification";

    /// <summary>More than any notification needs, because a notification names only one cache entry.</summary>
    private const int MaxBytes = 16 * 1024;

    private RedisChannel _channel;
    private ChannelMessageQueue? _messages;

    public async ValueTask SubscribeAsync(BackplaneSubscriptionOptions options)
    {
        _channel = RedisChannel.Literal(options.ChannelName!);
        var multiplexer = await redis.Multiplexer;

        // This call does not wait for Redis. Even if Redis is unavailable now, the client subscribes at every reconnection.
        _messages = await multiplexer.GetSubscriber().SubscribeAsync(_channel, CommandFlags.FireAndForget);
        _messages.OnMessage(message => HandleAsync(message.Message, options));
    }

    public async ValueTask UnsubscribeAsync()
    {
        if (_messages is not null)
        {
            await _messages.UnsubscribeAsync(CommandFlags.FireAndForget);
        }
    }

    public async ValueTask PublishAsync(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default)
    {
        var bytes = BackplaneMessage.ToByteArray(message);
        await redis.ExecuteAsync(database => database.PublishAsync(_channel, bytes), fallback: 0L, token);
    }

    public void Subscribe(BackplaneSubscriptionOptions options) => _ = SubscribeAsync(options).AsTask();

    public void Unsubscribe() => _messages?.Unsubscribe(CommandFlags.FireAndForget);

    public void Publish(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        _ = PublishAsync(message, options, token).AsTask();

    // Any program can publish on the channel, and the parser of the library can throw undocumented exceptions.
    private async Task HandleAsync(byte[]? bytes, BackplaneSubscriptionOptions options)
    {
        try
        {
            if (bytes is not { Length: > 0 and <= MaxBytes } || BackplaneMessage.FromByteArray(bytes) is not { } message || !message.IsValid())
            {
                redis.ReportInvalid(Kind, "not a cache notification");
            }
            else if (message.SourceId != options.CacheInstanceId)
            {
                await options.IncomingMessageHandlerAsync!(message);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            redis.ReportInvalid(Kind, $"not a cache notification ({failure.GetType().Name})");
        }
    }
}
