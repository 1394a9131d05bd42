using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Timeline;

/// <summary>Builds the timeline of a conversation from the parts that a caller can see.</summary>
internal static class TimelineBuilder
{
    /// <returns>Null if the caller is not allowed to see any part of the conversation.</returns>
    public static TimelineResponse? Of(ConversationDetail conversation, RecordScope scope, ConversationsMeta meta)
    {
        var participants = conversation.Participants
            .Select(participant => Participant(participant, scope))
            .Where(participant => scope.SeesAll || participant.Sessions is not [])
            .OrderBy(participant => participant.Sessions.SelectMany(session => session.Segments).Select(segment => segment.Start).DefaultIfEmpty(Instant.MaxValue).Min())
            .ToList();
        if (participants is [] && !scope.SeesAll)
        {
            return null;
        }

        return new(
            conversation.Id,
            conversation.Start,
            scope.SeesAll ? conversation.End : VisibleEnd(participants),
            meta,
            conversation.OriginatingDirection,
            scope.SeesAll ? conversation.DivisionIds : null,
            participants);
    }

    private static TimelineParticipant Participant(DetailParticipant participant, RecordScope scope)
    {
        // An agent's name identifies the agent, so the caller also needs the agents scope to see it.
        var showsName = participant.UserId is null || scope.ShowsAgents;
        return new(
            participant.ParticipantId,
            participant.Purpose,
            scope.ShowsAgents ? participant.UserId : null,
            [.. participant.Sessions.Select(session => Session(session, scope)).Where(session => scope.SeesAll || session.Segments is not [] || session.Metrics is not [])],
            showsName && !participant.PersonalData.IsEmpty ? participant.PersonalData : null);
    }

    private static TimelineSession Session(DetailSession session, RecordScope scope) => new(
        session.SessionId,
        session.MediaType,
        session.MessageType,
        session.Direction,
        [
            .. session.Segments
                .Where(segment => scope.SeesAll || scope.IsVisible(segment.QueueId ?? ConversationEvents.QueueAt(session, segment.Start)))
                .OrderBy(segment => segment.Start)
                .Select(segment => Segment(segment, scope)),
        ],
        [
            .. session.Metrics
                .Select(metric => new TimelineMetric(metric.Name, metric.Value, metric.EmittedAt, ConversationEvents.QueueAt(session, metric.EmittedAt)))
                .Where(metric => scope.SeesAll || scope.IsVisible(metric.QueueId))
                .OrderBy(metric => metric.EmittedAt),
        ],
        session.PersonalData.IsEmpty ? null : session.PersonalData);

    private static TimelineSegment Segment(DetailSegment segment, RecordScope scope) => new(
        segment.Type,
        segment.Start,
        segment.End,
        segment.QueueId,
        segment.QueueId is { } queueId ? scope.NameOf(queueId) : null,
        segment.DisconnectType,
        segment.WrapUpCode,
        segment.PersonalData.IsEmpty ? null : segment.PersonalData);

    private static Instant? VisibleEnd(IEnumerable<TimelineParticipant> participants)
    {
        var sessions = participants.SelectMany(participant => participant.Sessions).ToList();
        return ConversationEvents.LastEnd(sessions.SelectMany(session => session.Segments).Select(segment => segment.End), sessions.SelectMany(session => session.Metrics).Select(metric => metric.EmittedAt));
    }
}
