using GenesysSimulator.World;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>The values of a conversation for conversation filters. Dimensions that <see cref="Satisfy"/> does not list are valid but have no value.</summary>
internal readonly struct ConversationValues(ConversationRecord record) : IRecordValues
{
    public bool Satisfy(RecordPredicate predicate) => predicate.IsMetric ? predicate.Accepts(Sum(predicate.Name)) : predicate.Name switch
    {
        "conversationId" => predicate.Accepts(record.Id.ToString()),
        "conversationStart" => predicate.Accepts((double?)record.Start),
        "conversationEnd" => predicate.Accepts(record.End == ConversationRecord.Open ? null : (double?)record.End),
        "divisionId" => predicate.Accepts(record.DivisionIds),
        "originatingDirection" => predicate.Accepts(SessionValues.DirectionName(record.OriginatingDirection)),
        "conversationInitiator" => predicate.Accepts(record.Participants[0].Purpose),
        _ => predicate.Accepts((string?)null),
    };

    private double? Sum(string name)
    {
        if (name == "tConversationDuration")
        {
            return record.End == ConversationRecord.Open ? null : record.End - record.Start;
        }

        double? sum = null;
        if (Metrics.ByWireName.TryGetValue(name, out var wanted))
        {
            foreach (var participant in record.Participants)
            {
                foreach (var metric in participant.Metrics)
                {
                    sum = metric.Metric == wanted ? (sum ?? 0) + metric.Value : sum;
                }
            }
        }

        return sum;
    }
}

/// <summary>
/// The values of a segment, its session and its participant for segment filters. Other dimensions are valid but have no value. The only metric of a segment is
/// its duration.
/// </summary>
internal readonly struct SegmentValues(ConversationRecord record, RecordParticipant participant, RecordSegment segment) : IRecordValues
{
    public bool Satisfy(RecordPredicate predicate)
    {
        if (predicate.IsMetric)
        {
            return predicate.Accepts(segment.IsOpen ? null : (double?)(segment.End - segment.Start));
        }

        return predicate.Name switch
        {
            "queueId" => predicate.Accepts(segment.QueueId),
            "mediaType" => predicate.Accepts(record.Stream.Profile.Media),
            "purpose" => predicate.Accepts(participant.Purpose),
            "userId" => predicate.Accepts(participant.UserId),
            "segmentType" => predicate.Accepts(segment.Type),
            "segmentStart" => predicate.Accepts((double?)segment.Start),
            "segmentEnd" => predicate.Accepts(segment.IsOpen ? null : (double?)segment.End),
            "disconnectType" => predicate.Accepts(segment.DisconnectType),
            "wrapUpCode" => predicate.Accepts(segment.WrapUpCode),
            _ => predicate.Accepts(Text(predicate.Name)),
        };
    }

    private string? Text(string name)
    {
        var session = new SessionValues(record, participant);
        return name switch
        {
            "direction" => session.Direction,
            "messageType" => session.MessageType,
            "participantName" => session.ParticipantName,
            "ani" => session.Ani,
            "dnis" or "sessionDnis" => session.Dnis,
            "addressFrom" => session.AddressFrom,
            "addressTo" => session.AddressTo,
            "remote" or "remoteNameDisplayable" => session.Remote,
            "callbackNumber" => session.CallbackNumber,
            "provider" => SessionWriter.Provider,
            "requestedRouting" or "usedRouting" => participant.Purpose == RecordParticipant.Acd ? SessionWriter.Routing : null,
            "flowOutType" => participant.FlowOutType,
            "conference" => "false",
            "subject" => segment.HasSubject ? session.Subject : null,
            "wrapUpNote" => segment.HasNote ? session.Note : null,
            _ => null,
        };
    }
}
