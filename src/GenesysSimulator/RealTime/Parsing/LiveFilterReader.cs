using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Aggregates;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;

namespace GenesysSimulator.RealTime.Parsing;

/// <summary>
/// Parses the filter of a real-time query. A filter contains clauses and predicates, without deeper nesting. The number of predicates is limited.
/// </summary>
/// <param name="query">The contract's name for the type of query.</param>
internal sealed class LiveFilterReader(string query)
{
    private const string Range = "NumericRange";

    private readonly string _filter = query + "Filter";
    private readonly string _clause = query + "Clause";
    private readonly string _predicate = query + "Predicate";
    private readonly FrozenSet<string> _filterMembers = GenesysContract.Members(query + "Filter");
    private readonly FrozenSet<string> _clauseMembers = GenesysContract.Members(query + "Clause");
    private readonly FrozenSet<string> _predicateMembers = GenesysContract.Members(query + "Predicate");
    private readonly FrozenSet<string> _combinations = GenesysContract.Values(query + "Filter", "TypeEnum");
    private readonly FrozenSet<string> _types = GenesysContract.Values(query + "Predicate", "TypeEnum");
    private readonly FrozenSet<string> _dimensions = GenesysContract.Values(query + "Predicate", "DimensionEnum");
    private readonly FrozenSet<string> _operators = GenesysContract.Values(query + "Predicate", "OperatorEnum");

    public LiveFilter Read(JsonElement element, int maxPredicates)
    {
        var filter = new StrictObject(element, _filter, _filterMembers);
        var read = new LiveFilter(IsAnd(filter), [.. filter.List("clauses").Select(ReadClause)], [.. filter.List("predicates").Select(ReadPredicate)]);
        return read.Count <= maxPredicates
            ? read
            : throw ApiException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"The filter of the query must not have more than {maxPredicates} predicates."));
    }

    private LiveFilter ReadClause(JsonElement element)
    {
        var clause = new StrictObject(element, _clause, _clauseMembers);
        List<DimensionPredicate> predicates = [.. clause.List("predicates").Select(ReadPredicate)];
        return predicates.Count == 0 ? throw clause.Missing("predicates") : new(IsAnd(clause), [], predicates);
    }

    private bool IsAnd(StrictObject part) => (part.OneOf("type", _combinations) ?? throw part.Missing("type")) == "and";

    private DimensionPredicate ReadPredicate(JsonElement element)
    {
        var predicate = new StrictObject(element, _predicate, _predicateMembers);
        if (predicate.OneOf("type", _types) is { } type and not "dimension")
        {
            throw ApiException.BadRequest($"{_predicate}: type {type} is not valid for a dimension.");
        }

        var dimension = predicate.OneOf("dimension", _dimensions) ?? throw predicate.Missing("dimension");
        var matching = (predicate.OneOf("operator", _operators) ?? "matches") switch
        {
            "exists" => PredicateOperator.Exists,
            "notExists" => PredicateOperator.NotExists,
            _ => PredicateOperator.Matches,
        };
        var (value, range) = (predicate.Text("value"), predicate.Find("range") is { } given ? ReadRange(given) : null);
        return (matching == PredicateOperator.Matches ? value is null == range is null : (value ?? (object?)range) is not null)
            ? throw ApiException.BadRequest($"{_predicate}: matches requires either a value or a range; exists and notExists accept neither.")
            : new(dimension, matching, value, range);
    }

    private static NumberRange ReadRange(JsonElement element)
    {
        var range = new StrictObject(element, Range);
        var read = new NumberRange(range.Number("gt"), range.Number("gte"), range.Number("lt"), range.Number("lte"));
        return read == new NumberRange(null, null, null, null) ? throw ApiException.BadRequest($"{Range}: a bound is required.") : read;
    }
}
