using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Reads the directories of agents and wrap-up codes for queries that group by agent or wrap-up code, or that select agents by name. Other queries never read
/// these directories.
/// </summary>
internal sealed class DimensionNameReader(UserDirectory users, WrapUpCodeDirectory wrapUpCodes)
{
    /// <summary>
    /// Records whether the caller can see only some queues, and adds the ids of the agents that the filter selects by name. For such a caller, the response
    /// does not show these ids (<see cref="AggregatesQuery.HiddenUserIds"/>).
    /// </summary>
    /// <exception cref="Errors.ProblemException">
    /// The caller can see every queue, and a name or pattern matches no user, or a name without * matches several.
    /// </exception>
    /// <exception cref="GenesysException">The user directory has never been read and cannot be read now.</exception>
    public async Task<AggregatesQuery> ResolveUsersAsync(AggregatesQuery query, QueueVisibility visibility, WorkSlot slot, RequestDeadline deadline)
    {
        query = query with { IsLimitedToQueues = !visibility.IsAll };
        if (query.UserNames.IsEmpty)
        {
            return query;
        }

        slot.Release();
        try
        {
            var matched = UserResolver.Resolve(query.UserNames, await users.GetAsync(deadline.Token), visibility.IsAll);
            return query.IsLimitedToQueues ? query with { HiddenUserIds = matched } : query with { UserIds = [.. query.UserIds.Union(matched, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)] };
        }
        catch (OperationCanceledException) when (deadline.IsCallerConnected)
        {
            throw new GenesysException(deadline.Failure);
        }
    }

    /// <summary>
    /// Reads the names that the records need. If a directory cannot be read, or not before the deadline, the query does not fail: the records then contain ids
    /// without names, and the response has a warning.
    /// </summary>
    public Task<DimensionNames> NamesAsync(AggregatesQuery query, WorkSlot slot, CancellationToken cancellationToken) =>
        query.GroupBy.HasFlag(Grouping.User) || query.GroupBy.HasFlag(Grouping.WrapUpCode) ? ReadAsync(query.GroupBy, slot, cancellationToken) : DimensionNames.NoneNeeded;

    private async Task<DimensionNames> ReadAsync(Grouping groupBy, WorkSlot slot, CancellationToken cancellationToken)
    {
        slot.Release();
        var userNames = ReadAsync(groupBy.HasFlag(Grouping.User) ? users : null, cancellationToken);
        var codeNames = ReadAsync(groupBy.HasFlag(Grouping.WrapUpCode) ? wrapUpCodes : null, cancellationToken);
        return new DimensionNames(await userNames, await codeNames);
    }

    private static async Task<NameSnapshot?> ReadAsync(NameDirectory? directory, CancellationToken cancellationToken)
    {
        try
        {
            return directory is null ? null : await directory.GetAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is GenesysException or OperationCanceledException)
        {
            return null;
        }
    }
}
