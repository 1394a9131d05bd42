using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>The queues of a query that the caller may see.</summary>
internal sealed class ObservedQueues
{
    private readonly HashSet<string>? _wanted;

    /// <param name="queues">The queues that the query selects.</param>
    /// <param name="directory">The directory, limited to queues that the caller may see; null if it could not be read.</param>
    public ObservedQueues(ResolvedQueues queues, QueueDirectorySnapshot? directory)
    {
        (Queues, Directory) = (queues, directory);
        _wanted = queues.IsEverything ? null : queues.EffectiveIds.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public ResolvedQueues Queues { get; }

    public QueueDirectorySnapshot? Directory { get; }

    /// <summary>The listed queues of the query. They have records even if they have no conversations.</summary>
    public IEnumerable<QueueEntry> Listed => (Directory?.Queues ?? []).Where(queue => queue.Listed && Includes(queue.Id));

    /// <summary>
    /// Whether the directory lists none of the selected queues. Without conversations, nothing shows that such queues exist, so their figures are unknown, not zero.
    /// </summary>
    public bool NoneListed => Directory is not null && !Queues.IsEverything && !Listed.Any();

    public bool Includes(string queueId) => _wanted?.Contains(queueId) != false;

    public QueueEntry? Find(string queueId) => Directory?.Find(queueId);

    /// <summary>Ids in the query that the directory does not contain; empty if the directory could not be read.</summary>
    public ImmutableArray<string> Unknown => Directory is null ? [] : Queues.UnknownIds;
}

/// <summary>Resolves the queues of a query.</summary>
internal sealed class ObservedQueuesResolver(QueueDirectory directory)
{
    /// <exception cref="Errors.ProblemException">
    /// A name matches no queue or several queues, the caller may not see a queue, or the queues that the caller may see are not known yet.
    /// </exception>
    /// <exception cref="GenesysException">The directory is needed and could not be read.</exception>
    public async Task<ObservedQueues> ResolveAsync(ObservationsQuery query, Caller caller, CancellationToken cancellationToken)
    {
        var needsDirectory = !query.QueueNames.IsEmpty || !query.DivisionIds.IsEmpty || caller.Visibility.NeedsDirectory;
        var snapshot = needsDirectory ? await directory.VisibleToAsync(caller.Visibility, cancellationToken) : await FindAsync(caller.Visibility, cancellationToken);
        return new ObservedQueues(QueueResolver.Resolve(query.QueueIds, query.QueueNames, query.DivisionIds, snapshot, caller.Visibility), snapshot);
    }

    /// <returns>Null if the directory could not be read. Records then have no names.</returns>
    private async Task<QueueDirectorySnapshot?> FindAsync(QueueVisibility visibility, CancellationToken cancellationToken)
    {
        try
        {
            return visibility.Filter(await directory.GetAsync(cancellationToken));
        }
        catch (GenesysException)
        {
            return null;
        }
    }
}
