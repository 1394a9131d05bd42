using System.Globalization;
using System.Text.Json;
using GenesysSimulator.World;
using NodaTime;
using NodaTime.Text;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// Writes aggregates so that readers cannot rely on positions: groups and metrics are shuffled, and some groups have their buckets in reverse order. The order
/// is the same for equal queries. Metrics, buckets and groups without events are omitted.
/// </summary>
internal static class AggregateReplyWriter
{
    // A reply with the hours of one day for 200 queues contains about 100,000 statistics, so the names are encoded only once.
    private static readonly JsonEncodedText IntervalName = JsonEncodedText.Encode("interval");
    private static readonly JsonEncodedText MetricsName = JsonEncodedText.Encode("metrics");
    private static readonly JsonEncodedText MetricName = JsonEncodedText.Encode("metric");
    private static readonly JsonEncodedText StatsName = JsonEncodedText.Encode("stats");
    private static readonly JsonEncodedText MaxName = JsonEncodedText.Encode("max");
    private static readonly JsonEncodedText MinName = JsonEncodedText.Encode("min");
    private static readonly JsonEncodedText CountName = JsonEncodedText.Encode("count");
    private static readonly JsonEncodedText SumName = JsonEncodedText.Encode("sum");

    private static readonly InstantPattern Pattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm:ss.fff'Z'");

    public static void WriteGroups(
        Utf8JsonWriter writer, IEnumerable<(string Key, AggregateGroup Group)> groups, AggregateQuery query, Columns columns)
    {
        var intervals = new JsonEncodedText?[query.Buckets.Count];
        foreach (var (key, group) in groups)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("group");
            foreach (var (name, value) in group.Dimensions)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("data");
            var hash = HashOf(key, query.Fingerprint);
            var order = ShuffledIndexes(columns.Metrics.Count, hash);
            // One group in 16 has its buckets in reverse order.
            for (var step = 0; step < group.Rows.Length; step++)
            {
                var bucket = hash % 16 == 0 ? group.Rows.Length - 1 - step : step;
                if (group.Rows[bucket] is { } row)
                {
                    WriteRow(writer, intervals[bucket] ??= JsonEncodedText.Encode(Interval(query.Buckets[bucket])), row, columns, order, group.TargetThousandths);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    public static IEnumerable<(string Key, AggregateGroup Group)> Shuffled(
        IReadOnlyDictionary<string, AggregateGroup> groups, ulong fingerprint) =>
        groups.OrderBy(pair => HashOf(pair.Key, fingerprint)).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, pair.Value));

    private static void WriteRow(
        Utf8JsonWriter writer, JsonEncodedText interval, Statistic[] row, Columns columns, int[] order, int targetThousandths)
    {
        writer.WriteStartObject();
        writer.WriteString(IntervalName, interval);
        writer.WriteStartArray(MetricsName);
        foreach (var column in order)
        {
            if (row[column].Count > 0)
            {
                writer.WriteStartObject();
                writer.WriteString(MetricName, columns.WireNames[column]);
                WriteStatistics(writer, columns.Metrics[column], row[column], targetThousandths);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        WriteViews(writer, row, columns);
        writer.WriteEndObject();
    }

    private static void WriteViews(Utf8JsonWriter writer, Statistic[] row, Columns columns)
    {
        if (columns.Views.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("views");
        for (var index = 0; index < columns.Views.Count; index++)
        {
            if (row[columns.Metrics.Count + index] is { Count: > 0 } statistic)
            {
                writer.WriteStartObject();
                writer.WriteString("name", columns.Views[index].Name);
                WriteStatistics(writer, "t", statistic, 0);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    internal static void WriteStatistics(Utf8JsonWriter writer, string metric, in Statistic statistic, int targetThousandths)
    {
        writer.WriteStartObject(StatsName);
        if (metric == "oServiceLevel")
        {
            writer.WriteNumber("ratio", (double)statistic.Sum / statistic.Count);
            writer.WriteNumber("numerator", statistic.Sum);
            writer.WriteNumber("denominator", statistic.Count);
            writer.WriteNumber("target", targetThousandths / 1000.0);
        }
        else if (metric == "oServiceTarget")
        {
            writer.WriteNumber("target", targetThousandths / 1000.0);
        }
        else
        {
            if (metric[0] != 'n')
            {
                writer.WriteNumber(MaxName, statistic.Max);
                writer.WriteNumber(MinName, statistic.Min);
            }

            writer.WriteNumber(CountName, statistic.Count);
            if (metric[0] != 'n')
            {
                writer.WriteNumber(SumName, statistic.Sum);
            }
        }

        writer.WriteEndObject();
    }

    private static string Interval((long Start, long End) bucket) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Pattern.Format(Instant.FromUnixTimeMilliseconds(bucket.Start))}/{Pattern.Format(Instant.FromUnixTimeMilliseconds(bucket.End))}");

    private static ulong HashOf(string key, ulong fingerprint) =>
        key.Aggregate(fingerprint, (mixed, letter) => SeededRandom.Mix(mixed, letter));

    private static int[] ShuffledIndexes(int count, ulong hash)
    {
        var random = new SeededRandom(hash);
        var order = Enumerable.Range(0, count).ToArray();
        for (var last = count - 1; last > 0; last--)
        {
            var other = random.Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }
}
