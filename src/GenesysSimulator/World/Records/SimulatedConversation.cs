using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Records;

/// <summary>A metric event of a conversation, by its name in the API.</summary>
/// <param name="Value">Milliseconds or a number.</param>
public sealed record SimulatedMetric(string Name, long Value, DateTimeOffset EmitDate);

/// <summary>The state of a conversation at a point in time. The detail records of the API must agree with it.</summary>
public sealed record SimulatedConversation(Guid Id, Guid? QueueId, string MediaType, DateTimeOffset Start)
{
    /// <summary>Null while the conversation runs.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>The last known instant of the conversation; the start of an e-mail that never leaves its queue.</summary>
    public DateTimeOffset LastActivity { get; init; }

    public string? MessageType { get; init; }

    /// <summary>Whether an agent started the conversation.</summary>
    public bool IsOutbound { get; init; }

    public IReadOnlyList<string> DivisionIds { get; init; } = [];

    /// <summary>The agents who were alerted or took part.</summary>
    public IReadOnlyList<string> UserIds { get; init; } = [];

    /// <summary>All events up to now, including those that only aggregates contain.</summary>
    public IReadOnlyList<SimulatedMetric> Metrics { get; init; } = [];
}

/// <summary>Collects the conversations with activity in an interval.</summary>
internal readonly record struct ConversationCollector(
    SimulatedWorld World, ConversationStream Stream, int StreamIndex, long From, long To, long Now, List<SimulatedConversation> Found) : IConversationVisitor
{
    public void Visit(ConversationEvents conversation)
    {
        var record = World.Records.Build(Stream, StreamIndex, conversation, Now);
        if (record.Start >= To || record.LastActivity < From)
        {
            return;
        }

        var metrics = new List<SimulatedMetric>();
        foreach (var one in conversation.All)
        {
            if (one.At <= Now)
            {
                metrics.Add(new(Metrics.WireNames[(int)one.Metric], one.Value, DateTimeOffset.FromUnixTimeMilliseconds(one.At)));
            }
        }

        Found.Add(new(record.Id, Stream.Queue?.Id, Stream.Profile.Media, DateTimeOffset.FromUnixTimeMilliseconds(record.Start))
        {
            End = record.End == ConversationRecord.Open ? null : DateTimeOffset.FromUnixTimeMilliseconds(record.End),
            LastActivity = DateTimeOffset.FromUnixTimeMilliseconds(record.LastActivity),
            MessageType = MessageTypes.Name(conversation.MessageType),
            IsOutbound = conversation.Originating == Direction.Outbound,
            DivisionIds = record.DivisionIds,
            UserIds = [.. record.Participants.Select(participant => participant.UserId).OfType<string>()],
            Metrics = metrics,
        });
    }
}
