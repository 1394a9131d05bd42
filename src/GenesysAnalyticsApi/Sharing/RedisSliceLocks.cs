using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Sharing;

/// <summary>One flight per slice across all replicas; each on its own while Redis is gone.</summary>
internal sealed class RedisSliceLocks(RedisConnection redis, RedisKeys keys, TimeProvider clock) : ISliceLocks
{
    /// <summary>How long the lock of a replica that died holds up the others.</summary>
    public TimeSpan Life { get; init; } = RedisLock.Life;

    public Task<IAsyncDisposable?> TryTakeAsync(string key, CancellationToken cancellationToken) =>
        RedisLock.TryTakeAsync(redis, keys.Of("flight", key), Life, clock, cancellationToken);

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life)
    {
        var mark = JsonSerializer.SerializeToUtf8Bytes(failure, SharingJson.Default.GenesysFailure);
        return redis.AskAsync(database => database.StringSetAsync(keys.Of("failed", key), mark, life), otherwise: false, CancellationToken.None);
    }

    public async Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken)
    {
        var mark = await redis.AskAsync(database => database.StringGetAsync(keys.Of("failed", key)), RedisValue.Null, cancellationToken);
        try
        {
            return mark.IsNull ? null : JsonSerializer.Deserialize((byte[])mark!, SharingJson.Default.GenesysFailure);
        }
        catch (JsonException)
        {
            // Another version's mark, perhaps; without it the worst is one question too many.
            return null;
        }
    }
}

/// <summary>A replica on its own.</summary>
internal sealed class NoSliceLocks : ISliceLocks
{
    public Task<IAsyncDisposable?> TryTakeAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(NoLock.Instance);

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life) => Task.CompletedTask;

    public Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken) => Task.FromResult<GenesysFailure?>(null);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(GenesysFailure))]
internal sealed partial class SharingJson : JsonSerializerContext;
