using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>
/// Reads the part of an interval that Genesys' bulk data covers, with asynchronous queries. Their results lack data that is newer than the bulk data,
/// without any notice, so conversations that were still in progress when the bulk data ended are read again by id.
/// </summary>
internal sealed class BulkDetails(IConversationDetails genesys, DetailsIntervalLimit limit, DetailsSelection selection, DetailsReadReport report)
{
    /// <summary>The number of ids that are remembered to skip duplicates. Remembering all ids would take memory for each conversation.</summary>
    private const int Remembered = 100_000;

    /// <summary>After this many consecutive pages without a new conversation, the cursor is assumed to return to earlier pages, and reading fails.</summary>
    private const int MaxRepeatedPages = 5;

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _order = new();
    private Instant _until;
    private int _repeated;

    /// <summary>
    /// The end of the part that an asynchronous query can read; null if there is none. Reading can make it earlier, if a page of results names an earlier
    /// time.
    /// </summary>
    public Instant? Until { get; private set; }

    public async Task FindEndAsync(DetailsPiece piece, CancellationToken cancellationToken)
    {
        var (available, calls) = await genesys.GetDataAvailabilityAsync(selection.Origin, cancellationToken);
        report.CountCalls(calls);
        Until = available <= piece.From ? null : Instant.Min(available, piece.To);
    }

    public async IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsPiece piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (_until, report.DataAvailableUntil) = (piece.To, piece.To);
        // Reads from the start of the lookback, even if conversations are selected by activity, because a long conversation can have no activity in the interval
        // up to the end of the bulk data.
        var left = new Stack<DetailsPiece>([piece]);
        while (left.TryPop(out var next))
        {
            if (next.IsLongerThan(limit.AsynchronousDays))
            {
                Split(next, left);
                continue;
            }

            await using var pages = genesys.RunDetailsJobAsync(RequestOf(next), cancellationToken).GetAsyncEnumerator(cancellationToken);
            for (var hasPage = await TryMoveAsync(pages, next, left); hasPage; hasPage = await pages.MoveNextAsync())
            {
                foreach (var conversation in await TakeAsync(pages.Current, piece, cancellationToken))
                {
                    yield return conversation;
                }
            }
        }

        (Until, report.DataAvailableUntil) = (_until, _until);
    }

    private DetailsRequest RequestOf(DetailsPiece piece) => new(piece.From, piece.To)
    {
        IsDescending = selection.IsDescending,
        Filter = selection.Filter,
        Origin = selection.Origin with { IsBackground = true },
    };

    /// <returns>False if there is no page, or if the interval is too long and was split.</returns>
    private async Task<bool> TryMoveAsync(IAsyncEnumerator<DetailsPage> pages, DetailsPiece piece, Stack<DetailsPiece> left)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (GenesysException e) when (e.Failure.MaxIntervalDays is { } days && piece.IsLongerThan(Math.Max(1, days)))
        {
            limit.LearnAsynchronous(days);
            Split(piece, left);
            return false;
        }
    }

    private void Split(DetailsPiece piece, Stack<DetailsPiece> left)
    {
        var parts = piece.SplitByDays(limit.AsynchronousDays!.Value);
        foreach (var part in selection.IsDescending ? parts : parts.Reverse())
        {
            left.Push(part);
        }
    }

    private async Task<IEnumerable<ConversationDetail>> TakeAsync(DetailsPage page, DetailsPiece piece, CancellationToken cancellationToken)
    {
        report.Add(page);
        if (page.DataAvailableUntil < _until)
        {
            _until = page.DataAvailableUntil.Value;
        }

        var fresh = page.Conversations.Where(one => IsNew(one.Id)).ToList();
        _repeated = page.Conversations.Length > 0 && fresh.Count == 0 ? _repeated + 1 : 0;
        if (_repeated == MaxRepeatedPages)
        {
            throw GenesysFailureFactory.Unreadable($"{MaxRepeatedPages} pages of an asynchronous query repeat conversations of earlier pages");
        }

        var wanted = fresh.Where(one => one.Start < _until && (selection.IsByActivity || one.Start >= piece.From)).ToList();
        var current = await CurrentAsync([.. wanted.Where(one => one.End is null || one.End >= _until).Select(one => one.Id)], cancellationToken);
        return wanted.Select(one => current.GetValueOrDefault(one.Id) ?? one);
    }

    /// <summary>Reads the current state of conversations whose end is not in the bulk data.</summary>
    private async Task<Dictionary<string, ConversationDetail>> CurrentAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var current = new Dictionary<string, ConversationDetail>(StringComparer.OrdinalIgnoreCase);
        foreach (var some in ids.Chunk(DetailsRequest.MaxPageSize))
        {
            var page = await genesys.GetDetailsAsync([.. some], selection.Origin with { IsBackground = true }, cancellationToken);
            report.Add(page);
            foreach (var conversation in page.Conversations)
            {
                current[conversation.Id] = conversation;
            }
        }

        if (ids.Count(id => !current.ContainsKey(id)) is > 0 and var missing)
        {
            report.EndsAreMissing(missing);
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
