using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>Writes replies in the format of Genesys Cloud. Every queue, media type and hour has every metric of the shape.</summary>
internal static class ReplyWriter
{
    public static byte[] Write(ReplyShape shape) => Write(shape, shape.Edges);

    /// <param name="edges">The bucket boundaries to use instead of those of the shape.</param>
    public static byte[] Write(ReplyShape shape, ImmutableArray<Instant> edges)
    {
        var metrics = shape.Metrics;
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("results");
        for (var queue = 0; queue < shape.Queues; queue++)
        {
            foreach (var media in shape.Media)
            {
                WriteResult(json, queue, media, edges, metrics);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteResult(Utf8JsonWriter json, int queue, string media, ImmutableArray<Instant> edges, ImmutableArray<string> metrics)
    {
        json.WriteStartObject();
        json.WriteStartObject("group");
        json.WriteString("queueId", new Guid(queue + 1, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]));
        json.WriteString("mediaType", media);
        json.WriteEndObject();
        json.WriteStartArray("data");
        for (var bucket = 0; bucket < edges.Length - 1; bucket++)
        {
            json.WriteStartObject();
            json.WriteString("interval", $"{Format(edges[bucket])}/{Format(edges[bucket + 1])}");
            json.WriteStartArray("metrics");
            foreach (var metric in metrics)
            {
                WriteMetric(json, metric, 3 + ((queue + bucket) % 40));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMetric(Utf8JsonWriter json, string metric, int count)
    {
        json.WriteStartObject();
        json.WriteString("metric", metric);
        json.WriteStartObject("stats");
        switch (GenesysMetrics.KindOf(metric))
        {
            case MetricKind.Ratio:
                json.WriteNumber("ratio", 0.75);
                json.WriteNumber("numerator", count * 3);
                json.WriteNumber("denominator", count * 4);
                json.WriteNumber("target", 0.8);
                break;
            case MetricKind.Timer:
                json.WriteNumber("max", count * 91_003);
                json.WriteNumber("min", 1_207);
                json.WriteNumber("count", count);
                json.WriteNumber("sum", count * 40_009);
                break;
            default:
                json.WriteNumber("count", count);
                break;
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Genesys writes instants with milliseconds.
    private static string Format(Instant instant) =>
        InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss'.000Z'").Format(instant).ToString(CultureInfo.InvariantCulture);
}
