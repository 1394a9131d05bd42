using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.RealTime;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Collects the figures about conversations per queue × media type. A figure that Genesys omits is zero.</summary>
internal sealed class QueueActivityCollector
{
    private readonly SortedDictionary<(string QueueId, string MediaType), QueueActivity> _pairs = [];
    private readonly Dictionary<(string QueueId, string MediaType), LiveFigures> _read = [];

    public ImmutableArray<QueueActivity> All => [.. _pairs.Values];

    public void Add(string queueId, string mediaType, ActivityFigure figure)
    {
        var pair = Find(queueId, mediaType);
        _read[(queueId, mediaType)] = _read.GetValueOrDefault((queueId, mediaType)) | FigureOf(figure.Metric);
        _pairs[(queueId, mediaType)] = figure.Metric switch
        {
            ActivityMetrics.Waiting => pair with { Waiting = figure.Count },
            ActivityMetrics.Interacting => pair with { Interacting = figure.Count },
            ActivityMetrics.Alerting => pair with { Alerting = figure.Count },
            ActivityMetrics.LongestWaiting => pair with { LongestWaitingSince = figure.Since },
            ActivityMetrics.LongestInteracting => pair with { LongestInteractingSince = figure.Since },
            _ => pair,
        };
    }

    /// <summary>Marks a figure as unreadable.</summary>
    /// <param name="metric">Null if the metric is not known. All figures that have not been added are then marked.</param>
    public void Mark(string queueId, string mediaType, string? metric)
    {
        var pair = Find(queueId, mediaType);
        var unreadable = metric is null ? LiveFigures.All & ~_read.GetValueOrDefault((queueId, mediaType)) : FigureOf(metric);
        _pairs[(queueId, mediaType)] = pair with { Unreadable = pair.Unreadable | unreadable };
    }

    private QueueActivity Find(string queueId, string mediaType) => _pairs.GetValueOrDefault((queueId, mediaType)) ?? new QueueActivity(queueId, mediaType, 0, 0, 0, null, null);

    private static LiveFigures FigureOf(string metric) => metric switch
    {
        ActivityMetrics.Waiting => LiveFigures.Waiting,
        ActivityMetrics.Interacting => LiveFigures.Interacting,
        ActivityMetrics.Alerting => LiveFigures.Alerting,
        ActivityMetrics.LongestWaiting => LiveFigures.LongestWait,
        ActivityMetrics.LongestInteracting => LiveFigures.LongestInteraction,
        _ => LiveFigures.None,
    };
}
