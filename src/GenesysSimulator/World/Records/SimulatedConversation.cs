using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Records;

/// <summary>A metric event of a conversation.</summary>
/// <param name="Name">The name of the metric in the API.</param>
/// <param name="Value">Milliseconds or a number, depending on the metric.</param>
public sealed record SimulatedMetric(string Name, long Value, DateTimeOffset EmitDate);

/// <summary>The state of a conversation at a point in time. The detail records of the API must agree with it.</summary>
public sealed record SimulatedConversation(Guid Id, Guid? QueueId, string MediaType, DateTimeOffset Start)
{
    /// <summary>When the conversation ended; null while it is in progress.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>The last known instant of the conversation. For an e-mail that never leaves its queue, this is the start.</summary>
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
    public void Visit(MetricEvents conversation)
    {
        var record = World.Records.Build(Stream, StreamIndex, conversation, Now);
        if (record.Start >= To || record.LastActivity < From)
        {
            return;
        }

        var metrics = new List<SimulatedMetric>();
        foreach (var metricEvent in conversation.All)
        {
            if (metricEvent.At <= Now)
            {
                metrics.Add(new(Metrics.WireNames[(int)metricEvent.Metric], metricEvent.Value, DateTimeOffset.FromUnixTimeMilliseconds(metricEvent.At)));
            }
        }

        Found.Add(new(record.Id, Stream.Queue?.Id, Stream.Profile.Media, DateTimeOffset.FromUnixTimeMilliseconds(record.Start))
        {
            End = record.End == ConversationRecord.Open ? null : DateTimeOffset.FromUnixTimeMilliseconds(record.End),
            LastActivity = DateTimeOffset.FromUnixTimeMilliseconds(record.LastActivity),
            MessageType = MessageTypes.Name(conversation.MessageType),
            IsOutbound = conversation.OriginatingDirection == Direction.Outbound,
            DivisionIds = record.DivisionIds,
            UserIds = [.. record.Participants.Select(participant => participant.UserId).OfType<string>()],
            Metrics = metrics,
        });
    }
}
