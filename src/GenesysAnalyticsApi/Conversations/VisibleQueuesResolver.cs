using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Determines which queues of a query a caller can see in conversations, and the names of these queues.</summary>
internal sealed class VisibleQueuesResolver(QueueDirectory directory, IOptions<GenesysOptions> genesys, TimeProvider clock)
{
    /// <param name="queueIds">
    /// Selects the queues, together with <paramref name="names"/> and <paramref name="divisionIds"/>. If all three are empty, the query selects every queue
    /// that the caller can see.
    /// </param>
    /// <exception cref="Errors.ProblemException">
    /// 404: a name matches no queue, or the caller is not allowed to see a queue. 409: a name matches several queues.
    /// </exception>
    public async Task<VisibleQueues> ResolveAsync(
        IReadOnlyList<string> queueIds, IReadOnlyList<string> names, IReadOnlyList<string> divisionIds, Caller caller, CancellationToken cancellationToken)
    {
        var isNeeded = names is not [] || divisionIds is not [] || caller.Visibility.NeedsDirectory;
        var snapshot = isNeeded ? await directory.VisibleToAsync(caller.Visibility, cancellationToken) : await NamesAsync(caller.Visibility, cancellationToken);
        var queues = QueueResolver.Resolve(queueIds, names, divisionIds, snapshot, caller.Visibility);
        var wanted = queues.IsEverything ? null : queues.EffectiveIds.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var settled = Instant.FromDateTimeOffset(clock.GetUtcNow()) - Duration.FromHours(genesys.Value.SettleHours);
        var scope = new RecordScope(id => wanted is null || (id is not null && wanted.Contains(id)), caller.Visibility.IsAll, caller.May(CallerScopes.Agents), settled)
        {
            NameOf = id => snapshot?.Find(id)?.Name,
        };
        return new VisibleQueues(queues, scope, [.. WarningsOf(queues, snapshot)]);
    }

    private static IEnumerable<ResponseWarning> WarningsOf(ResolvedQueues queues, QueueDirectorySnapshot? snapshot)
    {
        if (queues is { All: false, QueueIds: [] })
        {
            yield return ResponseWarning.NoQueue;
        }

        if (snapshot is null)
        {
            yield return new("queue-directory-unavailable", "The queue directory could not be read, so records have no queue names.");
        }
        else if (!queues.UnknownIds.IsEmpty)
        {
            yield return new("unknown-queue", $"Genesys does not list these queues: {ResponseWarning.Named(queues.UnknownIds)}. Check the ids; a deleted queue still has conversations.");
        }
    }

    /// <summary>Reads the queues that the caller can see, for their names.</summary>
    /// <returns>Null if the directory cannot be read. Records then have no queue names.</returns>
    private async Task<QueueDirectorySnapshot?> NamesAsync(QueueVisibility visibility, CancellationToken cancellationToken)
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

/// <summary>The queues that a query selects, and which parts of the conversations in these queues the caller can see.</summary>
/// <param name="Warnings">Name the queues that Genesys does not list, or say that the filter matches no queue or that no queue names could be read.</param>
internal sealed record VisibleQueues(ResolvedQueues Queues, RecordScope Scope, IReadOnlyList<ResponseWarning> Warnings);
