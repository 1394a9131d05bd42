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

    /// <summary>Returns the snapshot after another listing. Queues that the listing lacks keep their last known name.</summary>
    public static QueueDirectorySnapshot After(QueueDirectorySnapshot? previous, QueueListing listing, Instant readAt) => Merged(
        previous,
        new(readAt, listing.Queues.Select(queue => new DirectoryQueue(
            queue.Id, queue.Name, queue.DivisionId, queue.DivisionName, queue.MemberCount, queue.ServiceLevels, readAt, Listed: true))),
        listing.IsComplete);

    /// <summary>Returns the snapshot that another replica has read. Queues that it lacks keep their last known name. Only complete listings are shared.</summary>
    public static QueueDirectorySnapshot Shared(QueueDirectorySnapshot? previous, QueueDirectorySnapshot listing) => Merged(previous, listing, isComplete: true);

    // An incomplete listing does not show that other queues were deleted, so they stay unchanged.
    private static QueueDirectorySnapshot Merged(QueueDirectorySnapshot? previous, QueueDirectorySnapshot listing, bool isComplete) => new(
        listing.ReadAt,
        listing.Queues.Concat((previous?.Queues ?? [])
            .Where(queue => listing.Find(queue.Id) is null)
            .Select(queue => isComplete ? queue.Unlisted() : queue)));
}
