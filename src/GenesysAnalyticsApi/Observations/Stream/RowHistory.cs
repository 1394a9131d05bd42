using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>
/// The rows of a query and, for each row, the version in which the row last changed. The changes since an earlier version can therefore be determined without a
/// list of events: a subscriber that skipped versions, or that reconnects, gets each changed row once, in its newest state. A history is immutable.
/// </summary>
/// <typeparam name="TKey">What identifies a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
internal sealed class RowHistory<TKey, TRow>
    where TKey : notnull
{
    /// <summary>The maximum number of removed rows that are remembered. If there are more, streams can no longer be resumed from old versions.</summary>
    internal const int MaxRemoved = 10_000;

    private readonly Dictionary<TKey, Entry> _entries;
    private readonly Dictionary<TKey, long> _removedAt;
    private readonly ImmutableArray<TKey> _order;

    /// <summary>The oldest version since which all changes are known.</summary>
    private readonly long _first;

    private RowHistory(long version, long first, ImmutableArray<TKey> order, Dictionary<TKey, Entry> entries, Dictionary<TKey, long> removedAt) =>
        (Version, _first, _order, _entries, _removedAt) = (version, first, order, entries, removedAt);

    /// <summary>Grows when a row is added, changed or removed.</summary>
    public long Version { get; }

    /// <summary>All rows, in the order in which they were passed.</summary>
    public IEnumerable<TRow> Rows => _order.Select(key => _entries[key].Row);

    /// <param name="rows">If several rows have the same key, the last one is used.</param>
    public static RowHistory<TKey, TRow> Start(IEnumerable<TRow> rows, Func<TRow, TKey> keyOf, long version = 1)
    {
        var (order, newest) = Index(rows, keyOf);
        return new(version, version, order, newest.ToDictionary(pair => pair.Key, pair => new Entry(pair.Value, version)), []);
    }

    /// <param name="isSame">
    /// Whether the new row counts as equal to the known row. The known row is then kept, so that small differences cannot add up unnoticed.
    /// </param>
    /// <returns>The history with the new rows, or this history if nothing has changed.</returns>
    public RowHistory<TKey, TRow> Next(IEnumerable<TRow> rows, Func<TRow, TKey> keyOf, Func<TRow, TRow, bool> isSame)
    {
        var (order, newest) = Index(rows, keyOf);
        var version = Version + 1;
        var entries = new Dictionary<TKey, Entry>(newest.Count);
        var hasChanged = false;
        foreach (var (key, row) in newest)
        {
            var isKnown = _entries.TryGetValue(key, out var known);
            var isUnchanged = isKnown && isSame(known.Row, row);
            entries.Add(key, isUnchanged ? known : new Entry(row, version));
            hasChanged |= !isUnchanged;
        }

        var removed = _entries.Keys.Where(key => !entries.ContainsKey(key)).ToList();
        if (!hasChanged && removed is [])
        {
            return this;
        }

        var removedAt = _removedAt.Where(pair => !entries.ContainsKey(pair.Key)).ToDictionary();
        removed.ForEach(key => removedAt[key] = version);
        var first = _first;
        if (removedAt.Count > MaxRemoved)
        {
            (removedAt, first) = ([], version);
        }

        return new(version, first, order, entries, removedAt);
    }

    /// <summary>The changes that turn the rows of an earlier version into the current rows.</summary>
    /// <returns>Null if the changes are not known. The subscriber then needs all rows.</returns>
    public RowChanges<TKey, TRow>? Since(long version) => version < _first || version > Version
        ? null
        : new(
            [.. _order.Select(key => _entries[key]).Where(entry => entry.ChangedAt > version).Select(entry => entry.Row)],
            [.. _removedAt.Where(pair => pair.Value > version).Select(pair => pair.Key)]);

    private static (ImmutableArray<TKey> Order, Dictionary<TKey, TRow> Rows) Index(IEnumerable<TRow> rows, Func<TRow, TKey> keyOf)
    {
        var order = ImmutableArray.CreateBuilder<TKey>();
        var byKey = new Dictionary<TKey, TRow>();
        foreach (var row in rows)
        {
            var key = keyOf(row);
            if (byKey.TryAdd(key, row))
            {
                order.Add(key);
            }
            else
            {
                byKey[key] = row;
            }
        }

        return (order.ToImmutable(), byKey);
    }

    private readonly record struct Entry(TRow Row, long ChangedAt);
}

/// <summary>The changes since an earlier version.</summary>
/// <param name="Changed">New and changed rows, each of them complete.</param>
/// <param name="Removed">
/// Keys of rows that no longer exist. Some of these rows can have appeared only after the earlier version, so the subscriber never received them.
/// </param>
internal sealed record RowChanges<TKey, TRow>(ImmutableArray<TRow> Changed, ImmutableArray<TKey> Removed)
{
    public bool IsEmpty => Changed.IsEmpty && Removed.IsEmpty;
}
