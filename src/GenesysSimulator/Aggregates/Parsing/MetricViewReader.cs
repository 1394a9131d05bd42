using System.Collections.Frozen;
using System.Text.Json;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates.Parsing;

/// <summary>Parses the views of an aggregates query.</summary>
internal static class MetricViewReader
{
    private const string View = "ConversationAggregationView";
    private const string Range = "AggregationRange";
    private const int MaxViews = 10;

    public static List<MetricView> Read(IEnumerable<JsonElement> elements, FrozenSet<string> metricNames)
    {
        var views = elements.Select(ReadOne).ToList();
        if (views.Count > MaxViews)
        {
            throw ApiException.BadRequest($"views: at most {MaxViews} are allowed.");
        }

        if (views.Any(view => metricNames.Contains(view.Name)))
        {
            throw ApiException.BadRequest("views: a name must not be that of a metric.");
        }

        return views.DistinctBy(view => view.Name).Count() == views.Count
            ? views
            : throw ApiException.BadRequest("views: the names must be unique.");
    }

    private static MetricView ReadOne(JsonElement element)
    {
        var view = new StrictObject(element, View);
        var target = view.OneOf("target", GenesysContract.Values(View, "TargetEnum")) ?? throw view.Missing("target");
        if (!target.StartsWith('t'))
        {
            throw ApiException.BadRequest($"{View}: the target must be a timer, not {target}.");
        }

        if (view.OneOf("function", GenesysContract.Values(View, "FunctionEnum")) is null)
        {
            throw view.Missing("function");
        }

        var range = new StrictObject(view.Find("range") ?? throw view.Missing("range"), Range);
        var (min, below) = (range.Number("gte"), range.Number("lt"));
        return min is null && below is null
            ? throw ApiException.BadRequest($"{Range}: a bound is required.")
            : new(
                view.RequiredText("name"),
                Metrics.ByWireName.TryGetValue(target, out var metric) ? metric : null,
                min ?? double.MinValue,
                below ?? double.MaxValue);
    }
}
