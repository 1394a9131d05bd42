using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// All known queues: listed, deleted, or found only in data because they were deleted before the first listing. If Genesys cannot return all queues at
/// once, the service requests them by these ids.
/// </summary>
internal sealed class KnownQueues(QueueDirectory directory)
{
    private const int MaxUnlisted = 10_000;

    private readonly ConcurrentDictionary<string, bool> _unlisted = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConditionalWeakTable<AggregateFacts, object> _recorded = [];
    private volatile Known? _last;

    public QueueSet Ids
    {
        get
        {
            var (snapshot, unlisted) = (directory.Current, _unlisted.Count);
            if (_last is not { } last || !ReferenceEquals(last.Snapshot, snapshot) || last.Unlisted != unlisted)
            {
                // Listed ids come first, because their spelling is the one sent to Genesys.
                last = new(snapshot, unlisted, QueueSet.Of((snapshot?.Queues ?? []).Select(queue => queue.Id).Concat(_unlisted.Keys)));
                _last = last;
            }

            return last.Ids;
        }
    }

    /// <summary>
    /// Waits for the first queue listing, because queries can arrive before it just after startup. If the listing cannot be read, the known queues do not
    /// change.
    /// </summary>
    public async ValueTask WaitForFirstListingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await directory.GetAsync(cancellationToken);
        }
        catch (GenesysException)
        {
            // The directory logs the failure.
        }
    }

    /// <summary>
    /// Records the queues that have data in a slice from any replica. Does not record ids that only callers supplied, because every later query would
    /// request them.
    /// </summary>
    public void RecordQueuesOf(AggregateFacts facts)
    {
        if (directory.Current is not { } listed || !_recorded.TryAdd(facts, this))
        {
            return;
        }

        foreach (var id in facts.Series.Select(series => series.QueueId))
        {
            if (listed.Find(id) is null && _unlisted.Count < MaxUnlisted)
            {
                _unlisted.TryAdd(id, true);
            }
        }
    }

    private sealed record Known(QueueDirectorySnapshot? Snapshot, int Unlisted, QueueSet Ids);
}
