using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Knows the ids of all queues: the queues in the listing, queues that were deleted since the first listing, and queues that appear only in figures because
/// they were deleted earlier. If Genesys cannot return all queues at once, the service requests the queues by these ids.
/// </summary>
internal sealed class KnownQueues(QueueDirectory directory)
{
    private const int MaxUnlisted = 10_000;

    private readonly ConcurrentDictionary<string, bool> _unlisted = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConditionalWeakTable<AggregateFacts, object> _recorded = [];
    private volatile Known? _last;

    public QueueSet Queues
    {
        get
        {
            var (snapshot, unlisted) = (directory.Current, _unlisted.Count);
            if (_last is not { } last || !ReferenceEquals(last.Snapshot, snapshot) || last.Unlisted != unlisted)
            {
                // Listed ids come first, because requests to Genesys use the spelling of the listing.
                last = new(snapshot, unlisted, QueueSet.Of((snapshot?.Queues ?? []).Select(queue => queue.Id).Concat(_unlisted.Keys)));
                _last = last;
            }

            return last.Queues;
        }
    }

    /// <summary>
    /// Waits for the first queue listing, because queries can arrive before the listing just after startup. If the listing cannot be read, the known queues do
    /// not change.
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
    /// Records the unlisted queues that have data in a slice from any replica. Does not record ids that only callers supplied, because every later query
    /// would request them. Does nothing before the first listing.
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

    private sealed record Known(QueueDirectorySnapshot? Snapshot, int Unlisted, QueueSet Queues);
}
