using System.Text.Json;
using GenesysAnalyticsApi.Client.Models;
using Microsoft.Kiota.Serialization.Json;

namespace GenesysAnalyticsApi.Client;

/// <summary>What an event of <c>GET /observations/stream</c> contains.</summary>
public enum ObservationEventKind
{
    /// <summary>All records.</summary>
    Snapshot,

    /// <summary>The records that are new or have changed, and the keys of the records that no longer exist.</summary>
    Change,

    /// <summary>No records, because nothing has changed. <see cref="ObservationEvent.Meta"/> says how old the state is.</summary>
    Heartbeat,
}

/// <summary>Identifies a record of the stream.</summary>
/// <param name="QueueId">Null if the query does not group by queue.</param>
/// <param name="MediaType">Null for a record with figures about users, and if the query does not group by media type.</param>
public readonly record struct ObservationKey(string? QueueId, string? MediaType)
{
    /// <summary>Returns the key of a record.</summary>
    public static ObservationKey Of(ObservationRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new ObservationKey(record.QueueId, record.MediaType);
    }
}

/// <summary>One event of <c>GET /observations/stream</c>. The events, applied in order, result in the current state of the queues.</summary>
public sealed record ObservationEvent
{
    /// <summary>What the event contains.</summary>
    public required ObservationEventKind Kind { get; init; }

    /// <summary>The position in the stream. A later stream can resume after this position.</summary>
    public required string? Id { get; init; }

    /// <summary>Complete records: all records for a snapshot, the new and changed records for a change, and none for a heartbeat.</summary>
    public required IReadOnlyList<ObservationRecord> Records { get; init; }

    /// <summary>The keys of the records that no longer exist.</summary>
    public required IReadOnlyList<ObservationKey> Removed { get; init; }

    /// <summary>How old and how complete the state is. A heartbeat repeats the warnings of the previous event.</summary>
    public required ResponseMeta Meta { get; init; }

    /// <summary>Applies the event to the caller's copy of the state.</summary>
    /// <param name="state">The records by their keys; empty before the first event.</param>
    public void ApplyTo(IDictionary<ObservationKey, ObservationRecord> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Kind == ObservationEventKind.Snapshot)
        {
            state.Clear();
        }

        foreach (var key in Removed)
        {
            state.Remove(key);
        }

        foreach (var record in Records)
        {
            state[ObservationKey.Of(record)] = record;
        }
    }

    /// <param name="warnings">The warnings of the previous event. They are used for a heartbeat, which contains none.</param>
    /// <returns>Null for an unknown kind of event, which a later version of the service might send.</returns>
    internal static ObservationEvent? Read(string name, string? id, ReadOnlyMemory<byte> data, IReadOnlyList<ResponseWarning> warnings)
    {
        if (!Enum.TryParse<ObservationEventKind>(name, ignoreCase: true, out var kind))
        {
            return null;
        }

        using var json = JsonDocument.Parse(data);
        var body = new JsonParseNode(json.RootElement).GetObjectValue(ObservationsResponse.CreateFromDiscriminatorValue);
        return new ObservationEvent
        {
            Kind = kind,
            Id = id,
            Records = body.Records ?? [],
            Removed = json.RootElement.TryGetProperty("removed", out var removed) ? [.. removed.EnumerateArray().Select(KeyOf)] : [],
            Meta = ResponseMeta.Of(body.Meta, kind == ObservationEventKind.Heartbeat ? warnings : ResponseWarning.Of(body.Warnings)),
        };
    }

    private static ObservationKey KeyOf(JsonElement removed)
    {
        return new ObservationKey(Text("queueId"), Text("mediaType"));

        string? Text(string name) => removed.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
