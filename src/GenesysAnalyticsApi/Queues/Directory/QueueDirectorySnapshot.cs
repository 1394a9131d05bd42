using System.Collections.Immutable;
using GenesysAnalyticsApi.Directories;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>All queues known at one moment.</summary>
internal sealed class QueueDirectorySnapshot : DirectorySnapshot<QueueEntry>
{
    public QueueDirectorySnapshot(Instant readAt, IEnumerable<QueueEntry> queues)
        : base(readAt, queues)
    {
    }

    private QueueDirectorySnapshot(Instant readAt, ImmutableArray<QueueEntry> ordered)
        : base(readAt, ordered)
    {
    }

    /// <summary>The queues, sorted by name, then id (<see cref="EntryOrder"/>).</summary>
    public IReadOnlyList<QueueEntry> Queues => Entries;

    /// <summary>Returns a snapshot that contains only the visible queues.</summary>
    public QueueDirectorySnapshot Where(Func<QueueEntry, bool> isVisible) => new(ReadAt, Queues.Where(isVisible).ToImmutableArray());
}
