using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Directories;

/// <summary>All entries of a directory known at one moment. Immutable, so that a request sees the same entries throughout.</summary>
internal abstract class DirectorySnapshot<TEntry>
    where TEntry : class, IDirectoryEntry
{
    private readonly ImmutableArray<TEntry> _entries;
    private readonly Dictionary<string, TEntry> _byId;

    protected DirectorySnapshot(Instant readAt, IEnumerable<TEntry> entries)
        : this(readAt, [.. entries.Order<TEntry>(EntryOrder.Instance)])
    {
    }

    protected DirectorySnapshot(Instant readAt, ImmutableArray<TEntry> ordered)
    {
        ReadAt = readAt;
        _entries = ordered;
        _byId = ordered.ToDictionary(entry => GenesysId.Canonical(entry.Id), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>When the listing was requested. It cannot contain later changes.</summary>
    public Instant ReadAt { get; }

    /// <summary>Sorted by name, then id (<see cref="EntryOrder"/>).</summary>
    public IReadOnlyList<TEntry> Entries => _entries;

    public TEntry? Find(string id) => _byId.GetValueOrDefault(GenesysId.Canonical(id));

    /// <summary>
    /// Returns every entry that matches a pattern with <c>*</c>, or all entries that have the name. Entries that Genesys still lists take precedence.
    /// If several names differ only in case or in invisible characters, the exact spelling takes precedence.
    /// </summary>
    public IReadOnlyList<TEntry> Match(string nameOrPattern)
    {
        var pattern = new NamePattern(nameOrPattern);
        var matching = _entries.Where(entry => pattern.MatchesFolded(entry.FoldedName)).ToArray();
        if (pattern.HasWildcard)
        {
            return matching;
        }

        var listed = matching.Where(entry => entry.Listed).ToArray();
        var candidates = listed is [] ? matching : listed;
        var spelled = NameComparison.Spelled(nameOrPattern);
        var sameSpelling = candidates.Where(entry => NameComparison.Spelled(entry.Name) == spelled).ToArray();
        var exact = sameSpelling.Where(entry => entry.Name.Equals(nameOrPattern, StringComparison.Ordinal)).ToArray();
        return exact is [_] ? exact : sameSpelling is [_] ? sameSpelling : candidates;
    }

    /// <summary>Returns the end of an error message: up to three names that are closest to the one that was not found.</summary>
    public string ClosestNames(string name)
    {
        var given = NameComparison.Folded(name.Replace("*", "", StringComparison.Ordinal));
        // Prefix matches come first: a short prefix has a large edit distance to a long name.
        var closest = _entries
            .DistinctBy(entry => entry.Name, StringComparer.Ordinal)
            .OrderBy(entry => given.Length == 0 || !entry.FoldedName.StartsWith(given, StringComparison.Ordinal))
            .ThenBy(entry => EditDistance.Relative(given, entry.FoldedName))
            .Take(3)
            .Select(entry => $"'{InputExcerpt.OfName(entry.Name)}'")
            .ToList();
        return closest is [] ? ": the directory is empty." : $". The closest names are: {string.Join(", ", closest)}.";
    }
}
