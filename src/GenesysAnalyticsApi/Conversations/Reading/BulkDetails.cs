using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>
/// Reads the part of an interval that Genesys' bulk data covers, with one asynchronous query. What is newer is missing from its results without a sign, so
/// conversations that ran at that time are read again one by one.
/// </summary>
internal sealed class BulkDetails(IConversationDetails genesys, DetailsSelection selection, DetailsNotes notes)
{
    /// <summary>A page can repeat a conversation of the page before. Keeping the ids of all would take memory for each.</summary>
    private const int Remembered = 100_000;

    /// <summary>Pages without a new conversation, one after the other: a cursor that leads back would be followed for ever.</summary>
    private const int MaxRepeatedPages = 5;

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _order = new();

    /// <returns>The end of the part that an asynchronous query can read; null if there is none.</returns>
    public async Task<Instant?> CoversUntilAsync(DetailsPiece piece, CancellationToken cancellationToken)
    {
        var (available, calls) = await genesys.GetDataAvailabilityAsync(selection.Origin, cancellationToken);
        notes.DataAvailableUntil = available;
        notes.Count(calls);
        return available <= From(piece) ? null : Instant.Min(available, piece.To);
    }

    public async IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsPiece piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new DetailsRequest(From(piece), piece.To)
        {
            IsDescending = selection.IsDescending,
            Filter = selection.Filter,
            Origin = selection.Origin with { IsBackground = true },
        };
        var repeated = 0;
        await foreach (var page in genesys.RunDetailsJobAsync(request, cancellationToken))
        {
            notes.Add(page);
            var fresh = page.Conversations.Where(one => IsNew(one.Id)).ToList();
            repeated = page.Conversations.Length > 0 && fresh.Count == 0 ? repeated + 1 : 0;
            if (repeated == MaxRepeatedPages)
            {
                throw GenesysFailureFactory.Unreadable($"{MaxRepeatedPages} pages of an asynchronous query repeat conversations of earlier pages");
            }

            var until = page.DataAvailableUntil is { } said ? Instant.Min(said, piece.To) : piece.To;
            var wanted = fresh.Where(one => one.Start < piece.To && (selection.IsByActivity || one.Start >= piece.From)).ToList();
            var current = await CurrentAsync([.. wanted.Where(one => one.End is null || one.End >= until).Select(one => one.Id)], cancellationToken);
            foreach (var conversation in wanted)
            {
                yield return current.GetValueOrDefault(conversation.Id) ?? conversation;
            }
        }
    }

    /// <summary>By activity, the query finds conversations however long before they began.</summary>
    private Instant From(DetailsPiece piece) => selection.IsByActivity ? selection.From : piece.From;

    /// <summary>The present state of conversations that the bulk data does not have to their end.</summary>
    private async Task<Dictionary<string, ConversationDetail>> CurrentAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var current = new Dictionary<string, ConversationDetail>(StringComparer.OrdinalIgnoreCase);
        foreach (var some in ids.Chunk(DetailsRequest.MaxPageSize))
        {
            var page = await genesys.GetDetailsAsync([.. some], selection.Origin with { IsBackground = true }, cancellationToken);
            notes.Add(page);
            foreach (var conversation in page.Conversations)
            {
                current[conversation.Id] = conversation;
            }
        }

        return current;
    }

    private bool IsNew(string id)
    {
        if (!_known.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > Remembered)
        {
            _known.Remove(_order.Dequeue());
        }

        return true;
    }
}
