using System.Globalization;

namespace GenesysSimulator.Aggregates;

/// <summary>A filter of at most two levels.</summary>
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
}

internal enum PredicateOperator
{
    Matches,
    Exists,
    NotExists,
}

internal sealed record DimensionPredicate(string Dimension, PredicateOperator Operator, string? Value, NumberRange? Range)
{
    public bool Matches(Dimensions dimensions)
    {
        var value = dimensions.Value(Dimension);
        return Operator switch
        {
            PredicateOperator.Exists => value is not null,
            PredicateOperator.NotExists => value is null,
            _ when Range is { } range => double.TryParse(value, CultureInfo.InvariantCulture, out var number) && range.Contains(number),
            _ => string.Equals(value, Value, StringComparison.OrdinalIgnoreCase),
        };
    }
}

internal sealed record NumberRange(double? Above, double? Min, double? Below, double? Max)
{
    public bool Contains(double value) =>
        !(value <= Above) && !(value < Min) && !(value >= Below) && !(value > Max);
}
