using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Directories;

/// <summary>All entries of a directory known at one moment. The snapshot is immutable, so a request sees the same entries throughout.</summary>
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

    /// <summary>When the listing was requested. The listing might not contain later changes.</summary>
    public Instant ReadAt { get; }

    /// <summary>The entries, sorted by name, then id (<see cref="EntryOrder"/>).</summary>
    public IReadOnlyList<TEntry> Entries => _entries;

    public TEntry? Find(string id) => _byId.GetValueOrDefault(GenesysId.Canonical(id));

    /// <summary>
    /// For a pattern with <c>*</c>, returns every entry that matches the pattern. For a name, returns the entries that have the name, apart from case, white
    /// space and invisible characters. If Genesys still lists some of these entries, the others are omitted. If exactly one of them has the exact
    /// spelling, only that entry is returned.
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
        var spelled = NameFolding.Spelled(nameOrPattern);
        var sameSpelling = candidates.Where(entry => NameFolding.Spelled(entry.Name) == spelled).ToArray();
        var exact = sameSpelling.Where(entry => entry.Name.Equals(nameOrPattern, StringComparison.Ordinal)).ToArray();
        return exact is [_] ? exact : sameSpelling is [_] ? sameSpelling : candidates;
    }

    /// <summary>Returns the end of the message about a name that was not found: up to three names that are closest to this name.</summary>
    public string ClosestNames(string name)
    {
        var given = NameFolding.Folded(name.Replace("*", "", StringComparison.Ordinal));
        // Prefix matches come first: a short prefix has a large edit distance to a long name.
        var closest = _entries
            .DistinctBy(entry => entry.Name, StringComparer.Ordinal)
            .OrderBy(entry => given.Length == 0 || !entry.FoldedName.StartsWith(given, StringComparison.Ordinal))
            .ThenBy(entry => EditDistance.Relative(given, entry.FoldedName))
            .Take(3)
            .Select(entry => $"'{InputExcerpt.OfName(entry.Name)}'")
            .ToList();
        var separate = name.Contains(',', StringComparison.Ordinal) ? " A comma is part of a name, so give each name as a separate value." : "";
        return closest is [] ? ": the directory is empty." : $". The closest names are: {string.Join(", ", closest)}.{separate}";
    }
}
