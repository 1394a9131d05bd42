using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>
/// Reads pieces with the synchronous query, page by page from the latest conversation backwards. Requests start at midnight (UTC), so in this order, the
/// conversations that began before the piece are on the last pages, which are not read. If data changes during the read, a conversation can move to another
/// page. The reader therefore merges duplicates, and compares the number of conversations with Genesys' count.
/// </summary>
internal sealed class DetailsPages(
    IConversationDetails genesys, DetailsIntervalLimit limit, ConversationsOptions options, DetailsSelection selection, DetailsReadReport report)
{
    /// <summary>
    /// The number of Genesys requests with the caller's priority. Later requests have background priority: if few conversations pass the filter, a read can
    /// need hundreds of pages, which would use up the rate limit of all callers.
    /// </summary>
    private const int ForegroundRequests = 10;

    private readonly Dictionary<(Instant Base, Instant To), long> _counts = [];
    private int _requests;

    /// <summary>Asks Genesys how many conversations a piece contains.</summary>
    public async Task<long> CountAsync(DetailsPiece piece, CancellationToken cancellationToken)
    {
        try
        {
            long sum = 0;
            foreach (var part in PartsOf(piece))
            {
                sum += await CountFromBaseAsync(part.Base, part.To, cancellationToken) - await CountBeforeAsync(part, cancellationToken);
            }

            return sum;
        }
        catch (GenesysException e) when (TryLearnLimit(e, piece))
        {
            return await CountAsync(piece, cancellationToken);
        }
    }

    /// <param name="inBackground">Whether the requests have background priority, because there are many conversations.</param>
    public async IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsPiece piece, bool inBackground, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (piece.From >= piece.To)
        {
            yield break;
        }

        var pending = new Stack<DetailsPiece>(InOrder(PartsOf(piece)).Reverse());
        var hasReadPiece = false;
        while (pending.TryPop(out var next))
        {
            // Each request of a caller reads at least one piece, so repeated requests reach the end of the interval.
            if (hasReadPiece && report.Calls >= selection.MaxCalls)
            {
                report.StoppedAt = selection.IsDescending ? next.To : next.From;
                yield break;
            }

            var (found, parts) = await ReadOrSplitAsync(next, inBackground, cancellationToken);
            hasReadPiece |= parts is [];
            foreach (var part in InOrder(parts).Reverse())
            {
                pending.Push(part);
            }

            foreach (var conversation in found)
            {
                yield return conversation;
            }
        }
    }

    /// <returns>The conversations of the piece, or the parts to read instead of the piece.</returns>
    private async Task<(IEnumerable<ConversationDetail> Found, IReadOnlyList<DetailsPiece> Parts)> ReadOrSplitAsync(
        DetailsPiece piece, bool inBackground, CancellationToken cancellationToken)
    {
        try
        {
            var first = await QueryAsync(piece, 1, DetailsRequest.MaxPageSize, inBackground, cancellationToken);
            var expected = first.TotalHits - await CountBeforeAsync(piece, cancellationToken);
            var maxPerPiece = selection.MaxPerPiece ?? options.MaxConversationsPerPiece;
            return expected > maxPerPiece && piece.CanSplit
                ? ([], piece.Split(expected.Value, maxPerPiece))
                : (await ReadPieceAsync(piece, first, expected, inBackground, cancellationToken), []);
        }
        catch (GenesysException e) when (TryLearnLimit(e, piece))
        {
            return ([], [.. piece.SplitByDays(limit.Days!.Value)]);
        }
        catch (GenesysException e) when (selection.ShouldRetryPiece is not null)
        {
            if (await selection.ShouldRetryPiece(piece, e.Failure, cancellationToken))
            {
                return ([], [piece]);
            }

            report.PieceFailed(piece, e.Failure);
            return ([], []);
        }
    }

    private async Task<IEnumerable<ConversationDetail>> ReadPieceAsync(
        DetailsPiece piece, DetailsPage first, long? expected, bool inBackground, CancellationToken cancellationToken)
    {
        var found = new MergedConversations(piece);
        await CollectAsync(found, piece, first, expected, inBackground, cancellationToken);
        if (expected is not null && found.Count != expected)
        {
            await CheckCountAsync(found, piece, inBackground, cancellationToken);
        }

        return selection.IsDescending ? found.InOrder.Reverse() : found.InOrder;
    }

    /// <summary>
    /// Handles a difference between the number of conversations that were read and Genesys' count. Such a difference occurs if conversations began, changed or
    /// moved between pages during the read. If conversations are missing, reads all pages of the piece once more.
    /// </summary>
    private async Task CheckCountAsync(MergedConversations found, DetailsPiece piece, bool inBackground, CancellationToken cancellationToken)
    {
        var (firstPage, counted) = await RecountAsync(piece, inBackground, cancellationToken);
        if (found.Count < counted)
        {
            await CollectAsync(found, piece, firstPage, counted, inBackground, cancellationToken);
            if (found.Count != counted)
            {
                (_, counted) = await RecountAsync(piece, inBackground, cancellationToken);
            }
        }

        if (counted is { } count && found.Count != count)
        {
            report.CountDiffers(piece, count, found.Count);
        }
    }

    private async Task CollectAsync(MergedConversations found, DetailsPiece piece, DetailsPage first, long? expected, bool inBackground, CancellationToken cancellationToken)
    {
        found.Add(first);
        var pages = (int)Math.Min((expected ?? 0) + DetailsRequest.MaxPageSize - 1, int.MaxValue) / DetailsRequest.MaxPageSize;
        var last = first;
        await Parallel.ForEachAsync(
            Enumerable.Range(2, Math.Max(0, pages - 1)),
            new ParallelOptions { MaxDegreeOfParallelism = options.ConcurrentPages, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                var page = await QueryAsync(piece, number, DetailsRequest.MaxPageSize, inBackground, token);
                found.Add(page);
                if (number == pages)
                {
                    last = page;
                }
            });

        // Genesys' count can be too low while new data arrives, so reading continues until a page is not full or contains no conversation of the piece.
        for (var number = Math.Max(pages, 1) + 1; last.Conversations.Length == DetailsRequest.MaxPageSize && last.Conversations.Any(conversation => conversation.Start >= piece.From); number++)
        {
            last = await QueryAsync(piece, number, DetailsRequest.MaxPageSize, inBackground, cancellationToken);
            found.Add(last);
        }
    }

    private async Task<(DetailsPage Page, long? Count)> RecountAsync(DetailsPiece piece, bool inBackground, CancellationToken cancellationToken)
    {
        _counts.Clear();
        var page = await QueryAsync(piece, 1, DetailsRequest.MaxPageSize, inBackground, cancellationToken);
        return (page, page.TotalHits - await CountBeforeAsync(piece, cancellationToken));
    }

    /// <summary>
    /// Counts the conversations that began between <see cref="DetailsPiece.Base"/> and the start of the piece. Requests start at Base, so Genesys' counts
    /// include these conversations.
    /// </summary>
    private async Task<long> CountBeforeAsync(DetailsPiece piece, CancellationToken cancellationToken) =>
        piece.From == piece.Base ? 0 : await CountFromBaseAsync(piece.Base, piece.From, cancellationToken);

    private async Task<long> CountFromBaseAsync(Instant start, Instant to, CancellationToken cancellationToken)
    {
        if (!_counts.TryGetValue((start, to), out var count))
        {
            var page = await QueryAsync(new DetailsPiece(start, to), 1, 1, inBackground: false, cancellationToken);
            _counts[(start, to)] = count = page.TotalHits ?? 0;
        }

        return count;
    }

    private async Task<DetailsPage> QueryAsync(DetailsPiece piece, int number, int size, bool inBackground, CancellationToken cancellationToken)
    {
        var page = await genesys.QueryDetailsAsync(
            new DetailsRequest(piece.Base, piece.To)
            {
                IsDescending = true,
                PageNumber = number,
                PageSize = size,
                Filter = selection.Filter,
                Origin = inBackground || Interlocked.Increment(ref _requests) > ForegroundRequests ? selection.Origin with { IsBackground = true } : selection.Origin,
            },
            cancellationToken);
        report.Add(page);
        if (number == 1 && page.TotalHits is { } count)
        {
            _counts[(piece.Base, piece.To)] = count;
        }

        return page;
    }

    private IEnumerable<DetailsPiece> PartsOf(DetailsPiece piece) => piece.IsLongerThan(limit.Days) ? piece.SplitByDays(limit.Days!.Value) : [piece];

    private IEnumerable<DetailsPiece> InOrder(IEnumerable<DetailsPiece> pieces) => selection.IsDescending ? pieces.Reverse() : pieces;

    /// <summary>Remembers the longest interval that Genesys accepts, if Genesys rejected the piece as too long.</summary>
    /// <returns>True if the piece is longer than that interval, so that splitting it can help.</returns>
    private bool TryLearnLimit(GenesysException rejection, DetailsPiece piece)
    {
        if (rejection.Failure.MaxIntervalDays is not { } days || !piece.IsLongerThan(Math.Max(1, days)))
        {
            return false;
        }

        limit.Learn(days);
        return true;
    }
}
