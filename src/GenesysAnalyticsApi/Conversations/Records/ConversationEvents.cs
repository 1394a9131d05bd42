using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>A metric event of a conversation, with the queue and media type to which Genesys' aggregates assign it.</summary>
/// <param name="QueueId">The id of the queue; null for an event outside of any queue.</param>
internal readonly record struct ConversationEvent(DetailParticipant Participant, DetailSession Session, DetailMetric Metric, string? QueueId)
{
    public string MediaType => ConversationEvents.MediaTypeOf(Session);
}

/// <summary>
/// Lists the metric events of a conversation. Genesys' aggregates are computed from the same events, by queue, media type and time bucket. Figures are
/// therefore computed only from this list, and not from the lengths of segments, which differ from the metrics.
/// </summary>
internal static class ConversationEvents
{
    public const string UnknownMediaType = "unknown";

    public static IEnumerable<ConversationEvent> Of(ConversationDetail conversation) =>
        from participant in conversation.Participants
        from session in participant.Sessions
        from metric in session.Metrics
        select new ConversationEvent(participant, session, metric, QueueAt(session, metric.EmittedAt));

    /// <summary>The end of a part of a conversation: the last end of a segment or the last event; null while a segment of the part is in progress.</summary>
    public static Instant? LastEnd(IEnumerable<Instant?> segmentEnds, IEnumerable<Instant> events)
    {
        var ends = segmentEnds.ToList();
        return ends.Contains(null) ? null : ends.Concat(events.Select(time => (Instant?)time)).Max();
    }

    public static string MediaTypeOf(DetailSession session) => session.MediaType ?? UnknownMediaType;

    /// <summary>
    /// The queue of a session at a certain time. Only segments with a queue are considered. The queue is that of the earliest segment that contains the time; a
    /// segment contains its end too, because a metric is emitted when its segment ends. If there is none, the queue is that of the latest segment that ended
    /// before the time. If there is none either, and no segment of the session contains the time, the queue is that of the next segment. Otherwise, as in an
    /// IVR before the first queue, there is no queue.
    /// </summary>
    public static string? QueueAt(DetailSession session, Instant time)
    {
        DetailSegment? containing = null, before = null, after = null;
        var isOutside = true;
        foreach (var segment in session.Segments)
        {
            if (segment.QueueId is null)
            {
                isOutside &= segment.Start > time || segment.End < time;
                continue;
            }

            if (segment.Start > time)
            {
                after = after is null || segment.Start < after.Start ? segment : after;
            }
            else if (segment.End is null || segment.End >= time)
            {
                containing = containing is null || segment.Start < containing.Start ? segment : containing;
            }
            else
            {
                before = before is null || segment.Start > before.Start ? segment : before;
            }
        }

        return (containing ?? before ?? (isOutside ? after : null))?.QueueId;
    }
}
