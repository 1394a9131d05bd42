using System.Collections.Frozen;
using System.Text.Json;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

internal static class MetricViewReader
{
    private const string View = "ConversationAggregationView";
    private const string Range = "AggregationRange";
    private const int Most = 10;

    public static List<MetricView> Read(IEnumerable<JsonElement> elements, FrozenSet<string> metricNames)
    {
        var views = elements.Select(ReadOne).ToList();
        if (views.Count > Most)
        {
            throw Refusal.BadRequest($"views: at most {Most} are allowed.");
        }

        if (views.Any(view => metricNames.Contains(view.Name)))
        {
            throw Refusal.BadRequest("views: a name may not be that of a metric.");
        }

        return views.DistinctBy(view => view.Name).Count() == views.Count
            ? views
            : throw Refusal.BadRequest("views: each name must be used once.");
    }

    private static MetricView ReadOne(JsonElement element)
    {
        var view = new StrictObject(element, View);
        var target = view.OneOf("target", GenesysContract.Values(View, "TargetEnum")) ?? throw view.Missing("target");
        if (!target.StartsWith('t'))
        {
            throw Refusal.BadRequest($"{View}: the target must be a timer, not {target}.");
        }

        if (view.OneOf("function", GenesysContract.Values(View, "FunctionEnum")) is null)
        {
            throw view.Missing("function");
        }

        var range = new StrictObject(view.Find("range") ?? throw view.Missing("range"), Range);
        var (least, below) = (range.Number("gte"), range.Number("lt"));
        return least is null && below is null
            ? throw Refusal.BadRequest($"{Range}: a bound is required.")
            : new(
                view.NeededText("name"),
                Metrics.ByWireName.TryGetValue(target, out var metric) ? metric : null,
                least ?? double.MinValue,
                below ?? double.MaxValue);
    }
}
