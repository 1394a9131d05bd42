using GenesysSimulator.Aggregates;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Details;

/// <summary>The object to which a predicate is applied: a conversation or a segment.</summary>
internal interface IRecordValues
{
    bool Satisfy(RecordPredicate predicate);
}

/// <summary>A filter with at most two levels: predicates, and clauses that contain predicates.</summary>
internal sealed record RecordFilter(bool IsAnd, IReadOnlyList<RecordFilter> Clauses, IReadOnlyList<RecordPredicate> Predicates)
{
    public bool Matches<TValues>(in TValues values)
        where TValues : struct, IRecordValues
    {
        if (Clauses.Count + Predicates.Count == 0)
        {
            return true;
        }

        // The loops avoid lambdas for speed, because a month contains a million conversations.
        foreach (var predicate in Predicates)
        {
            if (values.Satisfy(predicate) != IsAnd)
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

    /// <summary>Returns false only if no conversation of the stream can match.</summary>
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

/// <summary>A predicate on a dimension or a metric. It compares texts or numbers.</summary>
internal sealed record RecordPredicate(string Name, bool IsMetric, PredicateOperator Operator, string? Value, NumberRange? Range)
{
    public bool Accepts(string? value) => Operator switch
    {
        PredicateOperator.Exists => value is not null,
        PredicateOperator.NotExists => value is null,
        _ => Range is null && value is not null && string.Equals(value, Value, StringComparison.OrdinalIgnoreCase),
    };

    public bool Accepts(double? value) => Operator switch
    {
        PredicateOperator.Exists => value is not null,
        PredicateOperator.NotExists => value is null,
        _ => value is { } number && Range is { } range && range.Contains(number),
    };

    public bool Accepts(IReadOnlyList<string> values) => values.Count == 0 ? Accepts((string?)null) : values.Any(Accepts);

    public bool CanMatch(ConversationStream stream) => (Operator, Name) switch
    {
        (PredicateOperator.Matches, "queueId") => Accepts(stream.Queue?.WireId),
        (PredicateOperator.Matches, "mediaType") => Accepts(stream.Profile.Media),
        _ => true,
    };
}
