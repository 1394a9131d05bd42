using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>Follows the cursors of one asynchronous query, and guards against an endless sequence of pages.</summary>
internal sealed class AsyncQueryPages
{
    /// <summary>The maximum number of consecutive empty pages. Some are accepted, because a filter at Genesys could leave pages empty.</summary>
    public const int MaxEmptyPages = 3;

    /// <summary>
    /// The maximum number of pages. Even with 25 items per page, the smallest default page size that Genesys is known to use, 10,000 pages contain 250,000
    /// items.
    /// </summary>
    public const int MaxPages = 10_000;

    /// <summary>The maximum length of a cursor, because the cursor is sent in a URL.</summary>
    private const int MaxCursorLength = 4_096;

    private readonly HashSet<string> _cursors = new(StringComparer.Ordinal);
    private int _emptyInARow;

    /// <summary>The number of pages read so far.</summary>
    public int Count { get; private set; }

    /// <summary>The cursor of the next page.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Whether the last page has been read.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Records a page that has been read, and the cursor of the page that follows it.</summary>
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
            throw GenesysExceptionFactory.Unreadable(
                $"a cursor of the asynchronous query has {page.Cursor.Length} characters, but at most {MaxCursorLength} are accepted");
        }

        if (!_cursors.Add(page.Cursor))
        {
            throw GenesysExceptionFactory.Unreadable("the asynchronous query repeats a cursor, so its pages would never end");
        }

        if (_emptyInARow > MaxEmptyPages)
        {
            throw GenesysExceptionFactory.Unreadable(
                $"the asynchronous query has {_emptyInARow} empty pages in a row, but at most {MaxEmptyPages} are accepted");
        }

        if (Count >= MaxPages)
        {
            throw GenesysExceptionFactory.Unreadable($"the asynchronous query has more than {MaxPages} pages");
        }
    }
}
