using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Writes the last closed bucket as OpenMetrics gauges, for scrapers that read this service as a target. Durations are in seconds. A figure that is
/// null has no series. The freshness of the figures is a gauge too, because scrapers ignore headers.
/// </summary>
internal sealed class OpenMetricsWriter : IResponseWriter
{
    private const string Prefix = "genesys_queue_";
    private const double MillisecondsPerSecond = 1000;

    public ResponseFormat Format => ResponseFormat.OpenMetrics;

    public Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        var text = new StringBuilder();
        var closed = LastClosed(result);
        WriteFigures(text, result.Records, closed);
        if (closed is not null)
        {
            Single(text, "genesys_queue_bucket_start_timestamp_seconds", "Start of the bucket that the figures are of, inclusive.", "seconds", Seconds(closed.Start));
            Single(text, "genesys_queue_bucket_end_timestamp_seconds", "End of the bucket that the figures are of, exclusive.", "seconds", Seconds(closed.End));
            Single(text, "genesys_queue_data_complete", "1 if every part of the bucket is present.", null, closed.IsComplete ? 1 : 0);
            Single(text, "genesys_queue_data_final", "1 if Genesys no longer changes the figures.", null, closed.IsFinal ? 1 : 0);
        }

        Single(text, "genesys_queue_data_stale", "1 if the figures could not be refreshed from Genesys.", null, result.Meta.Stale ? 1 : 0);
        var fetchTime = new StringBuilder();
        if (result.AsOf is { } asOf)
        {
            Single(fetchTime, "genesys_queue_data_as_of_timestamp_seconds", "When the oldest figures that can still change were fetched.", "seconds", Seconds(asOf));
        }

        return Task.FromResult(ResponseBody.Of(Format, text.ToString(), fetchTime.ToString(), "# EOF\n"));
    }

    private static void WriteFigures(StringBuilder text, RecordList records, BucketStatus? bucket)
    {
        var rows = records.Where(row => ReferenceEquals(row.Bucket, bucket)).Select(row => (Row: row, Labels: Labels(row.Labels))).ToList();
        foreach (var gauge in RecordFields.FiguresOf(records).Select(GaugeOf).Concat(records.Requested.SelectMany(GaugesOf)))
        {
            var isDescribed = false;
            foreach (var (row, labels) in rows)
            {
                if (gauge.Of(row.Figures) is not { } value)
                {
                    continue;
                }

                if (!isDescribed)
                {
                    Describe(text, gauge.Name, gauge.Help, gauge.Unit);
                    isDescribed = true;
                }

                text.Append(gauge.Name).Append(labels).Append(' ').Append(Printed(value)).Append('\n');
            }
        }
    }

    /// <summary>The last bucket that is over. The bucket that contains the current time would fall back at its start.</summary>
    private static BucketStatus? LastClosed(AggregatesResult result) =>
        result.Records.Select(row => row.Bucket).Where(bucket => bucket.End <= result.Now).MaxBy(bucket => bucket.End);

    private static void Single(StringBuilder text, string name, string help, string? unit, double value)
    {
        Describe(text, name, help, unit);
        text.Append(name).Append(' ').Append(Printed(value)).Append('\n');
    }

    private static void Describe(StringBuilder text, string name, string help, string? unit)
    {
        text.Append("# TYPE ").Append(name).Append(" gauge\n");
        if (unit is not null)
        {
            text.Append("# UNIT ").Append(name).Append(' ').Append(unit).Append('\n');
        }

        text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(help)).Append('\n');
    }

    private static Gauge GaugeOf(FigureField field)
    {
        Func<RecordFormulas, double?> of = field switch
        {
            IntegerField whole => values => whole.Of(values),
            DecimalField number => number.Of,
            _ => throw new InvalidOperationException($"The field {field.Name} has no gauge."),
        };
        return field.Name.EndsWith("Ms", StringComparison.Ordinal)
            ? new($"{Prefix}{Snake(field.Name[..^2])}_seconds", Help(field), "seconds", values => of(values) / MillisecondsPerSecond)
            : new(Prefix + Snake(field.Name), Help(field), null, of);
    }

    /// <summary>A requested metric: its count, and its sum in seconds if it is a timer; or the parts of a service level.</summary>
    private static IEnumerable<Gauge> GaugesOf(MetricColumn metric)
    {
        var name = $"{Prefix}metric_{Snake(metric.Metric)}";
        yield return new($"{name}_events", $"{metric.Metric}: number of events.", null, values => values.Raw(metric)?.Count);
        if (metric.Metric[0] == 't')
        {
            yield return new($"{name}_seconds", $"{metric.Metric}: sum of the values.", "seconds", values => values.Raw(metric)?.Sum / MillisecondsPerSecond);
            yield return new($"{name}_longest_seconds", $"{metric.Metric}: maximum.", "seconds", values => values.Raw(metric)?.Max / MillisecondsPerSecond);
        }

        yield return new($"{name}_numerator", $"{metric.Metric}: numerator.", null, values => values.Raw(metric)?.Numerator);
        yield return new($"{name}_denominator", $"{metric.Metric}: denominator.", null, values => values.Raw(metric)?.Denominator);
        yield return new($"{name}_target", $"{metric.Metric}: target, 0–1.", null, values => values.Raw(metric)?.Target);
    }

    private static string Help(FigureField field) => $"{field.Description.Replace(" in ms", " in seconds", StringComparison.Ordinal)} Source: {field.Source}.";

    private static string Labels(RecordLabels labels)
    {
        string[] all =
        [
            .. Label("queue_id", labels.QueueId), .. Label("queue", labels.QueueName), .. Label("media_type", labels.MediaType),
            .. Label("division_id", labels.DivisionId), .. Label("division", labels.DivisionName),
            .. Dimension.All.SelectMany(dimension => (string[])[.. Label(Snake(dimension.Name), labels.ValueOf(dimension.Flag)), .. dimension.NameField is { } name ? Label(Snake(name), labels.NameOf(dimension.Flag)) : []]),
        ];
        return all is [] ? "" : $"{{{string.Join(',', all)}}}";
    }

    private static string[] Label(string name, string? value) => value is null ? [] : [$"{name}=\"{Escaped(value)}\""];

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Snake(string camel) => string.Concat(camel.Select(letter => char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static double Seconds(Instant instant) => instant.ToUnixTimeMilliseconds() / MillisecondsPerSecond;

    private static string Printed(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private sealed record Gauge(string Name, string Help, string? Unit, Func<RecordFormulas, double?> Of);
}
