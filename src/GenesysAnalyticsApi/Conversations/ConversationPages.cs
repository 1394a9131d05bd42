using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Reads one page of records. It reads no more of Genesys than the page needs, so a page of a long interval is as quick as one of a short one.</summary>
internal sealed class ConversationPages(IDetailsReader reader, ConversationMetaBuilder metas, IOptions<ConversationsOptions> options)
{
    private static readonly Duration Millisecond = Duration.FromMilliseconds(1);

    public async Task<ConversationsResponse> ReadAsync(SelectedConversations selected, CancellationToken cancellationToken)
    {
        var (query, notes) = (selected.Query, new DetailsNotes());
        var records = new List<ConversationRecord>();
        ConversationCursor? next = null;
        if (!selected.IsEmpty)
        {
            var calls = 0;
            await foreach (var conversation in reader.ReadAsync(Selection(selected), notes, cancellationToken))
            {
                var skipped = SkippedRecords(conversation, query);
                if (skipped is null)
                {
                    continue;
                }

                // Genesys was asked again for this conversation, and often enough for the one before.
                if (calls >= options.Value.MaxPagesPerRequest && notes.Calls > calls)
                {
                    next = CursorAt(conversation, skipped.Value, query);
                    break;
                }

                calls = notes.Calls;
                var own = selected.RecordsOf(conversation).Skip(skipped.Value).ToList();
                var room = query.Limit!.Value - records.Count;
                records.AddRange(own.Take(room));
                if (own.Count > room)
                {
                    next = CursorAt(conversation, skipped.Value + room, query);
                    break;
                }
            }
        }

        return new(selected.Resolved, metas.Of(notes), records, next?.Write());
    }

    private static DetailsSelection Selection(SelectedConversations selected)
    {
        var query = selected.Query;
        var most = Math.Max(query.Limit!.Value * 2, 2 * DetailsRequest.MaxPageSize);

        // A conversation that is active in the interval may have begun before it, so the cursor cannot shorten that interval.
        return query switch
        {
            { Cursor: null } or { IsByActivity: true } => selected.Details(query.From, query.To, most) with { StartsAt = query.Cursor?.Start },
            { IsDescending: true } => selected.Details(query.From, Instant.Min(query.To, query.Cursor.Start + Millisecond), most),
            _ => selected.Details(Instant.Max(query.From, query.Cursor.Start), query.To, most),
        };
    }

    /// <returns>How many records of the conversation earlier pages had; null if they had all.</returns>
    private static int? SkippedRecords(ConversationDetail conversation, ConversationsQuery query)
    {
        if (query.Cursor is not { } cursor)
        {
            return 0;
        }

        var order = conversation.Start.CompareTo(cursor.Start) is not 0 and var byStart ? byStart : string.CompareOrdinal(conversation.Id, cursor.ConversationId);
        order = query.IsDescending ? -order : order;
        return order switch
        {
            < 0 => null,
            0 => cursor.Records,
            _ => 0,
        };
    }

    private static ConversationCursor CursorAt(ConversationDetail conversation, int records, ConversationsQuery query) =>
        new(query.Filter, query.From, query.To, conversation.Start, records, conversation.Id);
}
