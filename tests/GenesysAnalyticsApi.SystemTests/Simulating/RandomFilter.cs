using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

/// <summary>A random filter of a query: clauses that must all hold, each with predicates of one dimension of which one must hold.</summary>
internal sealed record RandomFilter(IReadOnlyList<(string Dimension, IReadOnlyList<string?> Values, bool Exists)> Clauses)
{
    private static readonly string[] Dimensions = ["userId", "wrapUpCode", "userId", "wrapUpCode", "queueId", "messageType", "originatingDirection"];

    public JsonNode? Json => Clauses.Count == 0
        ? null
        : new JsonObject
        {
            ["type"] = "and",
            ["clauses"] = new JsonArray([.. Clauses.Select(clause => new JsonObject
            {
                ["type"] = "or",
                ["predicates"] = new JsonArray([.. PredicatesOf(clause.Dimension, clause.Values, clause.Exists)]),
            })]),
        };

    public static RandomFilter Next(Random random, IReadOnlyList<SimulatedEvent> events) => new(
    [
        .. Enumerable.Range(0, random.Next(4)).Select(_ => Dimensions[random.Next(Dimensions.Length)]).Select(dimension => (
            dimension,
            (IReadOnlyList<string?>)[.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => events[random.Next(events.Count)][dimension])],
            random.Next(6) == 0)),
    ]);

    public bool Matches(SimulatedEvent one) =>
        Clauses.All(clause => clause.Exists ? one[clause.Dimension] is not null : clause.Values.Contains(one[clause.Dimension]));

    private static IEnumerable<JsonNode> PredicatesOf(string dimension, IReadOnlyList<string?> values, bool exists) => exists
        ? [new JsonObject { ["dimension"] = dimension, ["operator"] = "exists" }]
        : values.Select(value => value is null
            ? new JsonObject { ["dimension"] = dimension, ["operator"] = "notExists" }
            : new JsonObject { ["dimension"] = dimension, ["value"] = value });
}
