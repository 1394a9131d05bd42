using System.Collections.Frozen;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;

namespace GenesysSimulator.RealTime.Parsing;

/// <summary>Parses the body of a query for queue observations, and rejects what Genesys would reject.</summary>
internal static class ObservationQueryReader
{
    private const string Query = "QueueObservationQuery";

    private static readonly FrozenSet<string> Members = GenesysContract.Members(Query);
    private static readonly FrozenSet<string> Metrics = GenesysContract.Values(Query, "MetricsEnum");
    private static readonly FrozenSet<string> DetailMetrics = GenesysContract.Values(Query, "DetailMetricsEnum");
    private static readonly LiveFilterReader Filters = new(Query);

    public static ObservationQuery Read(ReadOnlyMemory<byte> body, SimulatorSettings settings)
    {
        using var document = RequestBody.ParseStrictly(body);
        var query = new StrictObject(document.RootElement, Query, Members);
        var filter = Filters.Read(query.Find("filter") ?? throw query.Missing("filter"), settings.MaxPredicates);
        List<string> metrics = [.. query.ManyOf("metrics", Metrics).Distinct()];
        if (metrics.Count == 0)
        {
            throw query.Missing("metrics");
        }

        return filter.NamesQueue
            ? new(filter, metrics, query.ManyOf("detailMetrics", DetailMetrics).ToFrozenSet(StringComparer.Ordinal))
            : throw ApiException.BadRequest($"{Query}: filter must have a predicate on the dimension queueId, with a value.");
    }
}
