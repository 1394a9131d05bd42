using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>An immutable set of queues: all queues, or the queues with certain ids. Ids are compared case-insensitively.</summary>
internal sealed class QueueSet
{
    public static readonly QueueSet Everything = new([], isEverything: true);

    public static readonly QueueSet None = new([], isEverything: false);

    private QueueSet(ImmutableArray<string> ids, bool isEverything)
    {
        Ids = ids;
        IsEverything = isEverything;
    }

    /// <summary>True for all queues, including queues that this service does not know.</summary>
    public bool IsEverything { get; }

    /// <summary>The ids, sorted and distinct; empty for all queues.</summary>
    public ImmutableArray<string> Ids { get; }

    public static QueueSet Of(IEnumerable<string> ids)
    {
        ImmutableArray<string> sorted = [.. ids.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        return sorted.IsEmpty ? None : new(sorted, isEverything: false);
    }

    /// <summary>Returns the queues of this set that <paramref name="other"/> lacks; none if this set is all queues.</summary>
    public QueueSet Without(QueueSet other)
    {
        if (ReferenceEquals(this, other) || other.IsEverything || Ids.IsEmpty)
        {
            return None;
        }

        // Merges the two sorted lists. Allocates only if a queue is missing.
        ImmutableArray<string>.Builder? missing = null;
        var position = 0;
        foreach (var id in Ids)
        {
            var order = -1;
            while (position < other.Ids.Length && (order = StringComparer.OrdinalIgnoreCase.Compare(other.Ids[position], id)) < 0)
            {
                position++;
            }

            if (position == other.Ids.Length || order != 0)
            {
                (missing ??= ImmutableArray.CreateBuilder<string>()).Add(id);
            }
        }

        return missing is null ? None : new(missing.ToImmutable(), isEverything: false);
    }

    public bool IsSame(QueueSet other) => IsEverything == other.IsEverything && Ids.AsSpan().SequenceEqual(other.Ids.AsSpan(), StringComparer.OrdinalIgnoreCase);

    public QueueSet Union(QueueSet other) =>
        IsEverything || other.IsEverything ? Everything : Without(other).Ids.IsEmpty ? other : other.Without(this).Ids.IsEmpty ? this : Of(Ids.Concat(other.Ids));

    /// <summary>Splits the set into lists of at most this many ids, of nearly equal length.</summary>
    public IReadOnlyList<ImmutableArray<string>> InPieces(int maxIds)
    {
        var pieces = (Ids.Length + maxIds - 1) / maxIds;
        return [.. Enumerable.Range(0, pieces).Select(piece => Ids[(Ids.Length * piece / pieces)..(Ids.Length * (piece + 1) / pieces)])];
    }
}
