using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>A metric event of a conversation, with the queue and media type to which Genesys' aggregates assign it.</summary>
/// <param name="QueueId">Null for an event outside of any queue.</param>
internal readonly record struct ConversationEvent(DetailParticipant Participant, DetailSession Session, DetailMetric Metric, string? QueueId)
{
    public string MediaType => ConversationEvents.MediaTypeOf(Session);
}

/// <summary>
/// Lists the metric events of a conversation. The sum of their values by queue, media type and time bucket equals what Genesys' aggregates return. Figures
/// are therefore computed only from this list, and not from the lengths of segments, which differ from the metrics.
/// </summary>
internal static class ConversationEvents
{
    public const string UnknownMediaType = "unknown";

    public static IEnumerable<ConversationEvent> Of(ConversationDetail conversation) =>
        from participant in conversation.Participants
        from session in participant.Sessions
        from metric in session.Metrics
        select new ConversationEvent(participant, session, metric, QueueAt(session, metric.EmittedAt));

    /// <summary>The end of a part of a conversation; null while one of its segments is in progress.</summary>
    public static Instant? LastEnd(IEnumerable<Instant?> segmentEnds, IEnumerable<Instant> events)
    {
        var ends = segmentEnds.ToList();
        return ends.Contains(null) ? null : ends.Concat(events.Select(one => (Instant?)one)).Max();
    }

    public static string MediaTypeOf(DetailSession session) => session.MediaType ?? UnknownMediaType;

    /// <summary>
    /// The queue of a session at a certain time: the queue of the first segment with a queue that contains the time, including the segment's end, because a
    /// metric is emitted when its segment ends; otherwise the queue of the last such segment before it. An event in a segment before the first queue, such as
    /// in an IVR, has no queue. An event in no segment belongs to the first queue after it.
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
