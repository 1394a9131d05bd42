using System.Text.Json;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>Assigns the columns of a row: one for each requested metric that the simulation emits, then one for each view.</summary>
internal sealed class Columns
{
    private readonly int[] _columnOfMetric = new int[World.Metrics.Count];
    private readonly (int Column, double Min, double Below)[][] _viewsOfMetric = new (int, double, double)[World.Metrics.Count][];

    public Columns(AggregateQuery query)
    {
        Array.Fill(_columnOfMetric, -1);
        Array.Fill(_viewsOfMetric, []);
        Metrics = [.. query.Metrics.Where(World.Metrics.ByWireName.ContainsKey)];
        WireNames = [.. Metrics.Select(name => JsonEncodedText.Encode(name))];
        Views = query.Views;
        for (var column = 0; column < Metrics.Count; column++)
        {
            _columnOfMetric[(int)World.Metrics.ByWireName[Metrics[column]]] = column;
        }

        for (var index = 0; index < Views.Count; index++)
        {
            if (Views[index].Target is { } target)
            {
                ref var views = ref _viewsOfMetric[(int)target];
                views = [.. views, (Metrics.Count + index, Views[index].Min, Views[index].Below)];
            }
        }
    }

    public IReadOnlyList<string> Metrics { get; }

    public IReadOnlyList<JsonEncodedText> WireNames { get; }

    public IReadOnlyList<MetricView> Views { get; }

    public int Count => Metrics.Count + Views.Count;

    public bool Contains(Metric metric) => _columnOfMetric[(int)metric] >= 0 || _viewsOfMetric[(int)metric].Length > 0;

    public void Add(Statistic[] row, Metric metric, int value)
    {
        if (_columnOfMetric[(int)metric] is >= 0 and var column)
        {
            row[column].Add(value);
        }

        foreach (var (view, min, below) in _viewsOfMetric[(int)metric])
        {
            if (value >= min && value < below)
            {
                row[view].Add(value);
            }
        }
    }
}
