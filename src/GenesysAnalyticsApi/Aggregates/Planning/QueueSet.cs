using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// A set of queues: every queue there is, or those with certain ids. Letter case does not tell ids apart. Never changes; slices of one
/// organisation share their sets.
/// </summary>
internal sealed class QueueSet
{
    public static readonly QueueSet Everything = new([], isEverything: true);

    public static readonly QueueSet None = new([], isEverything: false);

    private QueueSet(ImmutableArray<string> ids, bool isEverything)
    {
        Ids = ids;
        IsEverything = isEverything;
    }

    /// <summary>Also the queues that this service does not know.</summary>
    public bool IsEverything { get; }

    /// <summary>Sorted, each once; none where it is everything.</summary>
    public ImmutableArray<string> Ids { get; }

    public static QueueSet Of(IEnumerable<string> ids)
    {
        ImmutableArray<string> sorted = [.. ids.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        return sorted.IsEmpty ? None : new(sorted, isEverything: false);
    }

    /// <summary>The queues of this set that the other one lacks.</summary>
    public QueueSet Without(QueueSet other)
    {
        if (ReferenceEquals(this, other) || other.IsEverything || Ids.IsEmpty)
        {
            return None;
        }

        // Both are sorted: one walk, and nothing is allocated where nothing is lacking.
        ImmutableArray<string>.Builder? lacking = null;
        var at = 0;
        foreach (var id in Ids)
        {
            var order = -1;
            while (at < other.Ids.Length && (order = StringComparer.OrdinalIgnoreCase.Compare(other.Ids[at], id)) < 0)
            {
                at++;
            }

            if (at == other.Ids.Length || order != 0)
            {
                (lacking ??= ImmutableArray.CreateBuilder<string>()).Add(id);
            }
        }

        return lacking is null ? None : new(lacking.ToImmutable(), isEverything: false);
    }

    public bool IsSame(QueueSet other) => IsEverything == other.IsEverything && Ids.AsSpan().SequenceEqual(other.Ids.AsSpan(), StringComparer.OrdinalIgnoreCase);

    public QueueSet Union(QueueSet other) =>
        IsEverything || other.IsEverything ? Everything : Without(other).Ids.IsEmpty ? other : other.Without(this).Ids.IsEmpty ? this : Of(Ids.Concat(other.Ids));

    /// <summary>The whole set in lists of up to so many ids each, as even as can be.</summary>
    public IReadOnlyList<ImmutableArray<string>> InPieces(int most)
    {
        var pieces = (Ids.Length + most - 1) / most;
        return [.. Enumerable.Range(0, pieces).Select(piece => Ids[(Ids.Length * piece / pieces)..(Ids.Length * (piece + 1) / pieces)])];
    }
}
