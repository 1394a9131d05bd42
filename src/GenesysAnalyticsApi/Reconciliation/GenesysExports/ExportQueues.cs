using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>
/// Finds the queues of an export among the queues that the caller can see. A queue that the caller cannot see is treated as if it did not exist.
/// </summary>
internal sealed class ExportQueues(QueueDirectory directory)
{
    /// <returns>The queue of each row for which a queue was found, and the other rows, each with the reason.</returns>
    public async Task<(IReadOnlyDictionary<ExportRow, FoundQueue> Found, ImmutableArray<RowNotCompared> NotCompared)> FindAsync(
        ImmutableArray<ExportRow> rows, QueueVisibility visibility, CancellationToken cancellationToken)
    {
        var visible = await directory.VisibleToAsync(visibility, cancellationToken);
        var found = new Dictionary<ExportRow, FoundQueue>(ReferenceEqualityComparer.Instance);
        var notCompared = ImmutableArray.CreateBuilder<RowNotCompared>();
        var known = new Dictionary<(string?, string?), (FoundQueue? Queue, string Reason)>();
        foreach (var row in rows)
        {
            var key = (row.QueueId, row.QueueName);
            if (!known.TryGetValue(key, out var result))
            {
                known[key] = result = row.QueueId is { } id ? FindById(id, visible, visibility) : FindByName(row.QueueName!, visible);
            }

            if (result.Queue is { } queue)
            {
                found[row] = queue;
            }
            else
            {
                notCompared.Add(new(row.Line, row.Queue, result.Reason));
            }
        }

        return (found, notCompared.ToImmutable());
    }

    /// <summary>
    /// Finds a queue by its id. The directory need not contain the queue, because a queue that was deleted long ago can still have figures.
    /// </summary>
    private static (FoundQueue? Queue, string Reason) FindById(string id, QueueDirectorySnapshot visible, QueueVisibility visibility) =>
        visible.Find(id) is { } queue ? (new(queue.Id, queue.Name), "")
        : visibility.Includes(id, visible) ? (new(GenesysId.Canonical(id), null), "")
        : (null, "no queue has this id");

    private static (FoundQueue? Queue, string Reason) FindByName(string name, QueueDirectorySnapshot visible)
    {
        // A name in an export is not a pattern, even if it contains an asterisk.
        var folded = NameFolding.Folded(name);
        IReadOnlyList<QueueEntry> queues = name.Contains('*', StringComparison.Ordinal) ? [.. visible.Queues.Where(queue => queue.FoldedName == folded)] : visible.Match(name);
        return queues switch
        {
            [var only] => (new(only.Id, only.Name), ""),
            [] => (null, "no queue has this name"),
            _ => (null, $"{queues.Count} queues have this name; export the column 'Queue Id' too"),
        };
    }
}
