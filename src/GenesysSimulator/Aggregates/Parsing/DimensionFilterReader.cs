using System.Collections.Frozen;
using System.Text.Json;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Aggregates.Parsing;

/// <summary>Parses the filter of an aggregates query as strictly as Genesys does. A filter contains clauses and predicates, without deeper nesting.</summary>
internal static class DimensionFilterReader
{
    private const string Outer = "ConversationAggregateQueryFilter";
    private const string Inner = "ConversationAggregateQueryClause";
    private const string Predicate = "ConversationAggregateQueryPredicate";
    private const string Range = "NumericRange";

    private static readonly FrozenSet<string> OuterMembers = GenesysContract.Members(Outer);
    private static readonly FrozenSet<string> InnerMembers = GenesysContract.Members(Inner);
    private static readonly FrozenSet<string> PredicateMembers = GenesysContract.Members(Predicate);
    private static readonly FrozenSet<string> Combinations = GenesysContract.Values(Outer, "TypeEnum");
    private static readonly FrozenSet<string> PredicateTypes = GenesysContract.Values(Predicate, "TypeEnum");
    private static readonly FrozenSet<string> Names = GenesysContract.Values(Predicate, "DimensionEnum");
    private static readonly FrozenSet<string> Operators = GenesysContract.Values(Predicate, "OperatorEnum");

    public static DimensionFilter Read(JsonElement element)
    {
        var filter = new StrictObject(element, Outer, OuterMembers);
        return new(
            IsAnd(filter),
            [.. filter.List("clauses").Select(ReadClause)],
            [.. filter.List("predicates").Select(ReadPredicate)]);
    }

    private static DimensionFilter ReadClause(JsonElement element)
    {
        var clause = new StrictObject(element, Inner, InnerMembers);
        var predicates = clause.List("predicates").Select(ReadPredicate).ToList();
        return predicates.Count == 0 ? throw clause.Missing("predicates") : new(IsAnd(clause), [], predicates);
    }

    private static bool IsAnd(StrictObject part) => (part.OneOf("type", Combinations) ?? throw part.Missing("type")) == "and";

    private static DimensionPredicate ReadPredicate(JsonElement element)
    {
        var predicate = new StrictObject(element, Predicate, PredicateMembers);
        var type = predicate.OneOf("type", PredicateTypes) ?? "dimension";
        var dimension = predicate.OneOf("dimension", Names) ?? throw predicate.Missing("dimension");
        var value = predicate.Text("value");
        var range = predicate.Find("range") is { } given ? ReadRange(given) : null;
        var matching = (predicate.OneOf("operator", Operators) ?? "matches") switch
        {
            "exists" => PredicateOperator.Exists,
            "notExists" => PredicateOperator.NotExists,
            _ => PredicateOperator.Matches,
        };

        if (type != "dimension")
        {
            throw ApiException.BadRequest($"{Predicate}: type {type} is not valid for a dimension.");
        }

        if (matching == PredicateOperator.Matches && value is null == range is null)
        {
            throw ApiException.BadRequest($"{Predicate}: matches requires either a value or a range.");
        }

        if (matching != PredicateOperator.Matches && (value ?? (object?)range) is not null)
        {
            throw ApiException.BadRequest($"{Predicate}: exists and notExists accept neither value nor range.");
        }

        return new(dimension, matching, value, range);
    }

    private static NumberRange ReadRange(JsonElement element)
    {
        var range = new StrictObject(element, Range);
        var read = new NumberRange(range.Number("gt"), range.Number("gte"), range.Number("lt"), range.Number("lte"));
        return read == new NumberRange(null, null, null, null) ? throw ApiException.BadRequest($"{Range}: a bound is required.") : read;
    }
}
