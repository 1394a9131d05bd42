using System.ComponentModel;
using System.Security.Claims;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Mcp.Protocol;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Lists queues, so that a model uses names that exist.</summary>
[McpServerToolType]
internal sealed class FindQueuesTool(QueueDirectory directory, ArgumentFaults faults, IOptions<McpOptions> options)
{
    [McpServerTool(Name = "find_queues", Title = "Find queues", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the queues that the caller can see: name, id, division, number of members, and service level targets. Use this tool to get exact names for the other tools, or to count queues.")]
    public async Task<FoundQueues> FindAsync(
        ClaimsPrincipal user,
        [Description("A name, or a pattern with * such as Billing*. Case does not matter. A word without * matches anywhere in the name. Omit it for all queues.")] string? name = null,
        [Description("The maximum number of queues to return.")] int? limit = null,
        CancellationToken cancellationToken = default)
    {
        var maxRows = ToolRowLimit.Of(limit, options.Value.MaxRows, faults);
        if (name is not null && NameFolding.Folded(name).Length == 0)
        {
            faults.Add("name", "is empty. Give a name or a pattern with *, or leave the argument out to get all queues.");
        }

        faults.ThrowIfAny();
        var snapshot = await directory.VisibleToAsync(user.Caller().Visibility, cancellationToken);
        var pattern = name is null ? null : new NamePattern(name.Contains('*', StringComparison.Ordinal) ? name : $"*{name}*");
        var found = snapshot.Queues.Where(queue => pattern is null || pattern.MatchesFolded(queue.FoldedName)).ToList();
        return new(
            [.. found.Take(maxRows).Select(FoundQueue.Of)],
            found.Count,
            ToolRowLimit.LeftOut(found.Count, maxRows, options.Value.MaxRows, "queues", "Narrow the name"),
            InstantFormat.PrintSeconds(snapshot.ReadAt));
    }
}

/// <param name="Queues">The queues, sorted by name, without those that leftOut mentions.</param>
/// <param name="Total">The number of queues that match the name.</param>
/// <param name="LeftOut">How many queues were omitted, and how to get them; null if none were.</param>
/// <param name="ListedAt">When the list of queues was read from Genesys.</param>
internal sealed record FoundQueues(IReadOnlyList<FoundQueue> Queues, int Total, string? LeftOut, string ListedAt);

/// <param name="Id"><inheritdoc cref="QueueRecord.Id"/></param>
/// <param name="Name"><inheritdoc cref="QueueRecord.Name"/></param>
/// <param name="Division"><inheritdoc cref="QueueRecord.DivisionName"/></param>
/// <param name="Members"><inheritdoc cref="QueueRecord.MemberCount"/></param>
/// <param name="ServiceLevels"><inheritdoc cref="QueueRecord.ServiceLevels"/></param>
/// <param name="Deleted">True if Genesys no longer lists the queue. Its past figures can still be queried.</param>
internal sealed record FoundQueue(string Id, string Name, string? Division, int? Members, IReadOnlyList<string> ServiceLevels, bool Deleted)
{
    public static FoundQueue Of(QueueEntry queue) => new(
        queue.Id, queue.Name, queue.DivisionName, queue.MemberCount,
        [
            .. queue.ServiceLevels.OrderBy(level => level.Key, StringComparer.Ordinal)
                .Where(level => level.Value is { Target: not null, DurationMs: not null })
                .Select(level => FormattableString.Invariant($"{level.Key}: {level.Value.Target:P0} within {level.Value.DurationMs / 1000.0:0.#} s")),
        ],
        !queue.Listed);
}
