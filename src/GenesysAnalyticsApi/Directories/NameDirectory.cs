using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Directories;

/// <summary>
/// The names of users or of wrap-up codes. The list is read at its first use, so a service that needs no such names sends no additional Genesys requests,
/// except in a doctor run. A snapshot older than <c>RefreshAfter</c> is still returned at once, and its use starts a refresh in the background.
/// </summary>
/// <param name="entryNoun">The singular noun for an entry in messages, such as 'user'.</param>
internal abstract partial class NameDirectory(
    string entryNoun, ISharedDirectory<NamedEntry> shared, IOptions<GenesysOptions> options, TimeProvider clock, ILogger logger)
    : ListedDirectory<GenesysName, NamedEntry, NameSnapshot>(entryNoun, shared, options, clock)
{
    /// <summary>
    /// The pause after a failed refresh, and after a rejected first read. Without the pause, every query that shows names would cause a read.
    /// </summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Task _refresh = Task.CompletedTask;
    private DateTimeOffset _nextRefresh;
    private bool _isFailing;

    public override ValueTask<NameSnapshot> GetAsync(CancellationToken cancellationToken)
    {
        if (Current is { } known && known.ReadAt.ToDateTimeOffset() + RefreshAfter <= Clock.GetUtcNow())
        {
            RefreshInBackground();
        }

        return base.GetAsync(cancellationToken);
    }

    protected override NamedEntry EntryOf(GenesysName entity, Instant readAt) => new(entity.Id, entity.Name, entity.IsActive, readAt, Listed: true);

    protected override NameSnapshot SnapshotOf(Instant readAt, IEnumerable<NamedEntry> entries) => new(readAt, entries);

    protected override TimeSpan LifetimeOf(Exception? failure) =>
        failure is GenesysException { Failure.Kind: GenesysFailureKind.Forbidden or GenesysFailureKind.Rejected } ? RetryInterval : base.LifetimeOf(failure);

    protected override void LogRead(int entries, int pages) => Log.Read(logger, entries, EntryNoun, pages);

    protected override void LogIncomplete(int pages, int entries) => Log.Incomplete(logger, EntryNoun, pages, entries);

    protected override void LogAdopted(int entries, Instant readAt) => Log.Adopted(logger, entries, EntryNoun, readAt);

    protected override void LogInvalidEntries(int count, string shown) => Log.InvalidEntries(logger, EntryNoun, count, shown);

    private void RefreshInBackground()
    {
        lock (_gate)
        {
            if (_refresh.IsCompleted && Clock.GetUtcNow() >= _nextRefresh)
            {
                _refresh = RefreshAndReportAsync();
            }
        }
    }

    /// <summary>Logs once when refreshes begin to fail and once when they succeed again. Throws nothing, because no caller awaits it.</summary>
    private async Task RefreshAndReportAsync()
    {
        try
        {
            var snapshot = await RefreshAsync(CancellationToken.None);
            if (_isFailing)
            {
                Log.Recovered(logger, EntryNoun, snapshot.Entries.Count);
            }

            _isFailing = false;
        }
        catch (OperationCanceledException)
        {
            // The service is stopping.
        }
        catch (Exception failure)
        {
            _nextRefresh = Clock.GetUtcNow() + RetryInterval;
            if (!_isFailing)
            {
                // The message of a Genesys failure is sufficient. Other exceptions are logged with their stack trace.
                Log.Failed(logger, failure is GenesysException ? null : failure, EntryNoun, failure.Message);
            }

            _isFailing = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3020, LogLevel.Debug, "Read {Entries} {EntryNoun}s on {Pages} pages")]
        public static partial void Read(ILogger logger, int entries, string entryNoun, int pages);

        [LoggerMessage(3021, LogLevel.Warning, "The {EntryNoun} listing of Genesys was incomplete: it ended early, after page {Pages}. Its {Entries} entries were updated; the others stayed unchanged")]
        public static partial void Incomplete(ILogger logger, string entryNoun, int pages, int entries);

        [LoggerMessage(3022, LogLevel.Debug, "Adopted {Entries} {EntryNoun}s that another replica read at {ReadAt}")]
        public static partial void Adopted(ILogger logger, int entries, string entryNoun, Instant readAt);

        [LoggerMessage(3023, LogLevel.Warning, "The {EntryNoun} listing of Genesys had {Count} invalid entries; the others are as listed. {InvalidEntries}")]
        public static partial void InvalidEntries(ILogger logger, string entryNoun, int count, string invalidEntries);

        [LoggerMessage(3024, LogLevel.Warning, "The {EntryNoun}s could not be read again, so their last known names are shown: {Reason}")]
        public static partial void Failed(ILogger logger, Exception? unexpected, string entryNoun, string reason);

        [LoggerMessage(3025, LogLevel.Information, "The {EntryNoun}s were read again: {Entries}")]
        public static partial void Recovered(ILogger logger, string entryNoun, int entries);
    }
}

/// <summary>The users of the organization, including inactive ones. The names of users are personal data, so no log event contains them.</summary>
internal sealed class UserDirectory(
    IGenesysGateway gateway,
    [FromKeyedServices(UserDirectory.Listing)] ISharedDirectory<NamedEntry> shared,
    IOptions<GenesysOptions> options,
    TimeProvider clock,
    ILogger<UserDirectory> logger) : NameDirectory("user", shared, options, clock, logger)
{
    public const string Listing = "users";

    /// <summary>How long the name of a user is kept after Genesys last listed the user, even if it listed the user as deleted.</summary>
    public static readonly Duration Retention = Duration.FromDays(30);

    protected override Task<ListPage<GenesysName>> ReadPageAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        gateway.ListUsersAsync(pageNumber, origin, cancellationToken);

    protected override bool Keeps(NamedEntry unlisted, Instant readAt) => unlisted.LastSeen > readAt - Retention;
}

/// <summary>The wrap-up codes of the organization.</summary>
internal sealed class WrapUpCodeDirectory(
    IGenesysGateway gateway,
    [FromKeyedServices(WrapUpCodeDirectory.Listing)] ISharedDirectory<NamedEntry> shared,
    IOptions<GenesysOptions> options,
    TimeProvider clock,
    ILogger<WrapUpCodeDirectory> logger) : NameDirectory("wrap-up code", shared, options, clock, logger)
{
    public const string Listing = "wrapup-codes";

    protected override Task<ListPage<GenesysName>> ReadPageAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        gateway.ListWrapUpCodesAsync(pageNumber, origin, cancellationToken);
}

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
