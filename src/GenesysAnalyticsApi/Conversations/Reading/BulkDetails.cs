using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>
/// Reads the part of an interval that Genesys' bulk data covers, with asynchronous queries. The results of these queries omit newer data without notice, so
/// conversations that were still in progress at the end of the bulk data are read again by id.
/// </summary>
internal sealed class BulkDetails(IConversationDetails genesys, DetailsIntervalLimit limit, DetailsSelection selection, DetailsReadReport report)
{
    /// <summary>
    /// The number of recent ids that are remembered to skip duplicates. To remember all ids, the service would need memory for every conversation.
    /// </summary>
    private const int RememberedIds = 100_000;

    /// <summary>
    /// After this many consecutive pages without a new conversation, reading fails, because Genesys' cursor probably leads back to earlier pages.
    /// </summary>
    private const int MaxRepeatedPages = 5;

    private readonly HashSet<string> _knownIds = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _idsInOrder = new();
    private Instant _availableUntil;
    private int _repeatedPages;

    /// <summary>
    /// The end of the part that asynchronous queries can read; null if there is no such part. If a page of results names an earlier time,
    /// <see cref="ReadAsync"/> moves the end to that time.
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
        (_availableUntil, report.DataAvailableUntil) = (piece.To, piece.To);
        // If conversations are selected by activity, the piece includes the lookback. The query selects conversations with activity in the whole piece, because
        // a long conversation can be inactive from the start of the caller's interval to the end of the bulk data, and active later.
        var pending = new Stack<DetailsPiece>([piece]);
        while (pending.TryPop(out var next))
        {
            if (next.IsLongerThan(limit.AsynchronousDays))
            {
                Split(next, pending);
                continue;
            }

            await using var pages = genesys.RunDetailsJobAsync(RequestOf(next), cancellationToken).GetAsyncEnumerator(cancellationToken);
            for (var hasPage = await TryMoveNextAsync(pages, next, pending); hasPage; hasPage = await pages.MoveNextAsync())
            {
                foreach (var conversation in await TakeAsync(pages.Current, piece, cancellationToken))
                {
                    yield return conversation;
                }
            }
        }

        (Until, report.DataAvailableUntil) = (_availableUntil, _availableUntil);
    }

    private DetailsRequest RequestOf(DetailsPiece piece) => new(piece.From, piece.To)
    {
        IsDescending = selection.IsDescending,
        Filter = selection.Filter,
        Origin = selection.Origin with { IsBackground = true },
    };

    /// <returns>False if there is no page, or if Genesys rejected the piece as too long and the piece was split.</returns>
    private async Task<bool> TryMoveNextAsync(IAsyncEnumerator<DetailsPage> pages, DetailsPiece piece, Stack<DetailsPiece> pending)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (GenesysException e) when (e.Failure.MaxIntervalDays is { } days && piece.IsLongerThan(Math.Max(1, days)))
        {
            limit.LearnAsynchronous(days);
            Split(piece, pending);
            return false;
        }
    }

    private void Split(DetailsPiece piece, Stack<DetailsPiece> pending)
    {
        var parts = piece.SplitByDays(limit.AsynchronousDays!.Value);
        foreach (var part in selection.IsDescending ? parts : parts.Reverse())
        {
            pending.Push(part);
        }
    }

    private async Task<IEnumerable<ConversationDetail>> TakeAsync(DetailsPage page, DetailsPiece piece, CancellationToken cancellationToken)
    {
        report.Add(page);
        if (page.DataAvailableUntil < _availableUntil)
        {
            _availableUntil = page.DataAvailableUntil.Value;
        }

        var unseen = page.Conversations.Where(conversation => IsNew(conversation.Id)).ToList();
        _repeatedPages = page.Conversations.Length > 0 && unseen.Count == 0 ? _repeatedPages + 1 : 0;
        if (_repeatedPages == MaxRepeatedPages)
        {
            throw GenesysExceptionFactory.Unreadable($"{MaxRepeatedPages} pages in a row of an asynchronous query repeat conversations of earlier pages");
        }

        var wanted = unseen.Where(conversation => conversation.Start < _availableUntil && (selection.IsByActivity || conversation.Start >= piece.From)).ToList();
        var unfinished = wanted.Where(conversation => conversation.End is null || conversation.End >= _availableUntil);
        var current = await CurrentAsync([.. unfinished.Select(conversation => conversation.Id)], cancellationToken);
        return wanted.Select(conversation => current.GetValueOrDefault(conversation.Id) ?? conversation);
    }

    /// <summary>Reads the current state of conversations that the bulk data does not contain up to their end.</summary>
    private async Task<Dictionary<string, ConversationDetail>> CurrentAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var current = new Dictionary<string, ConversationDetail>(StringComparer.OrdinalIgnoreCase);
        foreach (var batch in ids.Chunk(DetailsRequest.MaxPageSize))
        {
            var page = await genesys.GetDetailsAsync([.. batch], selection.Origin with { IsBackground = true }, cancellationToken);
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
        if (!_knownIds.Add(id))
        {
            return false;
        }

        _idsInOrder.Enqueue(id);
        if (_idsInOrder.Count > RememberedIds)
        {
            _knownIds.Remove(_idsInOrder.Dequeue());
        }

        return true;
    }
}
