using System.Collections.Immutable;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>The queues of the organization. <see cref="QueueDirectoryRefresher"/> reads them at startup and in the background.</summary>
internal sealed partial class QueueDirectory(
    IGenesysGateway gateway, ISharedDirectory<QueueEntry> shared, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<QueueDirectory> logger)
    : ListedDirectory<GenesysQueue, QueueEntry, QueueDirectorySnapshot>("queue", shared, options, clock), IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Readiness.ResultAsync(Current is null ? HealthStatus.Unhealthy : HealthStatus.Healthy);

    /// <summary>Returns the queues that the caller may see.</summary>
    /// <exception cref="ProblemException">503: the listing has never been read, and it determines what the caller may see.</exception>
    /// <exception cref="GenesysException">The listing has never been read and cannot be read now.</exception>
    public async ValueTask<QueueDirectorySnapshot> VisibleToAsync(QueueVisibility visibility, CancellationToken cancellationToken)
    {
        try
        {
            return visibility.Filter(await GetAsync(cancellationToken));
        }
        catch (GenesysException failed) when (visibility.NeedsDirectory)
        {
            throw new ProblemException(ProblemFactory.VisibilityUnknown(failed.Failure));
        }
    }

    protected override Task<ListPage<GenesysQueue>> ReadPageAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        gateway.ListQueuesAsync(pageNumber, origin, cancellationToken);

    protected override QueueEntry EntryOf(GenesysQueue entity, Instant readAt) => new(
        entity.Id, entity.Name, entity.DivisionId, entity.DivisionName, entity.MemberCount, entity.ServiceLevels, readAt, Listed: true);

    protected override QueueDirectorySnapshot SnapshotOf(Instant readAt, IEnumerable<QueueEntry> entries) => new(readAt, entries);

    protected override void LogRead(int entries, int pages) => Log.Read(logger, entries, pages);

    protected override void LogIncomplete(int pages, int entries) => Log.Incomplete(logger, pages, entries);

    protected override void LogAdopted(int entries, Instant readAt) => Log.Adopted(logger, entries, readAt);

    protected override void LogInvalidEntries(int count, string shown) => Log.InvalidEntries(logger, count, shown);

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Debug, "Read {Queues} queues on {Pages} pages")]
        public static partial void Read(ILogger logger, int queues, int pages);

        [LoggerMessage(3001, LogLevel.Warning, "The queue listing of Genesys was incomplete: it ended early, after page {Pages}. Its {Queues} queues were updated; the others stayed unchanged")]
        public static partial void Incomplete(ILogger logger, int pages, int queues);

        [LoggerMessage(3002, LogLevel.Debug, "Adopted {Queues} queues that another replica read at {ReadAt}")]
        public static partial void Adopted(ILogger logger, int queues, Instant readAt);

        [LoggerMessage(3003, LogLevel.Warning, "The queue listing of Genesys had {Count} invalid entries. All other entries were read. {InvalidEntries}")]
        public static partial void InvalidEntries(ILogger logger, int count, string invalidEntries);
    }
}

/// <summary>Gauges of the queue directory.</summary>
internal sealed class QueueDirectoryGauges
{
    public QueueDirectoryGauges(ServiceMeter meter, QueueDirectory directory, TimeProvider clock)
    {
        meter.Gauge("directory.queues", null, "Queues in the directory, including deleted ones.", () => directory.Current?.Queues.Count ?? 0);
        meter.Gauge(
            "directory.age", "s", "Age of the queue listing; absent until it has been read.",
            () => directory.Current is { } read ? [new((Instant.FromDateTimeOffset(clock.GetUtcNow()) - read.ReadAt).TotalSeconds)] : []);
    }
}

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

/// <summary>A queue in the directory. A queue that Genesys no longer lists keeps its last known details.</summary>
/// <param name="LastSeen">When Genesys last listed the queue.</param>
/// <param name="Listed">Whether the current listing contains the queue.</param>
internal sealed record QueueEntry(
    string Id,
    string Name,
    string? DivisionId,
    string? DivisionName,
    int? MemberCount,
    IReadOnlyDictionary<string, QueueServiceLevel> ServiceLevels,
    Instant LastSeen,
    bool Listed) : IDirectoryEntry<QueueEntry>
{
    /// <summary>The folded name against which patterns are matched. It is computed once, because every query with a pattern compares every queue.</summary>
    public string FoldedName { get; } = NameFolding.Folded(Name);

    public QueueEntry AsUnlisted() => this with { Listed = false };
}
