using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>Determines which parts of a conversation a caller sees, and what is shown of these parts.</summary>
/// <param name="IsVisible">Whether a queue is selected and the caller can see it. The id is null for events outside of any queue.</param>
/// <param name="SeesAll">Whether the caller can see every queue.</param>
/// <param name="ShowsAgents">Whether the caller can see agents.</param>
/// <param name="SettledBefore">Conversations that ended before this time are not provisional.</param>
internal sealed record RecordScope(Func<string?, bool> IsVisible, bool SeesAll, bool ShowsAgents, Instant SettledBefore)
{
    /// <summary>Returns the name of the queue with an id; null if the name is not known.</summary>
    public Func<string, string?> NameOf { get; init; } = _ => null;
}

/// <summary>Builds the flat records of a conversation, one for each queue × media type.</summary>
internal static class ConversationRecordBuilder
{
    private const string Acd = "acd";
    private const string Interact = "interact";
    private const string WrapUp = "wrapup";
    private const string Callback = "callback";
    private const string Outbound = "outbound";

    /// <param name="activeFrom">
    /// With <paramref name="activeTo"/>: only queues × media types with an event in [activeFrom, activeTo) get a record. Null for all.
    /// </param>
    public static IEnumerable<ConversationRecord> Of(ConversationDetail conversation, RecordScope scope, Instant? activeFrom = null, Instant? activeTo = null)
    {
        var parts = PartsOf(conversation);
        if (parts.Count == 0 && scope.IsVisible(null))
        {
            // The conversation reached neither a queue nor an agent, for example because it ended in the IVR.
            parts.Add((null, MediaTypeOf(conversation)), new Part());
        }

        var end = scope.SeesAll ? conversation.End : VisibleEnd(parts, scope);
        return parts
            .Where(part => scope.IsVisible(part.Key.QueueId))
            .Where(part => activeFrom is null || part.Value.Events.Exists(metricEvent => metricEvent.Metric.EmittedAt >= activeFrom && metricEvent.Metric.EmittedAt < activeTo))
            .Select(part => RecordOf(conversation, end, part.Key.QueueId, part.Key.MediaType, part.Value, scope));
    }

    /// <summary>
    /// The parts of the conversation by queue and media type. Only the segments of acd and agents are used: the customer's sessions name queues too, but
    /// with these sessions, the conversation would be counted twice.
    /// </summary>
    private static Dictionary<(string? QueueId, string MediaType), Part> PartsOf(ConversationDetail conversation)
    {
        var parts = new Dictionary<(string?, string), Part>();
        foreach (var participant in conversation.Participants.Where(party => party.Purpose is Acd || party.UserId is not null))
        {
            foreach (var session in participant.Sessions)
            {
                foreach (var segment in session.Segments)
                {
                    PartOf(segment.QueueId ?? ConversationEvents.QueueAt(session, segment.Start), session).Segments.Add((participant, segment));
                }
            }
        }

        foreach (var metricEvent in ConversationEvents.Of(conversation))
        {
            // Outside of any queue, only the events of agents belong to a part; events such as those of an IVR do not.
            if (metricEvent.QueueId is not null || metricEvent.Participant.UserId is not null)
            {
                PartOf(metricEvent.QueueId, metricEvent.Session).Events.Add(metricEvent);
            }
        }

        return parts;

        Part PartOf(string? queueId, DetailSession session)
        {
            var key = (queueId, ConversationEvents.MediaTypeOf(session));
            if (!parts.TryGetValue(key, out var part))
            {
                parts[key] = part = new Part();
            }

            return part;
        }
    }

    private static ConversationRecord RecordOf(ConversationDetail conversation, Instant? end, string? queueId, string mediaType, Part part, RecordScope scope) => new()
    {
        ConversationId = conversation.Id,
        ConversationStart = conversation.Start,
        ConversationEnd = end,
        QueueId = queueId,
        QueueName = queueId is null ? null : scope.NameOf(queueId),
        MediaType = mediaType,
        Direction = conversation.OriginatingDirection,
        Outcome = ConversationOutcomes.Of(part.Has, canBeOpen: end is null && conversation.End is null && mediaType != Callback && conversation.OriginatingDirection != Outbound),
        Agents = scope.ShowsAgents ? AgentsOf(part) : null,
        WaitTimeMs = part.Sum("tAcd"),
        TalkTimeMs = part.Sum("tTalkComplete"),
        HoldTimeMs = part.Sum("tHeldComplete"),
        WrapTimeMs = part.Sum("tAcw"),
        HandleTimeMs = part.Sum("tHandle"),
        Transferred = part.Sum("nTransferred") > 0,
        WrapUpCodes = [.. part.Segments.Select(entry => entry.Segment).Where(segment => segment.WrapUpCode is not null).OrderBy(segment => segment.Start).Select(segment => segment.WrapUpCode!).Distinct(StringComparer.Ordinal)],
        DisconnectType = part.Segments.Select(entry => entry.Segment)
            .Where(segment => segment is { DisconnectType: not null, End: not null } && segment.Type != WrapUp)
            .MaxBy(segment => segment.End)?.DisconnectType,
        Provisional = end is null || end >= scope.SettledBefore,
    };

    private static List<string> AgentsOf(Part part)
    {
        var handling = part.Events.Where(metricEvent => metricEvent.Metric.Name == "tHandle").Select(metricEvent => metricEvent.Participant)
            .Concat(part.Segments.Where(entry => entry.Segment is { Type: Interact, End: null }).Select(entry => entry.Participant))
            .Select(participant => participant.UserId).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. part.Segments.OrderBy(entry => entry.Segment.Start).Select(entry => entry.Participant.UserId).OfType<string>().Concat(handling)
                .Where(handling.Contains).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>
    /// The end of the conversation for a caller that is limited to some queues. This end does not reveal that the conversation continued in another queue.
    /// </summary>
    private static Instant? VisibleEnd(Dictionary<(string? QueueId, string MediaType), Part> parts, RecordScope scope)
    {
        var seen = parts.Where(part => scope.IsVisible(part.Key.QueueId)).Select(part => part.Value).ToList();
        return ConversationEvents.LastEnd(
            seen.SelectMany(part => part.Segments).Select(entry => entry.Segment.End), seen.SelectMany(part => part.Events).Select(metricEvent => metricEvent.Metric.EmittedAt));
    }

    private static string MediaTypeOf(ConversationDetail conversation) =>
        conversation.Participants.SelectMany(participant => participant.Sessions).Select(session => session.MediaType).OfType<string>().FirstOrDefault()
        ?? ConversationEvents.UnknownMediaType;

    /// <summary>The part of a conversation in one queue on one media type.</summary>
    private sealed class Part
    {
        public List<(DetailParticipant Participant, DetailSegment Segment)> Segments { get; } = [];

        public List<ConversationEvent> Events { get; } = [];

        public bool Has(string metric) => Events.Exists(metricEvent => metricEvent.Metric.Name == metric);

        public long? Sum(string metric) => Has(metric) ? Events.Where(metricEvent => metricEvent.Metric.Name == metric).Sum(metricEvent => metricEvent.Metric.Value) : null;
    }
}
