using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Observations.Response;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>
/// Writes the events of one query. An event is serialized once for all subscribers that need it at about the same time. For a subscriber that needs the event
/// later, it is serialized again with the age and the durations of that time.
/// </summary>
internal sealed class StreamFrames(StreamTelemetry telemetry, TimeProvider clock)
{
    public const string Snapshot = "snapshot";
    public const string Change = "change";
    public const string Heartbeat = "heartbeat";

    /// <summary>How long a serialized event is reused. The age and the durations in it are wrong by at most this much.</summary>
    private static readonly TimeSpan MaxError = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, long Since), ReadOnlyMemory<byte>> _written = [];
    private StreamState? _state;
    private long _writtenAt;

    /// <summary>An event with all records.</summary>
    public ReadOnlyMemory<byte> SnapshotOf(StreamState state) => Get(state, Snapshot, 0, now => Write(
        Snapshot, state, state.Newest with { Records = [.. state.Rows.Rows.Select(record => record.At(now))], Meta = MetaAt(state, now) }, StreamJson.Default.ObservationsResponse));

    /// <summary>An event with the records that have changed since a version.</summary>
    /// <returns>Null if the changes since that version are not known.</returns>
    public ReadOnlyMemory<byte>? ChangesOf(StreamState state, long since) => state.Rows.Since(since) is not { } changes ? new ReadOnlyMemory<byte>?() : Get(state, Change, since, now => Write(
        Change,
        state,
        new ObservationChanges(
            [.. changes.Changed.Select(record => record.At(now))],
            [.. changes.Removed.Select(key => new RemovedRecord(key.QueueId, key.MediaType))],
            state.Labels.Warnings,
            MetaAt(state, now)),
        StreamJson.Default.ObservationChanges));

    /// <summary>An event without records.</summary>
    public ReadOnlyMemory<byte> HeartbeatOf(StreamState state) =>
        Get(state, Heartbeat, 0, now => Write(Heartbeat, state, new ObservationHeartbeat(MetaAt(state, now)), StreamJson.Default.ObservationHeartbeat));

    private static ObservationsMeta MetaAt(StreamState state, Instant now) =>
        state.Newest.Meta with { AgeMs = Math.Max(0, (long)(now - state.Newest.Meta.AsOf).TotalMilliseconds) };

    private ReadOnlyMemory<byte> Get(StreamState state, string name, long since, Func<Instant, ReadOnlyMemory<byte>> write)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_state, state) || clock.GetElapsedTime(_writtenAt) > MaxError)
            {
                _written.Clear();
                (_state, _writtenAt) = (state, clock.GetTimestamp());
            }

            if (!_written.TryGetValue((name, since), out var frame))
            {
                frame = _written[(name, since)] = write(Instant.FromDateTimeOffset(clock.GetUtcNow()));
                telemetry.RecordSerialized(name);
            }

            return frame;
        }
    }

    /// <summary>Writes a server-sent event: name, id, data on one line (the JSON has no line breaks), and an empty line.</summary>
    private static ReadOnlyMemory<byte> Write<T>(string name, StreamState state, T data, JsonTypeInfo<T> type)
    {
        var frame = new ArrayBufferWriter<byte>(1024);
        frame.Write(Encoding.UTF8.GetBytes($"event: {name}\nid: {new StreamPosition(state.Epoch, state.Rows.Version)}\ndata: "));
        using (var json = new Utf8JsonWriter(frame))
        {
            JsonSerializer.Serialize(json, data, type);
        }

        frame.Write("\n\n"u8);
        return frame.WrittenMemory;
    }
}
