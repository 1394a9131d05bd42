using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// Collects the pages of one asynchronous query, and guards against pages without an end. All pages are parts of one reply: a group that is split over
/// pages is put together, a cell that is repeated with equal values counts once, and one that is repeated with different values makes the reply unreadable.
/// </summary>
internal sealed class AsyncQueryPages(AggregatesRequest request)
{
    /// <summary>Empty pages in a row that are read although they bring nothing. A filter at Genesys could empty some.</summary>
    public const int MaxEmptyPages = 3;

    /// <summary>The limit of pages. With Genesys' smallest known default of 25 items, this is a quarter of a million groups.</summary>
    public const int MaxPages = 10_000;

    /// <summary>A longer cursor does not fit into an address.</summary>
    private const int MaxCursorLength = 4_096;

    private readonly FactsBuilder _facts = new(request.Edges, request.Views, request.Dimensions);
    private readonly HashSet<string> _cursors = new(StringComparer.Ordinal);
    private int _emptyInARow;

    /// <summary>The pages read so far.</summary>
    public int Count { get; private set; }

    /// <summary>The cursor of the next page.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Whether the last page was read.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Reads a page. If it breaks off or is invalid, nothing of it remains, so that the attempt can be repeated.</summary>
    public async ValueTask<ResultsPage> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var before = _facts.Mark();
        var parser = new AggregatesReplyParser(_facts, hasViews: !request.Views.IsEmpty, isPage: true);
        try
        {
            await AggregatesReplyReader.ReadAsync(body, parser, cancellationToken);
            return new(parser.Cursor, parser.Results);
        }
        catch
        {
            _facts.Discard(before);
            throw;
        }
    }

    /// <summary>Takes note of a page that was read, and of the page that follows it.</summary>
    public void Add(ResultsPage page)
    {
        Count++;
        Cursor = page.Cursor;
        IsComplete = string.IsNullOrEmpty(page.Cursor);
        _emptyInARow = page.Groups == 0 ? _emptyInARow + 1 : 0;
        if (IsComplete)
        {
            return;
        }

        if (page.Cursor!.Length > MaxCursorLength)
        {
            throw GenesysFailureFactory.Unreadable("a cursor of the asynchronous query is too long");
        }

        if (!_cursors.Add(page.Cursor))
        {
            throw GenesysFailureFactory.Unreadable("the asynchronous query has a cursor twice, so its pages would have no end");
        }

        if (_emptyInARow > MaxEmptyPages)
        {
            throw GenesysFailureFactory.Unreadable($"the asynchronous query has {_emptyInARow} empty pages in a row");
        }

        if (Count >= MaxPages)
        {
            throw GenesysFailureFactory.Unreadable($"the asynchronous query has more than {MaxPages} pages");
        }
    }

    public AggregateFacts ToFacts()
    {
        var facts = _facts.ToFacts();

        // Afterwards, because a view and its target can be on different pages.
        return request.Views.IsEmpty ? facts : ViewVerifier.Verify(facts, request.Views);
    }
}

/// <param name="Cursor">Null or empty on the last page.</param>
internal sealed record ResultsPage(string? Cursor, int Groups);
