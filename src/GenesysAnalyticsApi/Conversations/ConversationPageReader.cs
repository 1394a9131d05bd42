using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>
/// Reads one page of records. It requests little more from Genesys than the page needs, so a page of a long interval takes about as long as a page of a short
/// interval.
/// </summary>
internal sealed class ConversationPageReader(IDetailsReader reader, ConversationMetaBuilder metas, IOptions<ConversationsOptions> options)
{
    /// <summary>A text that sorts before every conversation id. A cursor with this text points to a time instead of a conversation.</summary>
    private const string BeforeAnyId = "-";

    public async Task<ConversationsResponse> ReadAsync(ConversationsSelection selected, CancellationToken cancellationToken)
    {
        var (query, report) = (selected.Query, new DetailsReadReport());
        var records = new List<ConversationRecord>();
        ConversationCursor? next = null;
        if (!selected.IsEmpty)
        {
            await foreach (var conversation in reader.ReadAsync(Selection(selected), report, cancellationToken))
            {
                var skipped = SkippedRecords(conversation, query);
                if (skipped is null)
                {
                    continue;
                }

                var unsent = selected.RecordsOf(conversation).Skip(skipped.Value).ToList();
                var room = query.Limit!.Value - records.Count;
                records.AddRange(unsent.Take(room));
                if (unsent.Count > room)
                {
                    next = Cursor(query, conversation.Start, skipped.Value + room, conversation.Id);
                    break;
                }
            }

            // Reading stopped because of the maximum number of Genesys requests. The next page continues at that time.
            if (report.StoppedAt is { } stoppedAt)
            {
                next ??= Cursor(query, stoppedAt, 0, BeforeAnyId);
            }
        }

        var matches = new FilterMatches(query) { HasAll = !selected.IsEmpty && query.Cursor is null && next is null };
        records.ForEach(matches.Add);
        return new(selected.Resolved, metas.Of(report, selected.Visible, query.To, matches), records, next?.Write());
    }

    private DetailsSelection Selection(ConversationsSelection selected)
    {
        var query = selected.Query;
        var maxPerPiece = Math.Max(query.Limit!.Value * 2, 2 * DetailsRequest.MaxPageSize);
        return selected.Details(query.From, query.To, maxPerPiece) with { ResumesAt = query.Cursor?.Start, MaxCalls = options.Value.MaxPagesPerRequest };
    }

    /// <returns>The number of records of the conversation that earlier pages contained; null if earlier pages contained all of its records.</returns>
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

    private static ConversationCursor Cursor(ConversationsQuery query, Instant start, int records, string conversationId) =>
        new(query.Filter, query.From, query.To, start, records, conversationId);
}
