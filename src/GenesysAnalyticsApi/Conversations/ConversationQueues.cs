using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Decides which queues a caller sees in conversations, and what they are called.</summary>
internal sealed class ConversationQueues(QueueDirectory directory, IOptions<GenesysOptions> genesys, TimeProvider clock)
{
    /// <param name="queueIds">With <paramref name="names"/> and <paramref name="divisionIds"/>: the queues that the query selects; all empty for every queue.</param>
    /// <exception cref="Errors.ProblemException">A name matches no queue, or several, or the caller may not see a queue.</exception>
    public async Task<(ResolvedQueues Queues, RecordScope Scope)> ResolveAsync(
        IReadOnlyList<string> queueIds, IReadOnlyList<string> names, IReadOnlyList<string> divisionIds, Caller caller, CancellationToken cancellationToken)
    {
        var isNeeded = names is not [] || divisionIds is not [] || caller.View.NeedsDirectory;
        var snapshot = isNeeded ? await directory.VisibleToAsync(caller.View, cancellationToken) : await NamesAsync(caller.View, cancellationToken);
        var queues = QueueResolver.Resolve(queueIds, names, divisionIds, snapshot, caller.View);
        var wanted = queues.IsEverything ? null : queues.Wanted.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var settled = Instant.FromDateTimeOffset(clock.GetUtcNow()) - Duration.FromHours(genesys.Value.SettleHours);
        return (queues, new RecordScope(id => wanted is null || (id is not null && wanted.Contains(id)), caller.View.IsAll, caller.May(CallerScopes.Agents), settled)
        {
            NameOf = id => snapshot?.Find(id)?.Name,
        });
    }

    /// <summary>Without the directory, records have no names.</summary>
    private async Task<QueueDirectorySnapshot?> NamesAsync(QueueVisibility view, CancellationToken cancellationToken)
    {
        try
        {
            return view.In(await directory.GetAsync(cancellationToken));
        }
        catch (GenesysException)
        {
            return null;
        }
    }
}
