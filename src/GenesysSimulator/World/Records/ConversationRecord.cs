using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Records;

/// <summary>The detail record of one conversation, as far as the conversation is known at a point in time. Times are in milliseconds since 1970.</summary>
internal sealed class ConversationRecord
{
    /// <summary>The value of the end of a conversation or segment that has not ended yet.</summary>
    public const long Open = long.MaxValue;

    public required ConversationStream Stream { get; init; }

    public required Guid Id { get; init; }

    /// <summary>A number that identifies the conversation. It is also the seed of the conversation's personal data.</summary>
    public required ulong Number { get; init; }

    public required Direction OriginatingDirection { get; init; }

    /// <summary>The number of the message type (<see cref="MessageTypes"/>).</summary>
    public required int MessageType { get; init; }

    public required IReadOnlyList<string> DivisionIds { get; init; }

    public required IReadOnlyList<RecordParticipant> Participants { get; init; }

    public required long Start { get; init; }

    public required long End { get; init; }

    /// <summary>
    /// The last known instant of the conversation: the start or end of a segment, or an event. If a segment has no end yet, only its start counts.
    /// </summary>
    public required long LastActivity { get; init; }
}

/// <summary>A participant, who has only one session.</summary>
internal sealed class RecordParticipant(string purpose, ulong number, Direction direction)
{
    public const string Customer = "customer";
    public const string Ivr = "ivr";
    public const string Acd = "acd";
    public const string Agent = "agent";
    public const string Voicemail = "voicemail";

    public string Purpose => purpose;

    /// <summary>The seed of the participant's ids.</summary>
    public ulong Number => number;

    public Direction Direction => direction;

    public string? Name { get; init; }

    public string? UserId { get; init; }

    public string? FlowOutType { get; set; }

    public List<RecordMetric> Metrics { get; } = [];

    public List<RecordSegment> Segments { get; } = [];
}

internal readonly record struct RecordMetric(Metric Metric, long Value, long At);

internal sealed record RecordSegment(string Type, long Start, long End)
{
    public string? QueueId { get; init; }

    public string? DisconnectType { get; init; }

    public string? WrapUpCode { get; init; }

    public bool HasNote { get; init; }

    public bool HasSubject { get; init; }

    public bool IsOpen => End == ConversationRecord.Open;
}
