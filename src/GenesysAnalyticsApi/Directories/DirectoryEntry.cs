namespace GenesysAnalyticsApi.Directories;

/// <summary>The properties of every entry of a directory. An entry that Genesys no longer lists keeps its last known details.</summary>
internal interface IDirectoryEntry
{
    string Id { get; }

    string Name { get; }

    /// <summary>The folded name against which patterns are matched. It is computed once, because every query with a pattern compares every entry.</summary>
    string FoldedName { get; }

    /// <summary>When Genesys last listed the entry.</summary>
    Instant LastSeen { get; }

    /// <summary>Whether the current listing contains the entry.</summary>
    bool Listed { get; }
}

/// <typeparam name="TSelf">The type of the entry.</typeparam>
internal interface IDirectoryEntry<out TSelf> : IDirectoryEntry
    where TSelf : IDirectoryEntry<TSelf>
{
    /// <summary>Returns the entry as it is kept after a listing that no longer contains the entry.</summary>
    TSelf AsUnlisted();
}

/// <summary>Sorts by case-insensitive name, then by exact name, then by id. The order is total, so a page can start after any entry.</summary>
internal sealed class EntryOrder : IComparer<IDirectoryEntry>
{
    public static readonly EntryOrder Instance = new();

    public int Compare(IDirectoryEntry? x, IDirectoryEntry? y) =>
        x is null || y is null ? Comparer<object>.Default.Compare(x, y) : Compare(x, y.Name, y.Id);

    public static int Compare(IDirectoryEntry entry, string name, string id) =>
        string.Compare(entry.Name, name, StringComparison.OrdinalIgnoreCase) is not 0 and var ignoringCase ? ignoringCase
        : string.CompareOrdinal(entry.Name, name) is not 0 and var byName ? byName
        : string.CompareOrdinal(entry.Id, id);
}
