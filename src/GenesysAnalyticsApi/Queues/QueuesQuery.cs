using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Queues;

/// <summary>A validated query for queues.</summary>
/// <param name="DivisionIds">The ids in canonical form; empty for all divisions.</param>
internal sealed record QueuesQuery(PageQuery Page, IReadOnlyList<string> DivisionIds)
{
    public static QueuesQuery From(QueuesParameters parameters) => new(new PageQuery(parameters), parameters.DivisionIds);

    public QueuesResponse ResponseOf(QueueDirectorySnapshot snapshot)
    {
        var (queues, next) = Page.PageOf(
            snapshot.Queues,
            queue => DivisionIds is [] || (queue.DivisionId is { } division && DivisionIds.Contains(division, StringComparer.OrdinalIgnoreCase)));
        return new QueuesResponse { Records = [.. queues.Select(QueueRecord.From)], NextCursor = next };
    }
}
