using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Aggregates;
using GenesysSimulator.Aggregates.Parsing;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Details.Parsing;

/// <summary>Parses the filters of a details query. A filter contains clauses and predicates, without deeper nesting.</summary>
internal static class RecordFilterReader
{
    private const string Range = "NumericRange";

    private static readonly FilterTypes Conversation = new("Conversation");
    private static readonly FilterTypes Segment = new("Segment");
    private static readonly FrozenSet<string> Dates =
        new[] { "conversationStart", "conversationEnd", "segmentStart", "segmentEnd" }.ToFrozenSet(StringComparer.Ordinal);

    public static RecordFilter ReadConversationFilter(JsonElement element) => ReadFilter(element, Conversation);

    public static RecordFilter ReadSegmentFilter(JsonElement element) => ReadFilter(element, Segment);

    private static RecordFilter ReadFilter(JsonElement element, FilterTypes types)
    {
        var filter = new StrictObject(element, types.Filter, types.FilterMembers);
        return new(
            IsAnd(filter, types),
            [.. filter.List("clauses").Select(clause => ReadClause(clause, types))],
            [.. filter.List("predicates").Select(predicate => ReadPredicate(predicate, types))]);
    }

    private static RecordFilter ReadClause(JsonElement element, FilterTypes types)
    {
        var clause = new StrictObject(element, types.Clause, types.ClauseMembers);
        var predicates = clause.List("predicates").Select(predicate => ReadPredicate(predicate, types)).ToList();
        return predicates.Count == 0 ? throw clause.Missing("predicates") : new(IsAnd(clause, types), [], predicates);
    }

    private static bool IsAnd(StrictObject part, FilterTypes types) => (part.OneOf("type", types.Combinations) ?? throw part.Missing("type")) == "and";

    private static RecordPredicate ReadPredicate(JsonElement element, FilterTypes types)
    {
        var predicate = new StrictObject(element, types.Predicate, types.PredicateMembers);
        var (dimension, metric) = (predicate.OneOf("dimension", types.Dimensions), predicate.OneOf("metric", types.Metrics));
        var type = predicate.OneOf("type", types.PredicateTypes) ?? (metric is null ? "dimension" : "metric");
        if (type == "property")
        {
            throw ApiException.BadRequest($"{types.Predicate}: type property is not supported by the simulator.");
        }

        var name = (type == "metric" ? metric : dimension) ?? throw predicate.Missing(type);
        var matching = (predicate.OneOf("operator", types.Operators) ?? "matches") switch
        {
            "exists" => PredicateOperator.Exists,
            "notExists" => PredicateOperator.NotExists,
            _ => PredicateOperator.Matches,
        };
        var (value, range) = (predicate.Text("value"), predicate.Find("range") is { } given ? ReadRange(given) : null);
        if (matching == PredicateOperator.Matches ? value is null == range is null : (value ?? (object?)range) is not null)
        {
            throw ApiException.BadRequest($"{types.Predicate}: matches requires either a value or a range; exists and notExists accept neither.");
        }

        if (value is not null && (type == "metric" || Dates.Contains(name)))
        {
            range = Exactly(value, isDate: type != "metric");
        }

        return new(name, type == "metric", matching, value, range);
    }

    private static NumberRange Exactly(string value, bool isDate)
    {
        if (isDate)
        {
            var at = IntervalReader.ReadInstant(value);
            return new(null, at, null, at);
        }

        var number = double.TryParse(value, CultureInfo.InvariantCulture, out var given) ? given : throw ApiException.BadRequest($"Value [{value}] is not a number.");
        return new(null, number, null, number);
    }

    // The bounds of a range of dates are milliseconds since 1970, because a range can contain only numbers.
    private static NumberRange ReadRange(JsonElement element)
    {
        var range = new StrictObject(element, Range);
        var read = new NumberRange(range.Number("gt"), range.Number("gte"), range.Number("lt"), range.Number("lte"));
        return read == new NumberRange(null, null, null, null) ? throw ApiException.BadRequest($"{Range}: a bound is required.") : read;
    }

    /// <summary>The contract's types for one kind of filter: either conversation filters or segment filters.</summary>
    private sealed class FilterTypes(string kind)
    {
        public string Filter { get; } = $"{kind}DetailQueryFilter";

        public string Clause { get; } = $"{kind}DetailQueryClause";

        public string Predicate { get; } = $"{kind}DetailQueryPredicate";

        public FrozenSet<string> FilterMembers { get; } = GenesysContract.Members($"{kind}DetailQueryFilter");

        public FrozenSet<string> ClauseMembers { get; } = GenesysContract.Members($"{kind}DetailQueryClause");

        public FrozenSet<string> PredicateMembers { get; } = GenesysContract.Members($"{kind}DetailQueryPredicate");

        public FrozenSet<string> Combinations { get; } = GenesysContract.Values($"{kind}DetailQueryFilter", "TypeEnum");

        public FrozenSet<string> PredicateTypes { get; } = GenesysContract.Values($"{kind}DetailQueryPredicate", "TypeEnum");

        public FrozenSet<string> Dimensions { get; } = GenesysContract.Values($"{kind}DetailQueryPredicate", "DimensionEnum");

        public FrozenSet<string> Metrics { get; } = GenesysContract.Values($"{kind}DetailQueryPredicate", "MetricEnum");

        public FrozenSet<string> Operators { get; } = GenesysContract.Values($"{kind}DetailQueryPredicate", "OperatorEnum");
    }
}
