using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>Follows the cursors of one asynchronous query, and guards against pages without an end.</summary>
internal sealed class AsyncQueryPages
{
    /// <summary>The maximum number of consecutive empty pages. Some are accepted, because a filter at Genesys could leave pages empty.</summary>
    public const int MaxEmptyPages = 3;

    /// <summary>The maximum number of pages. With Genesys' smallest known default of 25 items, they have a quarter of a million groups.</summary>
    public const int MaxPages = 10_000;

    /// <summary>The longest cursor that fits into an address.</summary>
    private const int MaxCursorLength = 4_096;

    private readonly HashSet<string> _cursors = new(StringComparer.Ordinal);
    private int _emptyInARow;

    /// <summary>The pages read so far.</summary>
    public int Count { get; private set; }

    /// <summary>The cursor of the next page.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Whether the last page was read.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Records a page that was read, and the cursor of the page that follows it.</summary>
    public void Add(ResultsPage page)
    {
        Count++;
        Cursor = page.Cursor;
        IsComplete = string.IsNullOrEmpty(page.Cursor);
        _emptyInARow = page.Items == 0 ? _emptyInARow + 1 : 0;
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
}
