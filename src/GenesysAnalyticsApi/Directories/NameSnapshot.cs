using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Directories;

/// <summary>A user or a wrap-up code. An entry that Genesys no longer lists keeps its last known name.</summary>
/// <param name="IsActive">Whether Genesys lists the user as active. Null for a wrap-up code, and for a user without a known state.</param>
/// <param name="LastSeen">When Genesys last listed the entry.</param>
/// <param name="Listed">Whether the current listing contains the entry.</param>
internal sealed record NamedEntry(string Id, string Name, bool? IsActive, Instant LastSeen, bool Listed) : IDirectoryEntry<NamedEntry>
{
    public string FoldedName { get; } = NameFolding.Folded(Name);

    public NamedEntry AsUnlisted() => this with { Listed = false };
}

/// <summary>All users or all wrap-up codes known at one moment.</summary>
internal sealed class NameSnapshot(Instant readAt, IEnumerable<NamedEntry> entries) : DirectorySnapshot<NamedEntry>(readAt, entries);
