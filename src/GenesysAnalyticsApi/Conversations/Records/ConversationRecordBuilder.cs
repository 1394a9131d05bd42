using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>Determines which parts of a conversation become records, and what the records show.</summary>
/// <param name="IsVisible">Whether the caller may see a queue; the id is null for events outside of any queue.</param>
/// <param name="SeesAll">Whether the caller can see every queue.</param>
/// <param name="ShowsAgents">Whether the caller may see agents.</param>
/// <param name="SettledBefore">Conversations that ended before this time are not provisional.</param>
internal sealed record RecordScope(Func<string?, bool> IsVisible, bool SeesAll, bool ShowsAgents, Instant SettledBefore)
{
    /// <summary>Returns the name of a queue by its id; null if it is not known.</summary>
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
    /// If given with <paramref name="activeTo"/>, only queues × media types with an event in [activeFrom, activeTo) get a record.
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
            .Where(part => activeFrom is null || part.Value.Events.Exists(one => one.Metric.EmittedAt >= activeFrom && one.Metric.EmittedAt < activeTo))
            .Select(part => RecordOf(conversation, end, part.Key.QueueId, part.Key.MediaType, part.Value, scope));
    }

    /// <summary>
    /// Takes segments only from acd and agents. The customer's sessions also name queues, but with them the conversation would be counted twice.
    /// </summary>
    private static Dictionary<(string? QueueId, string MediaType), Part> PartsOf(ConversationDetail conversation)
    {
        var parts = new Dictionary<(string?, string), Part>();
        foreach (var participant in conversation.Participants.Where(one => one.Purpose is Acd || one.UserId is not null))
        {
            foreach (var session in participant.Sessions)
            {
                foreach (var segment in session.Segments)
                {
                    PartOf(segment.QueueId ?? ConversationEvents.QueueAt(session, segment.Start), session).Segments.Add((participant, segment));
                }
            }
        }

        foreach (var one in ConversationEvents.Of(conversation))
        {
            // Outside of any queue, only an agent's session becomes a part; the IVR does not.
            if (one.QueueId is not null || one.Participant.UserId is not null)
            {
                PartOf(one.QueueId, one.Session).Events.Add(one);
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
        Outcome = part.Has("tAnswered") ? ConversationOutcome.Answered
            : part.Has("tAbandon") ? ConversationOutcome.Abandoned
            : part.Has("tFlowOut") ? ConversationOutcome.FlowOut
            : end is null && conversation.End is null && mediaType != Callback && conversation.OriginatingDirection != Outbound ? ConversationOutcome.Open
            : null,
        Agents = scope.ShowsAgents ? AgentsOf(part) : null,
        WaitTimeMs = part.Sum("tAcd"),
        TalkTimeMs = part.Sum("tTalkComplete"),
        HoldTimeMs = part.Sum("tHeldComplete"),
        WrapTimeMs = part.Sum("tAcw"),
        HandleTimeMs = part.Sum("tHandle"),
        Transferred = part.Sum("nTransferred") > 0,
        WrapUpCodes = [.. part.Segments.Where(one => one.Segment.WrapUpCode is not null).OrderBy(one => one.Segment.Start).Select(one => one.Segment.WrapUpCode!).Distinct(StringComparer.Ordinal)],
        DisconnectType = part.Segments.Select(one => one.Segment)
            .Where(segment => segment is { DisconnectType: not null, End: not null } && segment.Type != WrapUp)
            .MaxBy(segment => segment.End)?.DisconnectType,
        Provisional = end is null || end >= scope.SettledBefore,
    };

    private static List<string> AgentsOf(Part part)
    {
        var handling = part.Events.Where(one => one.Metric.Name == "tHandle").Select(one => one.Participant)
            .Concat(part.Segments.Where(one => one.Segment is { Type: Interact, End: null }).Select(one => one.Participant))
            .Select(participant => participant.UserId).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. part.Segments.OrderBy(one => one.Segment.Start).Select(one => one.Participant.UserId).OfType<string>().Concat(handling)
                .Where(handling.Contains).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>The end for a caller that is limited to some queues. It does not reveal that the conversation continued in another queue.</summary>
    private static Instant? VisibleEnd(Dictionary<(string? QueueId, string MediaType), Part> parts, RecordScope scope)
    {
        var seen = parts.Where(part => scope.IsVisible(part.Key.QueueId)).Select(part => part.Value).ToList();
        return ConversationEvents.LastEnd(
            seen.SelectMany(part => part.Segments).Select(one => one.Segment.End), seen.SelectMany(part => part.Events).Select(one => one.Metric.EmittedAt));
    }

    private static string MediaTypeOf(ConversationDetail conversation) =>
        conversation.Participants.SelectMany(participant => participant.Sessions).Select(session => session.MediaType).OfType<string>().FirstOrDefault()
        ?? ConversationEvents.UnknownMediaType;

    /// <summary>The part of a conversation in one queue on one media type.</summary>
    private sealed class Part
    {
        public List<(DetailParticipant Participant, DetailSegment Segment)> Segments { get; } = [];

        public List<ConversationEvent> Events { get; } = [];

        public bool Has(string metric) => Events.Exists(one => one.Metric.Name == metric);

        public long? Sum(string metric) => Has(metric) ? Events.Where(one => one.Metric.Name == metric).Sum(one => one.Metric.Value) : null;
    }
}
