using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>
/// Reads conversations piece by piece. A piece has few enough for one run of pages; a larger one is split in time. What Genesys' bulk data covers of a
/// large interval is read by an asynchronous query (<see cref="BulkDetails"/>), and the rest by the synchronous one.
/// </summary>
internal sealed class DetailsReader(IConversationDetails genesys, DetailsIntervalLimit limit, IOptions<ConversationsOptions> options) : IDetailsReader
{
    public async IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsNotes notes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var from = selection.IsByActivity ? selection.From - Duration.FromTimeSpan(options.Value.Lookback) : selection.From;
        var whole = new DetailsPiece(from, selection.To);
        if (selection.StartsAt is { } start)
        {
            whole = selection.IsDescending ? whole with { To = Instant.Min(whole.To, start + Duration.FromMilliseconds(1)) } : whole with { From = Instant.Max(whole.From, start) };
        }

        var bulk = new BulkDetails(genesys, selection, notes);
        var pages = new DetailsPages(genesys, limit, options.Value, selection, notes);

        var isLarge = selection.MostPerPiece is null && await pages.CountAsync(whole, cancellationToken) >= options.Value.AsyncAboveConversations;
        var until = isLarge ? await bulk.CoversUntilAsync(whole, cancellationToken) : null;
        var current = until is { } end ? whole with { From = end } : whole;

        var parts = new List<IAsyncEnumerable<ConversationDetail>>();
        if (until is not null)
        {
            parts.Add(bulk.ReadAsync(whole with { To = until.Value }, cancellationToken));
        }

        if (current.From < current.To)
        {
            parts.Add(pages.ReadAsync(current, isLarge, cancellationToken));
        }

        if (selection.IsDescending)
        {
            parts.Reverse();
        }

        foreach (var part in parts)
        {
            await foreach (var conversation in part)
            {
                notes.Check(conversation);
                if (!selection.IsByActivity || IsActive(conversation, selection))
                {
                    yield return conversation;
                }
            }
        }
    }

    private static bool IsActive(ConversationDetail conversation, DetailsSelection selection) =>
        conversation.Start < selection.To && (conversation.End is null || conversation.End >= selection.From);
}

/// <summary>The longest interval that Genesys accepts. Its message names it, and public sources name 7 and 31 days, so it is learnt from the first refusal.</summary>
internal sealed class DetailsIntervalLimit
{
    private volatile int _days;

    /// <summary>Null until Genesys has refused an interval.</summary>
    public int? Days => _days == 0 ? null : _days;

    public void Learn(int days) => _days = Math.Max(1, days);
}
