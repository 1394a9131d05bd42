using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// Tells the other replicas that an entry is new, so that they drop their copy in memory. What is said while a replica has no
/// connection does not reach it; its copies then live on until they are due, as they would without Redis.
/// </summary>
internal sealed class RedisBackplane(RedisConnection redis) : IFusionCacheBackplane
{
    /// <summary>It names one entry.</summary>
    private const int MostBytes = 16 * 1024;

    private RedisChannel _channel;
    private ChannelMessageQueue? _messages;

    public async ValueTask SubscribeAsync(BackplaneSubscriptionOptions options)
    {
        _channel = RedisChannel.Literal(options.ChannelName!);
        var multiplexer = await redis.Multiplexer;

        // Not awaited by Redis: a subscription made while it is gone becomes one when it is back, as after every reconnection.
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
        await redis.AskAsync(database => database.PublishAsync(_channel, bytes), otherwise: 0L, token);
    }

    public void Subscribe(BackplaneSubscriptionOptions options) => _ = SubscribeAsync(options).AsTask();

    public void Unsubscribe() => _messages?.Unsubscribe(CommandFlags.FireAndForget);

    public void Publish(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        _ = PublishAsync(message, options, token).AsTask();

    // Anybody can publish anything on a channel; what is no message of ours says nothing, in whichever way it trips its reader.
    private async Task HandleAsync(byte[]? bytes, BackplaneSubscriptionOptions options)
    {
        try
        {
            if (bytes is not { Length: > 0 and <= MostBytes } || BackplaneMessage.FromByteArray(bytes) is not { } message || !message.IsValid())
            {
                redis.ToldInvalid("news", "it is no message of the cache");
            }
            else if (message.SourceId != options.CacheInstanceId)
            {
                await options.IncomingMessageHandlerAsync!(message);
            }
        }
        catch (Exception foreign) when (foreign is not OutOfMemoryException)
        {
            redis.ToldInvalid("news", $"it is no message of the cache ({foreign.GetType().Name})");
        }
    }
}
