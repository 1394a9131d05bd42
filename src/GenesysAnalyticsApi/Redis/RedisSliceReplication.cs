using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Redis;

/// <summary>One flight per slice across all replicas; each on its own while Redis is gone.</summary>
internal sealed class RedisSliceReplication(RedisConnection redis, RedisKeys keys, ReplicaTime time, TimeProvider clock) : ISliceReplication
{
    private const string Kind = "failure";

    /// <summary>Longer ones are told as this.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>How long the lock of a replica that died holds up the others.</summary>
    public TimeSpan Life { get; init; } = RedisLock.Life;

    public Task<IAsyncDisposable?> TryTakeAsync(string key, CancellationToken cancellationToken) =>
        TakeAsync(keys.Of("flight", key), cancellationToken);

    public async Task<IAsyncDisposable?> TryTakeBesideAsync(string key, Predicate<Instant> willDo, CancellationToken cancellationToken)
    {
        // The first one may have been released meanwhile: then what its holder fetched is there to be found.
        var holder = await redis.BytesOfAsync(keys.Of("flight", key), MostBytesOfLock, "lock", cancellationToken);
        return BegunAt(holder) is { } begunAt && !willDo(begunAt) ? await TakeAsync(keys.Of("flight", $"{key} beside"), cancellationToken) : null;
    }

    public Task ForgetFailureAsync(string key) =>
        redis.AskAsync(database => database.KeyDeleteAsync(keys.Of("failed", key)), otherwise: false, CancellationToken.None);

    /// <summary>A failure is remembered for a minute at most.</summary>
    private static readonly TimeSpan LongestMark = TimeSpan.FromMinutes(1);

    private const int MostBytesOfLock = 256;

    private const int MostBytesOfMark = 16 * 1024;

    /// <summary>As PTTL says it of a key that is not there any more.</summary>
    private const long HasEnded = -2;

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life)
    {
        var told = failure.RetryAfter > LongestWait ? failure with { RetryAfter = LongestWait } : failure;
        var mark = JsonSerializer.SerializeToUtf8Bytes(told, RedisJson.Default.GenesysFailure);
        return redis.AskAsync(database => database.StringSetAsync(keys.Of("failed", key), mark, life), otherwise: false, CancellationToken.None);
    }

    public async Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken)
    {
        var name = keys.Of("failed", key);
        if (await redis.BytesOfAsync(name, MostBytesOfMark, Kind, cancellationToken) is not { } mark)
        {
            return null;
        }

        // One without an end would keep everybody from asking for ever.
        var left = await redis.AskAsync(async database => (long)await database.ExecuteAsync("PTTL", name), otherwise: HasEnded, cancellationToken);
        if (left == HasEnded)
        {
            return null;
        }

        var ends = left >= 0 && left <= LongestMark.TotalMilliseconds;
        if (ends && FailureOf(mark) is { } failure)
        {
            return failure;
        }

        // Another version's mark, perhaps; without it the worst is one question too many.
        await redis.DropInvalidAsync(name, Kind, ends ? "it is no failure" : $"it would not have ended within {LongestMark.TotalSeconds:0} s");
        return null;
    }

    private static GenesysFailure? FailureOf(byte[] mark)
    {
        try
        {
            return JsonSerializer.Deserialize(mark, RedisJson.Default.GenesysFailure) is { } failure && IsValid(failure) ? failure : null;
        }
        catch (Exception foreign) when (foreign is JsonException or NotSupportedException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private Task<IAsyncDisposable?> TakeAsync(string name, CancellationToken cancellationToken) =>
        RedisLock.TryTakeAsync(redis, name, Life, clock, time.Now.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture), cancellationToken);

    /// <summary>When the holder took the lock, which is before it asks Genesys. Null where that cannot be read or believed.</summary>
    private Instant? BegunAt(byte[]? holder) =>
        holder is not null
        && Encoding.UTF8.GetString(holder).Split(' ') is [_, var note]
        && long.TryParse(note, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= Instant.MaxValue.ToUnixTimeTicks()
            ? time.At(Instant.FromUnixTimeTicks(ticks))
            : null;

    // What is shown to callers, and no more of it than Genesys itself could have said.
    private static bool IsValid(GenesysFailure failure) =>
        Enum.IsDefined(failure.Kind)
        && failure.Message is not "" && RedisText.IsValid(failure.Message, 2_000)
        && failure.Status is null or (>= 100 and < 600)
        && RedisText.IsValidOrNull(failure.Code, 500)
        && RedisText.IsValidOrNull(failure.UpstreamMessage, 2_000)
        && RedisText.IsValidOrNull(failure.CorrelationId, 500)
        && (failure.RetryAfter is not { } wait || (wait >= TimeSpan.Zero && wait <= LongestWait));
}

/// <summary>A replica on its own.</summary>
internal sealed class LocalSliceReplication : ISliceReplication
{
    public Task<IAsyncDisposable?> TryTakeAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(NoLock.Instance);

    public Task<IAsyncDisposable?> TryTakeBesideAsync(string key, Predicate<Instant> willDo, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(NoLock.Instance);

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life) => Task.CompletedTask;

    public Task ForgetFailureAsync(string key) => Task.CompletedTask;

    public Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken) => Task.FromResult<GenesysFailure?>(null);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(GenesysFailure))]
internal sealed partial class RedisJson : JsonSerializerContext;
