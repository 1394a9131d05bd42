using GenesysAnalyticsApi.Aggregates.Folding;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes the raw statistics of a metric as a JSON object, or null if the metric has no statistics.</summary>
internal static class StatisticsJsonWriter
{
    /// <summary>The maximum length in bytes: ten statistics, each with a name and a number.</summary>
    public const int MaxLength = 10 * (Utf8SpanWriter.MaxNumberLength + 16);

    public static void Put(ref Utf8SpanWriter text, MetricStatistics? raw)
    {
        if (raw is not { } statistics)
        {
            text.Put("null"u8);
            return;
        }

        var separator = "{"u8;
        if (statistics.Count is not null)
        {
            text.Put("{\"count\":"u8);
            text.Put(statistics.Count);
            separator = ","u8;
        }

        Put(ref text, ref separator, "\"sum\":"u8, statistics.Sum);
        Put(ref text, ref separator, "\"min\":"u8, statistics.Min);
        Put(ref text, ref separator, "\"max\":"u8, statistics.Max);
        Put(ref text, ref separator, "\"p95\":"u8, statistics.P95);
        Put(ref text, ref separator, "\"p99\":"u8, statistics.P99);
        Put(ref text, ref separator, "\"numerator\":"u8, statistics.Numerator);
        Put(ref text, ref separator, "\"denominator\":"u8, statistics.Denominator);
        Put(ref text, ref separator, "\"ratio\":"u8, statistics.Ratio);
        Put(ref text, ref separator, "\"target\":"u8, statistics.Target);
        text.Put(separator[0] == (byte)'{' ? "{}"u8 : "}"u8);
    }

    private static void Put(ref Utf8SpanWriter text, ref ReadOnlySpan<byte> separator, ReadOnlySpan<byte> name, double? number)
    {
        if (number is not null)
        {
            text.Put(separator);
            text.Put(name);
            text.Put(number);
            separator = ","u8;
        }
    }
}
