using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

internal enum DetailOrder
{
    Ascending,
    Descending,
    Unordered,
}

/// <summary>A valid query for detail records. Times are in milliseconds since 1970.</summary>
internal sealed record DetailQuery(
    long Start,
    long End,
    DetailOrder Order,
    string OrderBy,
    IReadOnlyList<RecordFilter> ConversationFilters,
    IReadOnlyList<RecordFilter> SegmentFilters)
{
    private const long Day = 86_400_000;

    /// <summary>Equal for queries that differ only in their page.</summary>
    public required string Fingerprint { get; init; }

    public int PageSize { get; init; } = 25;

    public int PageNumber { get; init; } = 1;

    /// <summary>Whether conversations that began before the UTC day on which the interval starts are omitted.</summary>
    public required bool FromStartOfDay { get; init; }

    /// <summary>The maximum number of records of a job.</summary>
    public int? Limit { get; init; }

    public long EarliestStart => FromStartOfDay ? Start - (Start % Day) : long.MinValue;

    public bool CanMatch(ConversationStream stream) => SegmentFilters.All(filter => filter.CanMatch(stream));

    public bool Matches(ConversationRecord record)
    {
        if (record.Start < EarliestStart || record.Start >= End || record.LastActivity < Start)
        {
            return false;
        }

        foreach (var filter in ConversationFilters)
        {
            if (!filter.Matches(new ConversationValues(record)))
            {
                return false;
            }
        }

        foreach (var filter in SegmentFilters)
        {
            if (!HasSegment(record, filter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the sort key of a record.</summary>
    public long KeyOf(ConversationRecord record) => (Order, OrderBy) switch
    {
        (DetailOrder.Unordered, _) => (long)(record.Number >> 1),
        (_, "conversationStart") => record.Start,
        (_, "conversationEnd") => record.End,
        (_, "segmentStart") => record.Participants.Min(participant => participant.Segments[0].Start),
        _ => record.Participants.Max(participant => participant.Segments[^1].End),
    };

    // A single segment must match the whole filter.
    private static bool HasSegment(ConversationRecord record, RecordFilter filter)
    {
        foreach (var participant in record.Participants)
        {
            foreach (var segment in participant.Segments)
            {
                if (filter.Matches(new SegmentValues(record, participant, segment)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
