using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Redis.Observations;

/// <summary>Shares the current state of the queues through Redis. While Redis is unavailable, each replica reads the state from Genesys itself.</summary>
internal sealed class RedisLiveReplication(RedisConnection redis, RedisKeys keys, SharedTime time, IOptions<ObservationsOptions> options, TimeProvider clock) : ILiveReplication
{
    private const byte Version = 1;

    private const string Kind = "live state";

    /// <summary>Enough for ten thousand queues of about 2 KiB each.</summary>
    private const int MaxBytes = 32 * 1024 * 1024;

    private const int MaxTextLength = 4_096;

    private string Key => keys.Of("live");

    public async Task<LiveSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        var bytes = await redis.GetBytesAsync(Key, MaxBytes, Kind, cancellationToken);
        if (!VersionedPayload.HasVersion(Version, bytes))
        {
            return null;
        }

        if (VersionedPayload.Read<byte[]>(Version, bytes) is var (stamp, body) && time.FromShared(stamp) is { } asOf && Parse(body) is { } state)
        {
            return Shifted(state, since => time.FromShared(since) ?? asOf) with { AsOf = asOf };
        }

        // Another version of the service might have written the value. If so, deleting the value costs only one more read of the state from Genesys.
        await redis.DeleteInvalidAsync(Key, Kind, "unreadable");
        return null;
    }

    public Task SaveAsync(LiveSnapshot state)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Shifted(state, time.ToShared) with { Version = 0 }, LiveStateJson.Default.LiveSnapshot);
        var bytes = VersionedPayload.Write(Version, time.ToShared(state.AsOf), body);
        return redis.ExecuteAsync(database => database.StringSetAsync(Key, bytes, options.Value.MaxStaleAge + options.Value.MaxAge), fallback: false, CancellationToken.None);
    }

    public Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken) =>
        RedisLock.TryTakeAsync(redis, keys.Of("live-turn"), RedisLock.Life, clock, note: "", cancellationToken);

    /// <summary>The clocks of replicas differ, so the start times of waits and interactions are exchanged in shared time.</summary>
    private static LiveSnapshot Shifted(LiveSnapshot state, Func<Instant, Instant> shift) => state with
    {
        Queues =
        [
            .. state.Queues.Select(queue => queue with
            {
                LongestWaitingSince = queue.LongestWaitingSince is { } waiting ? shift(waiting) : null,
                LongestInteractingSince = queue.LongestInteractingSince is { } interacting ? shift(interacting) : null,
            }),
        ],
    };

    private static LiveSnapshot? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, LiveStateJson.Default.LiveSnapshot) is { } state && IsValid(state) ? state : null;
        }
        catch (Exception invalid) when (invalid is JsonException or NotSupportedException or ArgumentException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    private static bool IsValid(LiveSnapshot state) =>
        !state.Queues.IsDefault && !state.Users.IsDefault && !state.Missing.IsDefault && !state.Dropped.IsDefault && Enum.IsDefined(state.Source)
        && state.Queues.All(queue => queue is { Waiting: >= 0, Interacting: >= 0, Alerting: >= 0 } && IsText(queue.QueueId) && IsText(queue.MediaType))
        && state.Users.All(users => users is { OnQueue: null or >= 0, Active: null or >= 0, Members: null or >= 0, OffQueue: null or >= 0 }
            && IsText(users.QueueId) && IsValid(users.ByPresence) && IsValid(users.ByRoutingStatus))
        && state.Missing.All(missing => missing is { QueueIds.IsDefault: false } && Enum.IsDefined(missing.Part) && IsText(missing.Reason) && missing.QueueIds.All(IsText))
        && state.Dropped.All(dropped => dropped is not null && IsText(dropped.Reason) && UnicodeText.IsValidOrNull(dropped.QueueId, MaxTextLength));

    private static bool IsValid(ImmutableSortedDictionary<string, int>? users) => users is not null && users.All(part => IsText(part.Key) && part.Value >= 0);

    private static bool IsText(string? text) => text is not "" && UnicodeText.IsValid(text, MaxTextLength);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, Converters = [typeof(MillisecondInstantConverter)])]
[JsonSerializable(typeof(LiveSnapshot))]
internal sealed partial class LiveStateJson : JsonSerializerContext;
