using System.Collections.Immutable;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>The queues that a query covers.</summary>
/// <param name="All">
/// True if the query has no queue filter and covers every queue that the caller can see. If this is false and there are no ids, the query covers no queue.
/// </param>
/// <param name="QueueIds">The selected ids, distinct and sorted ordinally. Ids of known queues are spelled as in Genesys.</param>
/// <param name="UnknownIds">The requested ids that are not in the directory, distinct and sorted ordinally.</param>
internal sealed record ResolvedQueues(bool All, ImmutableArray<string> QueueIds, ImmutableArray<string> UnknownIds)
{
    /// <summary>
    /// Without a queue filter, the ids that a caller with limited visibility may see. If the query has a filter or the caller may see every queue, the array is
    /// the default.
    /// </summary>
    public ImmutableArray<string> VisibleIds { get; init; }

    /// <summary>True if the query covers every queue, including unknown ones.</summary>
    public bool IsEverything => All && VisibleIds.IsDefault;

    /// <summary>The queues of the query; the default if the query covers every queue.</summary>
    public ImmutableArray<string> EffectiveIds => All ? VisibleIds : QueueIds;

    /// <summary>True if the filters select no queue. Such a query must not be sent: to Genesys, a filter without ids means every queue.</summary>
    public bool IsEmpty => !IsEverything && EffectiveIds.IsEmpty;
}

/// <summary>A candidate for an ambiguous name.</summary>
internal sealed record QueueCandidate(string Id, string Name, string? DivisionName);

/// <summary>
/// Resolves <c>queueId</c>, <c>queue</c> and <c>divisionId</c> to the ids of the queues that match an id or a name and are in one of the divisions. Without
/// ids and names, every queue in one of the divisions matches; without divisions, the division does not matter.
/// </summary>
internal static class QueueResolver
{
    /// <param name="directory">The queues that the caller may see. Null until the listing has been read; ids can be resolved even then.</param>
    /// <param name="visibility">The caller's visibility. An id that the caller cannot see is reported like an id that does not exist.</param>
    /// <exception cref="ProblemException">404: a name or pattern matches no queue, or the caller may not see an id. 409: a name matches several queues.</exception>
    /// <exception cref="GenesysException">Names or divisions were requested and there is no directory.</exception>
    public static ResolvedQueues Resolve(
        IReadOnlyList<string> queueIds,
        IReadOnlyList<string> names,
        IReadOnlyList<string> divisionIds,
        QueueDirectorySnapshot? directory,
        QueueVisibility visibility)
    {
        if (queueIds is [] && names is [] && divisionIds is [])
        {
            return new(All: true, [], [])
            {
                VisibleIds = visibility.IsAll ? default : Sorted([.. visibility.Ids, .. (directory?.Queues ?? []).Select(queue => queue.Id)]),
            };
        }

        if (queueIds.FirstOrDefault(id => !visibility.Includes(id, directory)) is { } outside)
        {
            throw new ProblemException(ProblemFactory.UnknownQueueId(outside));
        }

        var ids = queueIds.Select(id => directory?.Find(id)?.Id ?? GenesysId.Canonical(id));
        var unknown = Sorted(ids.Where(id => directory?.Find(id) is null));
        if (names is [] && divisionIds is [])
        {
            return new(All: false, Sorted(ids), unknown);
        }

        if (directory is null)
        {
            throw new GenesysException(new GenesysFailure(
                GenesysFailureKind.Unavailable, "The queue directory has not been read yet, so queues cannot be found by name or division."));
        }

        if (divisionIds is [])
        {
            return new(All: false, Sorted([.. ids, .. FindByName(names, directory, directory)]), unknown);
        }

        // Names are matched only within the divisions, where a name that several divisions use can be unambiguous.
        var divisions = divisionIds.Select(GenesysId.Canonical).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var inside = directory.Where(queue => queue.DivisionId is { } division && divisions.Contains(division));
        var chosen = queueIds is [] && names is []
            ? inside.Queues.Select(queue => queue.Id)
            : ids.Where(id => inside.Find(id) is not null).Concat(FindByName(names, inside, directory));
        return new(All: false, Sorted(chosen), unknown);
    }

    private static IEnumerable<string> FindByName(IReadOnlyList<string> names, QueueDirectorySnapshot inside, QueueDirectorySnapshot directory) =>
        names
            .Order(StringComparer.Ordinal) // so that the reported name does not depend on the order of the parameters
            .SelectMany(name => FindByName(name, inside, directory))
            .Select(queue => queue.Id);

    private static IReadOnlyList<QueueEntry> FindByName(string name, QueueDirectorySnapshot inside, QueueDirectorySnapshot directory)
    {
        var found = inside.Match(name);
        if (found is [] && directory.Match(name) is [])
        {
            throw new ProblemException(ProblemType.UnknownQueue.WithDetail(NothingFound(name, directory)));
        }

        if (found.Count > 1 && !new NamePattern(name).HasWildcard)
        {
            throw new ProblemException(ProblemFactory.AmbiguousQueue(
                $"{found.Count} queues are called '{InputExcerpt.OfName(name)}'. Select one of the candidates by queueId, or add its divisionId.",
                found.Select(queue => new QueueCandidate(queue.Id, queue.Name, queue.DivisionName)).ToArray()));
        }

        return found;
    }

    private static string NothingFound(string name, QueueDirectorySnapshot directory) => $"No queue is called '{InputExcerpt.Of(name)}'{directory.ClosestNames(name)}";

    private static ImmutableArray<string> Sorted(IEnumerable<string> ids) => [.. ids.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
}
