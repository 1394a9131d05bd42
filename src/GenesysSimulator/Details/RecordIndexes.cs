using GenesysSimulator.World;

namespace GenesysSimulator.Details;

/// <summary>Keeps the indexes of the latest queries, so usually only the first page of a query has to visit the whole interval.</summary>
internal sealed class RecordIndexes(SimulatedWorld world)
{
    private const int MaxIndexes = 6;
    private const int MaxEntries = 4_000_000;
    private const long MaxAge = 10 * 60_000;

    private readonly LinkedList<(string Key, RecordIndex Index)> _latest = [];
    private readonly Lock _lock = new();

    /// <summary>
    /// Returns the index for a page. The index for the first page contains all current data. Later pages can use an index that is up to 10 minutes old, or
    /// older if its data can no longer change.
    /// </summary>
    public RecordIndex For(DetailQuery query, Snapshot snapshot, bool isFirstPage, CancellationToken cancellationToken)
    {
        if (Find(query.Fingerprint) is { } known && IsUsable(known, snapshot, isFirstPage))
        {
            return known;
        }

        var index = RecordIndex.Build(world, query, snapshot, cancellationToken);
        Keep(query.Fingerprint, index);
        return index;
    }

    private static bool IsUsable(RecordIndex known, Snapshot snapshot, bool isFirstPage)
    {
        var age = snapshot.Now - known.Snapshot.Now;
        var isSame = known.Snapshot with { Now = 0 } == snapshot with { Now = 0 };
        return isSame && age >= 0 && (age == 0 || known.IsSettled || (!isFirstPage && age <= MaxAge));
    }

    private RecordIndex? Find(string key)
    {
        lock (_lock)
        {
            for (var node = _latest.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _latest.Remove(node);
                    _latest.AddFirst(node);
                    return node.Value.Index;
                }
            }

            return null;
        }
    }

    private void Keep(string key, RecordIndex index)
    {
        lock (_lock)
        {
            for (var node = _latest.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _latest.Remove(node);
                    break;
                }
            }

            _latest.AddFirst((key, index));
            while (_latest.Count > 1 && (_latest.Count > MaxIndexes || _latest.Sum(entry => (long)entry.Index.Count) > MaxEntries))
            {
                _latest.RemoveLast();
            }
        }
    }
}
