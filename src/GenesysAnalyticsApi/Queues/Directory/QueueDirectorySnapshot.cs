using System.Collections.Immutable;
using GenesysAnalyticsApi.Directories;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>All queues known at one moment.</summary>
internal sealed class QueueDirectorySnapshot : DirectorySnapshot<DirectoryQueue>
{
    public QueueDirectorySnapshot(Instant readAt, IEnumerable<DirectoryQueue> queues)
        : base(readAt, queues)
    {
    }

    private QueueDirectorySnapshot(Instant readAt, ImmutableArray<DirectoryQueue> ordered)
        : base(readAt, ordered)
    {
    }

    /// <summary>Sorted by name, then id (<see cref="EntryOrder"/>).</summary>
    public IReadOnlyList<DirectoryQueue> Queues => Entries;

    /// <summary>Returns the snapshot limited to some queues.</summary>
    public QueueDirectorySnapshot Where(Func<DirectoryQueue, bool> isVisible) => new(ReadAt, Queues.Where(isVisible).ToImmutableArray());
}
