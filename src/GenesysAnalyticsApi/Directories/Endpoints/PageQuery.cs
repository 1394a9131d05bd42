using System.Globalization;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>The parameters that the lists of all directories have, as unchecked text.</summary>
internal interface IPageParameters
{
    string? Name { get; }

    string? Limit { get; }

    string? Cursor { get; }

    /// <summary>The filters of this list other than the name, in canonical form and without <c>|</c>. The parameters might be invalid.</summary>
    string OtherFilters { get; }
}

/// <summary>A validated query for one page of a directory.</summary>
internal sealed record PageQuery
{
    public const int MaxPageSize = 1_000;
    public const int DefaultPageSize = 100;

    private readonly string? _name;
    private readonly int _limit;
    private readonly PageCursor? _after;
    private readonly ulong _filter;

    public PageQuery(IPageParameters parameters)
    {
        _name = parameters.Name;
        _limit = parameters.Limit is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : DefaultPageSize;
        _after = parameters.Cursor is { } text && PageCursor.TryRead(text, out var cursor) ? cursor : null;
        _filter = FilterOf(parameters);
    }

    /// <summary>Returns true if the cursor is valid and belongs to a query with the same filters. The page size can differ from page to page.</summary>
    public static bool Continues(IPageParameters parameters, string cursor) => PageCursor.TryRead(cursor, out var read) && read.Filter == FilterOf(parameters);

    /// <param name="entries">All entries, in the order of <see cref="EntryOrder"/>.</param>
    /// <param name="isWanted">Whether an entry passes the filters of this list other than the name.</param>
    public (IReadOnlyList<TEntry> Entries, string? NextCursor) PageOf<TEntry>(IReadOnlyList<TEntry> entries, Func<TEntry, bool> isWanted)
        where TEntry : class, IDirectoryEntry
    {
        var pattern = _name is null ? null : new NamePattern(_name);
        var found = entries
            .Where(entry => _after is null || EntryOrder.Compare(entry, _after.Name, _after.Id) > 0)
            .Where(entry => pattern is null || pattern.MatchesFolded(entry.FoldedName))
            .Where(isWanted)
            .Take(_limit + 1)
            .ToArray();

        // One extra entry shows whether there is a next page.
        return found.Length > _limit ? (found[.._limit], new PageCursor(_filter, found[^2].Name, found[^2].Id).Write()) : (found, null);
    }

    // The other filters come first, because a name can contain any character.
    private static ulong FilterOf(IPageParameters parameters) =>
        PageCursor.HashOf($"{parameters.OtherFilters}|{(parameters.Name is { } name ? NameFolding.Folded(name) : null)}");
}
