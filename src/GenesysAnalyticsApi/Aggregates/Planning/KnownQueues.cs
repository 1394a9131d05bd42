using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Every queue that was ever seen: in a listing, the deleted ones included, or only in figures, because it was deleted before the first
/// listing. Where Genesys does not give all queues at once, these are asked for by their ids.
/// </summary>
internal sealed class KnownQueues(QueueDirectory directory)
{
    private const int MostUnlisted = 10_000;

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
                // The listing first: of several spellings its own is sent to Genesys.
                last = new(snapshot, unlisted, QueueSet.Of((snapshot?.Queues ?? []).Select(queue => queue.Id).Concat(_unlisted.Keys)));
                _last = last;
            }

            return last.Ids;
        }
    }

    /// <summary>Right after a start a question can be there before the listing is. Where it cannot be read, no more queues are known than before.</summary>
    public async ValueTask WaitForFirstListingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await directory.GetAsync(cancellationToken);
        }
        catch (GenesysException)
        {
            // Told by the directory: too large is then too large.
        }
    }

    /// <summary>
    /// Queues that have figures in a slice, from whichever replica it comes. Ids that callers only named are not taken: each would be asked
    /// for in every question from then on.
    /// </summary>
    public void RecordQueuesOf(AggregateFacts facts)
    {
        if (directory.Current is not { } listed || !_recorded.TryAdd(facts, this))
        {
            return;
        }

        foreach (var id in facts.Series.Select(series => series.QueueId))
        {
            if (listed.Find(id) is null && _unlisted.Count < MostUnlisted)
            {
                _unlisted.TryAdd(id, true);
            }
        }
    }

    private sealed record Known(QueueDirectorySnapshot? Snapshot, int Unlisted, QueueSet Ids);
}
