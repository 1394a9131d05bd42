using System.Collections.Immutable;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>Which queues a question is about.</summary>
/// <param name="All">Nothing was asked for, so it is about every queue. False with no ids is about none.</param>
/// <param name="QueueIds">Sorted ordinally, each once, spelt as Genesys spells them.</param>
/// <param name="UnknownIds">Those asked for by id that the directory does not know, sorted likewise.</param>
internal sealed record ResolvedQueues(bool All, ImmutableArray<string> QueueIds, ImmutableArray<string> UnknownIds)
{
    /// <summary>Nothing was asked for, by a caller who may not see every queue: the ids of those that may be seen. Default for others.</summary>
    public ImmutableArray<string> Seen { get; init; }

    /// <summary>It is about every queue there is, known or not.</summary>
    public bool IsEverything => All && Seen.IsDefault;

    /// <summary>The queues it is about, where it is not about every one.</summary>
    public ImmutableArray<string> Wanted => All ? Seen : QueueIds;
}

/// <summary>One of several queues that a name could mean.</summary>
internal sealed record QueueCandidate(string Id, string Name, string? DivisionName);

/// <summary>Turns <c>queueId</c>, <c>queue</c> and <c>divisionId</c> into ids: (by id or by name) and in one of the divisions.</summary>
internal static class QueueResolver
{
    /// <param name="directory">What the caller may see; null while it has never been read, which is enough for ids alone.</param>
    /// <param name="view">Whose queues exist. An id outside of it is told as one that does not exist.</param>
    /// <exception cref="ProblemException">A name, a pattern or an id of who may not see all finds nothing (404), or a name means several queues (409).</exception>
    /// <exception cref="GenesysException">Names or divisions were asked for and there is no directory.</exception>
    public static ResolvedQueues Resolve(
        IReadOnlyList<string> queueIds,
        IReadOnlyList<string> names,
        IReadOnlyList<string> divisionIds,
        QueueDirectorySnapshot? directory,
        QueueVisibility view)
    {
        if (queueIds is [] && names is [] && divisionIds is [])
        {
            return new(All: true, [], [])
            {
                Seen = view.IsAll ? default : Sorted([.. view.Ids, .. (directory?.Queues ?? []).Select(queue => queue.Id)]),
            };
        }

        if (queueIds.FirstOrDefault(id => !view.Includes(id, directory)) is { } outside)
        {
            throw new ProblemException(Problems.UnknownQueueId(outside));
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
            return new(All: false, Sorted([.. ids, .. Named(names, directory, directory)]), unknown);
        }

        // Names are looked up inside the divisions first: a name that several divisions use is then no longer ambiguous.
        var divisions = divisionIds.Select(GenesysId.Canonical).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var inside = directory.Where(queue => queue.DivisionId is { } division && divisions.Contains(division));
        var chosen = queueIds is [] && names is []
            ? inside.Queues.Select(queue => queue.Id)
            : ids.Where(id => inside.Find(id) is not null).Concat(Named(names, inside, directory));
        return new(All: false, Sorted(chosen), unknown);
    }

    private static IEnumerable<string> Named(IReadOnlyList<string> names, QueueDirectorySnapshot inside, QueueDirectorySnapshot directory) =>
        names
            .Order(StringComparer.Ordinal) // so that of several wrong names the same one is told, in whatever order they were asked
            .SelectMany(name => Named(name, inside, directory))
            .Select(queue => queue.Id);

    private static IReadOnlyList<DirectoryQueue> Named(string name, QueueDirectorySnapshot inside, QueueDirectorySnapshot directory)
    {
        var found = inside.Match(name);
        if (found is [] && directory.Match(name) is [])
        {
            throw new ProblemException(Problems.UnknownQueue(NothingFound(name, directory)));
        }

        if (found.Count > 1 && !new QueueNamePattern(name).HasWildcard)
        {
            throw new ProblemException(Problems.AmbiguousQueue(
                $"{found.Count} queues are called '{InputExcerpt.OfName(name)}'. Ask for one of the candidates by queueId, or give its divisionId.",
                found.Select(queue => new QueueCandidate(queue.Id, queue.Name, queue.DivisionName)).ToArray()));
        }

        return found;
    }

    private static string NothingFound(string name, QueueDirectorySnapshot directory)
    {
        var shown = InputExcerpt.Of(name);
        var given = QueueNameComparison.Folded(name.Replace("*", "", StringComparison.Ordinal));
        // A beginning of the name is what a reader typed on purpose; few letters of a long name are many letters away from it.
        var closest = directory.Queues
            .DistinctBy(queue => queue.Name, StringComparer.Ordinal)
            .OrderBy(queue => given.Length == 0 || !queue.FoldedName.StartsWith(given, StringComparison.Ordinal))
            .ThenBy(queue => EditDistance.Share(given, queue.FoldedName))
            .Take(3)
            .Select(queue => $"'{InputExcerpt.OfName(queue.Name)}'")
            .ToList();
        return closest is []
            ? $"No queue is called '{shown}': the directory is empty."
            : $"No queue is called '{shown}'. The closest names are: {string.Join(", ", closest)}.";
    }

    private static ImmutableArray<string> Sorted(IEnumerable<string> ids) => [.. ids.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
}
