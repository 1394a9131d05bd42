using System.Text.Json;
using GenesysSimulator.World.Live;

namespace GenesysSimulator.RealTime;

/// <summary>Selects the sessions that a real-time metric counts.</summary>
internal static class LiveMetrics
{
    public static bool IsLongest(string metric) => metric is "oLongestWaiting" or "oLongestInteracting";

    /// <summary>Returns the sessions that the metric counts, the oldest first. A metric of the longest session counts only that session.</summary>
    /// <param name="oldestFirst">All sessions of a group, the oldest first.</param>
    public static IReadOnlyList<SessionEntity> Of(string metric, IReadOnlyList<SessionEntity> oldestFirst)
    {
        var activity = metric switch
        {
            "oWaiting" or "oLongestWaiting" => LiveActivity.Waiting,
            "oAlerting" => LiveActivity.Alerting,
            _ => LiveActivity.Interacting,
        };
        var counted = oldestFirst.Where(session => session.Interval.Activity == activity);
        return [.. IsLongest(metric) ? counted.Take(1) : counted];
    }

    /// <summary>Writes the count and, for a metric of the longest session, the start of that session.</summary>
    public static void Write(Utf8JsonWriter writer, string metric, IReadOnlyList<SessionEntity> counted)
    {
        writer.WriteNumber("count", counted.Count);
        if (IsLongest(metric))
        {
            writer.WriteNumber("calculatedMetricValue", counted[0].Interval.Start);
        }
    }
}
