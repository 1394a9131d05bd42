using GenesysSimulator.Aggregates;

namespace GenesysSimulator.RealTime;

/// <summary>The object to which the filter of a real-time query is applied: a session, a user of a queue, or a group.</summary>
internal interface ILiveValues
{
    /// <summary>Returns the value of a dimension; null if the dimension has no value.</summary>
    string? ValueOf(string dimension);
}

/// <summary>A filter with at most two levels: predicates, and clauses that contain predicates.</summary>
internal sealed record LiveFilter(bool IsAnd, IReadOnlyList<LiveFilter> Clauses, IReadOnlyList<DimensionPredicate> Predicates)
{
    public static readonly LiveFilter None = new(true, [], []);

    /// <summary>The number of predicates, including those in clauses.</summary>
    public int Count => Predicates.Count + Clauses.Sum(clause => clause.Count);

    /// <summary>Whether at least one predicate names a queue.</summary>
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
