using GenesysSimulator.Aggregates;

namespace GenesysSimulator.RealTime;

/// <summary>The object that a filter of a real-time query is applied to: a session, a user of a queue, or a group.</summary>
internal interface ILiveValues
{
    /// <summary>Null if the dimension has no value.</summary>
    string? ValueOf(string dimension);
}

/// <summary>A filter of at most two levels.</summary>
internal sealed record LiveFilter(bool IsAnd, IReadOnlyList<LiveFilter> Clauses, IReadOnlyList<DimensionPredicate> Predicates)
{
    public static readonly LiveFilter None = new(true, [], []);

    public int Count => Predicates.Count + Clauses.Sum(clause => clause.Count);

    /// <summary>Whether a predicate names a queue.</summary>
    public bool NamesQueue =>
        Predicates.Any(predicate => predicate is { Dimension: "queueId", Operator: PredicateOperator.Matches, Value: not null }) || Clauses.Any(clause => clause.NamesQueue);

    public bool Matches<TValues>(in TValues values)
        where TValues : struct, ILiveValues
    {
        if (Clauses.Count + Predicates.Count == 0)
        {
            return true;
        }

        foreach (var predicate in Predicates)
        {
            if (predicate.Matches(values.ValueOf(predicate.Dimension)) != IsAnd)
            {
                return !IsAnd;
            }
        }

        foreach (var clause in Clauses)
        {
            if (clause.Matches(values) != IsAnd)
            {
                return !IsAnd;
            }
        }

        return IsAnd;
    }
}
