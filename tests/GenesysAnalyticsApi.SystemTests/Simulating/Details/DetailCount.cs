using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Details;

/// <summary>
/// Counts metrics of detail records by queue, media type, bucket and metric, independently of the simulator. The queue of a metric is that of the segment in
/// which it was emitted, or else of the last earlier segment that has a queue.
/// </summary>
internal static class DetailCount
{
    public static SortedDictionary<string, (long Count, long Sum)> Of(
        IEnumerable<JsonNode> conversations, DateTimeOffset from, DateTimeOffset to, string granularity, IReadOnlyCollection<string> names)
    {
        var counted = new SortedDictionary<string, (long Count, long Sum)>(StringComparer.Ordinal);
        var step = XmlConvert.ToTimeSpan(granularity);
        foreach (var session in conversations.SelectMany(Sessions))
        {
            foreach (var metric in session["metrics"]?.AsArray() ?? [])
            {
                var (name, at) = (metric!["name"]!.GetValue<string>(), Instant(metric["emitDate"]!));
                if (at < from || at >= to || !names.Contains(name))
                {
                    continue;
                }

                var bucket = from + (step * Math.Floor((at - from) / step));
                var key = $"{QueueAt(session, at)}|{session["mediaType"]!.GetValue<string>()}|{bucket:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}|{name}";
                var (count, sum) = counted.GetValueOrDefault(key);
                counted[key] = (count + 1, sum + metric["value"]!.GetValue<long>());
            }
        }

        return counted;
    }

    public static IEnumerable<JsonNode> Sessions(JsonNode conversation) =>
        conversation["participants"]!.AsArray().SelectMany(participant => participant!["sessions"]!.AsArray()).OfType<JsonNode>();

    public static IEnumerable<JsonNode> Segments(JsonNode participant) =>
        participant["sessions"]!.AsArray().SelectMany(session => session!["segments"]!.AsArray()).OfType<JsonNode>();

    public static DateTimeOffset Instant(JsonNode text) => DateTimeOffset.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture);

    private static string? QueueAt(JsonNode session, DateTimeOffset at)
    {
        string? last = null;
        foreach (var segment in session["segments"]!.AsArray().Where(segment => Instant(segment!["segmentStart"]!) <= at))
        {
            last = segment!["queueId"]?.GetValue<string>() ?? last;
        }

        return last;
    }
}
