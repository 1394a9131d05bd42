using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;

namespace GenesysSimulator.RealTime.Parsing;

/// <summary>Parses an activity query for conversations or for users, and rejects what Genesys would reject.</summary>
/// <param name="query">The contract's name for the type of query.</param>
internal sealed class ActivityQueryReader(string query)
{
    private readonly FrozenSet<string> _members = GenesysContract.Members(query);
    private readonly FrozenSet<string> _metricMembers = GenesysContract.Members(query + "Metric");
    private readonly FrozenSet<string> _metrics = GenesysContract.Values(query + "Metric", "MetricEnum");
    private readonly FrozenSet<string> _groups = GenesysContract.Values(query, "GroupByEnum");
    private readonly FrozenSet<string> _orders = GenesysContract.Values(query, "OrderEnum");
    private readonly LiveFilterReader _filters = new(query);

    public ActivityQuery Read(ReadOnlyMemory<byte> body, IQueryCollection parameters, SimulatorSettings settings)
    {
        using var document = RequestBody.ParseStrictly(body);
        var read = new StrictObject(document.RootElement, query, _members);
        var metrics = read.List("metrics").Select(ReadMetric).DistinctBy(metric => metric.Name).ToList();
        var groupBy = read.ManyOf("groupBy", _groups);
        if (metrics.Count == 0 || groupBy.Count == 0)
        {
            throw read.Missing(metrics.Count == 0 ? "metrics" : "groupBy");
        }

        var filter = read.Find("filter") is { } given ? _filters.Read(given, settings.MaxPredicates) : LiveFilter.None;
        if (filter.Count == 0 && settings.RefusesUnfilteredActivity)
        {
            throw ApiException.BadRequest($"{query}: filter must have at least one predicate.");
        }

        return new(metrics, [.. groupBy.Distinct()], filter, read.OneOf("order", _orders) == "desc")
        {
            PageSize = Number(parameters, "pageSize", settings.ActivityPageSize, settings.MaxActivityPageSize),
            PageNumber = Number(parameters, "pageNumber", 1, int.MaxValue),
        };
    }

    private ActivityMetric ReadMetric(JsonElement element)
    {
        var metric = new StrictObject(element, query + "Metric", _metricMembers);
        metric.RequireBoolean("details");
        return new(
            metric.OneOf("metric", _metrics) ?? throw metric.Missing("metric"),
            metric.Find("details") is { ValueKind: JsonValueKind.True });
    }

    private static int Number(IQueryCollection parameters, string name, int fallback, int max)
    {
        if (parameters.Keys.FirstOrDefault(key => key is not ("pageSize" or "pageNumber")) is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        return !parameters.TryGetValue(name, out var text)
            ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
                ? number
                : throw ApiException.BadRequest($"Value [{text}] of {name} must be an integer from 1 to {max}.");
    }
}
