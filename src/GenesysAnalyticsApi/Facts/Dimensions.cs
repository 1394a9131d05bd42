using System.Collections.Immutable;
using System.Numerics;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// The dimensions, in addition to queue and media type, by which figures can be split. Genesys splits figures only on request, and each set of dimensions
/// has its own slices, because a split reply has more rows.
/// </summary>
[Flags]
internal enum Dimensions
{
    None = 0,
    MessageType = 1,
    Direction = 2,
    User = 4,
    WrapUpCode = 8,

    /// <summary>The dimensions that only agent sessions have.</summary>
    OfAgentSessions = User | WrapUpCode,
}

/// <summary>One of the <see cref="Dimensions"/>.</summary>
/// <param name="Name">The name in <c>groupBy</c> and in records.</param>
/// <param name="GenesysName">The name in requests to Genesys and in its replies.</param>
/// <param name="NameField">The record field that contains the name of the value, if the value is an id.</param>
internal sealed record Dimension(Dimensions Flag, string Name, string GenesysName, string? NameField = null)
{
    /// <summary>All dimensions, in the order of their flags. Requests and keys list them in this order.</summary>
    public static ImmutableArray<Dimension> All { get; } =
    [
        new(Dimensions.MessageType, "messageType", "messageType"),
        new(Dimensions.Direction, "direction", "originatingDirection"),
        new(Dimensions.User, "userId", "userId", "userName"),
        new(Dimensions.WrapUpCode, "wrapUpCode", "wrapUpCode", "wrapUpCodeName"),
    ];

    /// <summary>The set of all dimensions.</summary>
    public static Dimensions AllFlags { get; } = All.Aggregate(Dimensions.None, (all, dimension) => all | dimension.Flag);

    public static IEnumerable<Dimension> Of(Dimensions set) => All.Where(dimension => set.HasFlag(dimension.Flag));
}

/// <summary>The values of a series or a row in a set of dimensions; null where Genesys reports no value.</summary>
internal sealed class DimensionValues : IEquatable<DimensionValues>
{
    private readonly ImmutableArray<string?> _values;

    /// <param name="values">The values, in the order of <see cref="Dimension.All"/>.</param>
    public DimensionValues(Dimensions set, ImmutableArray<string?> values) => (Set, _values) = (set, values);

    public Dimensions Set { get; }

    /// <summary>The value in one dimension; also null if the set does not contain the dimension.</summary>
    public string? this[Dimensions dimension] => Set.HasFlag(dimension) ? _values[BitOperations.PopCount((uint)Set & ((uint)dimension - 1))] : null;

    public static DimensionValues? Of(Dimensions set, Func<Dimensions, string?> valueOf) =>
        set == Dimensions.None ? null : new(set, [.. Dimension.Of(set).Select(dimension => valueOf(dimension.Flag))]);

    /// <summary>The values in these dimensions only; null if the set contains none of the dimensions.</summary>
    public DimensionValues? Only(Dimensions kept) => (Set & kept) == Set ? this : Of(Set & kept, dimension => this[dimension]);

    public bool Equals(DimensionValues? other) =>
        other is not null && Set == other.Set && _values.AsSpan().SequenceEqual(other._values.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as DimensionValues);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in _values)
        {
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}

/// <summary>Selects series by their value in one dimension, ignoring case. A series without a value is not selected.</summary>
internal sealed class DimensionFilter(Dimensions dimension, IEnumerable<string> values)
{
    private readonly HashSet<string> _values = new(values, StringComparer.OrdinalIgnoreCase);

    public Dimensions Dimension => dimension;

    public IReadOnlySet<string> Values => _values;

    public bool Matches(FactSeries series) => series.Values?[dimension] is { } value && _values.Contains(value);
}
