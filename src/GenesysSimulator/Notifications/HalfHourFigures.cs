using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Aggregates;
using GenesysSimulator.World;

namespace GenesysSimulator.Notifications;

/// <summary>The metrics of one stream, accumulated since the last full or half hour.</summary>
internal sealed class HalfHourFigures
{
    private const long Milliseconds = 1_800_000;

    private readonly Statistic[] _statistics = new Statistic[Metrics.Count];

    private HalfHourFigures()
    {
    }

    public static (string Interval, HalfHourFigures Figures) Of(SimulatedWorld world, int stream, DateTimeOffset now)
    {
        var start = now.ToUnixTimeMilliseconds() / Milliseconds * Milliseconds;
        var figures = new HalfHourFigures();
        world.Live.VisitEvents(
            stream, DateTimeOffset.FromUnixTimeMilliseconds(start), now, metricEvent => figures._statistics[(int)metricEvent.Metric].Add(metricEvent.Value));
        return (Interval(start, start + Milliseconds), figures);
    }

    public static string Interval(long start, long end) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTimeOffset.FromUnixTimeMilliseconds(start):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}/{DateTimeOffset.FromUnixTimeMilliseconds(end):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");

    public void Write(Utf8JsonWriter writer, int targetThousandths)
    {
        for (var metric = 0; metric < _statistics.Length; metric++)
        {
            if (_statistics[metric].Count == 0 || (Metric)metric is Metric.NConversations or Metric.OMediaCount or Metric.OMessageCount or Metric.OMessageTurn)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("metric", Metrics.WireNames[metric]);
            AggregateReplyWriter.WriteStatistics(writer, Metrics.WireNames[metric], _statistics[metric], targetThousandths);
            writer.WriteEndObject();
        }
    }
}
