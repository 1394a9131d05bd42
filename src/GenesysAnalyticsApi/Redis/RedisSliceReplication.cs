using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// Lets replicas fetch each slice only once: takes locks for fetches, and shares their failures. While Redis is unavailable, each replica fetches alone.
/// </summary>
internal sealed class RedisSliceReplication(RedisConnection redis, RedisKeys keys, SharedTime time, TimeProvider clock) : ISliceReplication
{
    private const string FailureKind = "failure";

    private const int MaxLockBytes = 256;

    /// <summary>The word after the time in a lock, if no query of the owner is waiting for the slice.</summary>
    private const string Background = "background";

    private const int MaxFailureBytes = 16 * 1024;

    /// <summary>The reply of Redis to PTTL for a key that no longer exists.</summary>
    private const long Expired = -2;

    /// <summary>The maximum wait in a shared failure. A longer wait is shortened.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan MaxFailureLife = SliceFailureCache.LongestLifetime.ToTimeSpan();

    /// <summary>The lifetime of a lock that is not renewed: the lock of a dead replica delays the other replicas for at most this time.</summary>
    public TimeSpan Life { get; init; } = RedisLock.Life;

    public string KeyPrefix => keys.Of("slice");

    public string ChannelPrefix => keys.Of("news");

    public Task<IAsyncDisposable?> TryTakeAsync(string key, bool hasPriority, CancellationToken cancellationToken) =>
        TakeAsync(keys.Of("flight", key), hasPriority, cancellationToken);

    public async Task<IAsyncDisposable?> TryTakeSecondAsync(string key, bool hasPriority, Predicate<Instant> suffices, CancellationToken cancellationToken)
    {
        // If the first lock has been released in the meantime, its fetch has ended, and the caller looks for the slice again.
        var holder = await redis.GetBytesAsync(keys.Of("flight", key), MaxLockBytes, "lock", cancellationToken);
        return Read(holder) is var (startedAt, isBackground) && (!suffices(startedAt) || (hasPriority && isBackground))
            ? await TakeAsync(keys.Of("flight", $"{key} beside"), hasPriority, cancellationToken)
            : null;
    }

    public async Task<Instant?> FetchTimeOfAsync(string key, CancellationToken cancellationToken) =>
        await redis.GetStampAsync(KeyPrefix + key, SliceCacheEntry.Version, cancellationToken) is { } stamp ? time.FromShared(stamp) : null;

    public void ReportInvalidSlice(string reason) => redis.ReportInvalid("slice", reason);

    public Task ForgetFailureAsync(string key) =>
        redis.ExecuteAsync(database => database.KeyDeleteAsync(keys.Of("failed", key)), fallback: false, CancellationToken.None);

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life)
    {
        var limited = failure.RetryAfter > MaxRetryAfter ? failure with { RetryAfter = MaxRetryAfter } : failure;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(limited, RedisJson.Default.GenesysFailure);
        return redis.ExecuteAsync(database => database.StringSetAsync(keys.Of("failed", key), bytes, life), fallback: false, CancellationToken.None);
    }

    public async Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken)
    {
        var name = keys.Of("failed", key);
        if (await redis.GetBytesAsync(name, MaxFailureBytes, FailureKind, cancellationToken) is not { } bytes)
        {
            return null;
        }

        // A failure that does not expire would prevent the slice from ever being fetched.
        var remainingMs = await redis.ExecuteAsync(async database => (long)await database.ExecuteAsync("PTTL", name), fallback: Expired, cancellationToken);
        if (remainingMs == Expired)
        {
            return null;
        }

        var expiresInTime = remainingMs >= 0 && remainingMs <= MaxFailureLife.TotalMilliseconds;
        if (expiresInTime && ParseFailure(bytes) is { } failure)
        {
            return failure;
        }

        // Another version of the service might have written the value. If so, deleting the value costs only one more fetch of the slice.
        await redis.DeleteInvalidAsync(name, FailureKind, expiresInTime ? "not a failure" : $"does not expire within {MaxFailureLife.TotalSeconds:0} s");
        return null;
    }

    private static GenesysFailure? ParseFailure(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, RedisJson.Default.GenesysFailure) is { } failure && IsValid(failure) ? failure : null;
        }
        catch (Exception invalid) when (invalid is JsonException or NotSupportedException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private Task<IAsyncDisposable?> TakeAsync(string name, bool hasPriority, CancellationToken cancellationToken)
    {
        var startedAt = time.Now.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture);
        return RedisLock.TryTakeAsync(redis, name, Life, clock, hasPriority ? startedAt : $"{startedAt} {Background}", cancellationToken);
    }

    /// <summary>
    /// Returns when the owner took the lock, and whether its fetch is background work. The owner takes the lock before it sends its first Genesys request.
    /// Null if the lock does not contain a plausible time.
    /// </summary>
    private (Instant StartedAt, bool IsBackground)? Read(byte[]? holder) =>
        holder is not null
        && Encoding.UTF8.GetString(holder).Split(' ') is [_, var note, .. var purpose]
        && purpose is [] or [Background]
        && long.TryParse(note, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= Instant.MaxValue.ToUnixTimeTicks()
        && time.FromShared(Instant.FromUnixTimeTicks(ticks)) is { } startedAt
            ? (startedAt, purpose is [_])
            : null;

    // Callers see these texts, so texts that are too long are rejected.
    private static bool IsValid(GenesysFailure failure) =>
        Enum.IsDefined(failure.Kind)
        && failure.Message is not "" && UnicodeText.IsValid(failure.Message, 2_000)
        && failure.Status is null or (>= 100 and < 600)
        && UnicodeText.IsValidOrNull(failure.Code, 500)
        && UnicodeText.IsValidOrNull(failure.UpstreamMessage, 2_000)
        && UnicodeText.IsValidOrNull(failure.CorrelationId, 500)
        && (failure.RetryAfter is not { } wait || (wait >= TimeSpan.Zero && wait <= MaxRetryAfter));
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(GenesysFailure))]
internal sealed partial class RedisJson : JsonSerializerContext;
