using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Records;

/// <summary>
/// Builds the detail record of a conversation from the same events that are summed into aggregates, so records and aggregates agree. A record contains nothing
/// later than the instant for which it is built.
/// </summary>
internal sealed class RecordBuilder(SimulatedWorld world)
{
    public ConversationRecord Build(ConversationStream stream, int streamIndex, MetricEvents conversation, long now)
    {
        var preQueue = PreQueuePhase.Of(stream, conversation);
        var start = conversation.Start - preQueue.Length;
        var participants = new ParticipantBuilder(stream, conversation, preQueue).Build();
        var (end, known) = Cut(participants, start, now);
        var place = new ConversationPosition(streamIndex, (int)(conversation.Start / WorldHour.Milliseconds), conversation.Index);
        return new()
        {
            Stream = stream,
            Id = world.ConversationIds.Of(place),
            Number = conversation.Number,
            OriginatingDirection = conversation.OriginatingDirection,
            MessageType = conversation.MessageType,
            DivisionIds = DivisionsOf(stream, conversation, now),
            Participants = participants,
            Start = start,
            End = end,
            LastActivity = known,
        };
    }

    /// <summary>Removes metrics and segments later than now.</summary>
    /// <returns>The end of the conversation, and its last known instant.</returns>
    private static (long End, long Known) Cut(List<RecordParticipant> participants, long start, long now)
    {
        var (end, known) = (start, start);
        foreach (var participant in participants)
        {
            foreach (var metric in participant.Metrics)
            {
                end = Math.Max(end, metric.At);
                known = metric.At <= now ? Math.Max(known, metric.At) : known;
            }

            foreach (var segment in participant.Segments)
            {
                end = Math.Max(end, segment.End);
                known = segment.End <= now ? Math.Max(known, segment.End) : segment.Start <= now ? Math.Max(known, segment.Start) : known;
            }
        }

        if (end <= now)
        {
            return (end, known);
        }

        foreach (var participant in participants)
        {
            participant.Metrics.RemoveAll(metric => metric.At > now);
            participant.Segments.RemoveAll(segment => segment.Start > now);
            for (var index = 0; index < participant.Segments.Count; index++)
            {
                if (participant.Segments[index] is { IsOpen: false } segment && segment.End > now)
                {
                    participant.Segments[index] = segment with { End = ConversationRecord.Open, DisconnectType = null, WrapUpCode = null, HasNote = false };
                }
            }

            if (participant.Segments.Exists(segment => segment.IsOpen))
            {
                participant.FlowOutType = null;
            }
        }

        participants.RemoveAll(participant => participant.Segments.Count == 0);
        return (ConversationRecord.Open, known);
    }

    // The first division is that of the stream. A transfer can add a second division.
    private string[] DivisionsOf(ConversationStream stream, MetricEvents conversation, long now)
    {
        var random = conversation.RandomFor(0x64697673);
        foreach (var metricEvent in conversation.All)
        {
            if (metricEvent.Metric == Metric.NTransferred && metricEvent.At <= now && random.Chance(500))
            {
                var other = world.Divisions[random.Below(world.Divisions.Count)].Id.ToString();
                return other == stream.DivisionId ? [other] : [stream.DivisionId, other];
            }
        }

        return [stream.DivisionId];
    }
}
