using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>A requested view, parsed only from its JSON. Parsing reports everything that Genesys would reject.</summary>
internal sealed record FakeView(string Name, string Target, double AtLeast, double Below)
{
    private const int MaxViews = 10;

    public static IReadOnlyList<FakeView> ReadAll(JsonNode? views, Action<string> report)
    {
        if (views is null)
        {
            return [];
        }

        var all = views.AsArray().Select(view => Read(view!.AsObject(), report)).ToList();
        if (all.Count is 0 or > MaxViews || all.DistinctBy(view => view.Name).Count() != all.Count)
        {
            report($"{all.Count} views, or two of the same name");
        }

        return all;
    }

    public bool Contains(long value) => value >= AtLeast && value < Below;

    private static FakeView Read(JsonObject view, Action<string> report)
    {
        var (name, target, range) = (view.Text("name"), view.Text("target"), view["range"]?.AsObject());
        if (string.IsNullOrEmpty(name) || OfficialModels.Violations("ConversationAggregationView", new JsonObject { ["target"] = name }).Any() is false)
        {
            report($"the view has the name '{name}', which is empty or a metric");
        }

        if (target is not ['t', ..] || view.Text("function") != "rangeBound" || range is null or { Count: 0 })
        {
            report($"the view {view.ToJsonString()} is not a range of a timer");
        }

        return new FakeView(name ?? "", target ?? "", range?["gte"]?.GetValue<double>() ?? double.MinValue, range?["lt"]?.GetValue<double>() ?? double.MaxValue);
    }
}
