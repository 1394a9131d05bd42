using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>All queues known at one moment. Immutable, so that a request sees the same queues throughout.</summary>
internal sealed class QueueDirectorySnapshot
{
    private readonly ImmutableArray<DirectoryQueue> _queues;
    private readonly Dictionary<string, DirectoryQueue> _byId;

    public QueueDirectorySnapshot(Instant readAt, IEnumerable<DirectoryQueue> queues)
        : this(readAt, [.. queues.Order(QueueOrder.Instance)])
    {
    }

    private QueueDirectorySnapshot(Instant readAt, ImmutableArray<DirectoryQueue> ordered)
    {
        ReadAt = readAt;
        _queues = ordered;
        _byId = ordered.ToDictionary(queue => GenesysId.Canonical(queue.Id), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>When the listing was requested. It cannot contain later changes.</summary>
    public Instant ReadAt { get; }

    /// <summary>Sorted by name, then id (<see cref="QueueOrder"/>).</summary>
    public IReadOnlyList<DirectoryQueue> Queues => _queues;

    public DirectoryQueue? Find(string id) => _byId.GetValueOrDefault(GenesysId.Canonical(id));

    /// <summary>
    /// Returns every queue that matches a pattern with <c>*</c>, or the queues with the given name, ideally one. Listed queues take precedence over
    /// deleted ones. The exact spelling decides between names that differ only in case or in invisible characters.
    /// </summary>
    public IReadOnlyList<DirectoryQueue> Match(string nameOrPattern)
    {
        var pattern = new QueueNamePattern(nameOrPattern);
        var fitting = _queues.Where(queue => pattern.Matches(queue)).ToArray();
        if (pattern.HasWildcard)
        {
            return fitting;
        }

        var listed = fitting.Where(queue => queue.Listed).ToArray();
        var candidates = listed is [] ? fitting : listed;
        var spelled = QueueNameComparison.Spelled(nameOrPattern);
        var alike = candidates.Where(queue => QueueNameComparison.Spelled(queue.Name) == spelled).ToArray();
        var exact = alike.Where(queue => queue.Name.Equals(nameOrPattern, StringComparison.Ordinal)).ToArray();
        return exact is [_] ? exact : alike is [_] ? alike : candidates;
    }

    /// <summary>Returns the snapshot limited to some queues.</summary>
    public QueueDirectorySnapshot Where(Func<DirectoryQueue, bool> isVisible) => new(ReadAt, _queues.Where(isVisible).ToImmutableArray());

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
            .Select(queue => isComplete ? queue with { Listed = false } : queue)));
}
