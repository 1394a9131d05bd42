using System.Globalization;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Aggregates;

/// <summary>A filter with at most two levels: predicates, and clauses that contain predicates.</summary>
internal sealed record DimensionFilter(bool IsAnd, IReadOnlyList<DimensionFilter> Clauses, IReadOnlyList<DimensionPredicate> Predicates)
{
    public static readonly DimensionFilter None = new(true, [], []);

    public IEnumerable<string> Dimensions =>
        Predicates.Select(predicate => predicate.Dimension).Concat(Clauses.SelectMany(clause => clause.Dimensions));

    public bool Matches(Dimensions dimensions)
    {
        if (Clauses.Count + Predicates.Count == 0)
        {
            return true;
        }

        return IsAnd
            ? Predicates.All(predicate => predicate.Matches(dimensions)) && Clauses.All(clause => clause.Matches(dimensions))
            : Predicates.Any(predicate => predicate.Matches(dimensions)) || Clauses.Any(clause => clause.Matches(dimensions));
    }

    /// <summary>Returns false only if no event of the stream can match.</summary>
    public bool CanMatch(ConversationStream stream)
    {
        if (Clauses.Count + Predicates.Count == 0)
        {
            return true;
        }

        return IsAnd
            ? Predicates.All(predicate => predicate.CanMatch(stream)) && Clauses.All(clause => clause.CanMatch(stream))
            : Predicates.Any(predicate => predicate.CanMatch(stream)) || Clauses.Any(clause => clause.CanMatch(stream));
    }
}

internal enum PredicateOperator
{
    Matches,
    Exists,
    NotExists,
}

internal sealed record DimensionPredicate(string Dimension, PredicateOperator Operator, string? Value, NumberRange? Range)
{
    public bool Matches(Dimensions dimensions) => Matches(dimensions.Value(Dimension));

    public bool CanMatch(ConversationStream stream) => Dimensions.ValuesIn(stream, Dimension) is not { } values || values.Any(Matches);

    public bool Matches(string? value) => Operator switch
    {
        PredicateOperator.Exists => value is not null,
        PredicateOperator.NotExists => value is null,
        _ when Range is { } range => double.TryParse(value, CultureInfo.InvariantCulture, out var number) && range.Contains(number),
        _ => string.Equals(value, Value, StringComparison.OrdinalIgnoreCase),
    };
}

internal sealed record NumberRange(double? Above, double? Min, double? Below, double? Max)
{
    public bool Contains(double value) =>
        !(value <= Above) && !(value < Min) && !(value >= Below) && !(value > Max);
}
