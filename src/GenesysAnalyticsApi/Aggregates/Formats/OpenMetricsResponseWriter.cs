using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Writes the last closed bucket as OpenMetrics gauges, for scrapers that read them from this service. Durations are in seconds. A figure that is null has
/// no series. The freshness of the figures is a gauge too, because scrapers ignore headers.
/// </summary>
internal sealed class OpenMetricsResponseWriter : IResponseWriter
{
    private const string Prefix = "genesys_queue_";

    public ResponseFormat Format => ResponseFormat.OpenMetrics;

    public Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        var text = new OpenMetricsText();
        var closed = LastClosed(result);
        WriteFigures(text, result.Records, closed);
        if (closed is not null)
        {
            text.Write("genesys_queue_bucket_start_timestamp_seconds", "Start of the bucket to which the figures belong, inclusive.", closed.Start);
            text.Write("genesys_queue_bucket_end_timestamp_seconds", "End of the bucket to which the figures belong, exclusive.", closed.End);
            text.Write("genesys_queue_data_complete", "1 if every part of the bucket is present.", closed.IsComplete);
            text.Write("genesys_queue_data_final", "1 if Genesys no longer changes the figures.", closed.IsFinal);
        }

        text.Write("genesys_queue_data_stale", "1 if the figures could not be refreshed from Genesys.", result.Meta.Stale);
        text.WriteWarnings(Prefix, result.Meta.Warnings.Select(warning => warning.Code));
        var fetchTime = new OpenMetricsText();
        if (result.AsOf is { } asOf)
        {
            fetchTime.Write("genesys_queue_data_as_of_timestamp_seconds", "When the oldest figures that can still change were fetched.", asOf);
        }

        return Task.FromResult(ResponseBody.Of(Format, text.ToString(), fetchTime.ToString(), OpenMetricsText.End));
    }

    private static void WriteFigures(OpenMetricsText text, RecordList records, BucketStatus? bucket)
    {
        var rows = records.Where(row => ReferenceEquals(row.Bucket, bucket)).Select(row => (row.Figures, Labels: LabelsOf(row.Labels))).ToList();
        foreach (var field in RecordFieldDefinitions.FiguresOf(records))
        {
            text.WriteField(Prefix, field.Name, Help(field), SamplesOf(ValueOf(field)));
        }

        foreach (var metric in records.Requested)
        {
            WriteMetric(text, metric, of => SamplesOf(values => values.Raw(metric) is { } raw ? of(raw) : null));
        }

        IEnumerable<(string Labels, double? Value)> SamplesOf(Func<RowArithmetic, double?> of) => rows.Select(row => (row.Labels, of(row.Figures)));
    }

    /// <summary>The last bucket with records that has ended. The current bucket is not used, because counts would fall to 0 in a new bucket.</summary>
    private static BucketStatus? LastClosed(AggregatesResult result) =>
        result.Records.Select(row => row.Bucket).Where(bucket => bucket.End <= result.Now).MaxBy(bucket => bucket.End);

    private static Func<RowArithmetic, double?> ValueOf(FigureField field) => field switch
    {
        IntegerField whole => values => whole.Of(values),
        DecimalField number => number.Of,
        _ => throw new InvalidOperationException($"The field {field.Name} has no gauge."),
    };

    /// <summary>
    /// Writes the statistics of a requested metric: the count, the sum and maximum of a timer in seconds, and the parts and target of a service level.
    /// </summary>
    private static void WriteMetric(OpenMetricsText text, MetricColumn metric, Func<Func<MetricStatistics, double?>, IEnumerable<(string Labels, double? Value)>> samplesOf)
    {
        var name = $"{Prefix}metric_{OpenMetricsText.Snake(metric.Metric)}";
        text.Write($"{name}_events", $"{metric.Metric}: number of events.", null, samplesOf(raw => raw.Count));
        if (metric.Metric[0] == 't')
        {
            text.Write($"{name}_seconds", $"{metric.Metric}: sum of the values.", OpenMetricsText.Seconds, samplesOf(raw => raw.Sum / OpenMetricsText.MillisecondsPerSecond));
            text.Write($"{name}_longest_seconds", $"{metric.Metric}: maximum.", OpenMetricsText.Seconds, samplesOf(raw => raw.Max / OpenMetricsText.MillisecondsPerSecond));
        }

        text.Write($"{name}_numerator", $"{metric.Metric}: numerator.", null, samplesOf(raw => raw.Numerator));
        text.Write($"{name}_denominator", $"{metric.Metric}: denominator.", null, samplesOf(raw => raw.Denominator));
        text.Write($"{name}_target", $"{metric.Metric}: target, 0–1.", null, samplesOf(raw => raw.Target));
    }

    private static string Help(FigureField field) => $"{field.Description.Replace(" in ms", " in seconds", StringComparison.Ordinal)} Source: {field.Source}.";

    private static string LabelsOf(RecordLabels labels) => OpenMetricsText.LabelsOf(
    [
        ("queue_id", labels.QueueId), ("queue", labels.QueueName), ("media_type", labels.MediaType),
        ("division_id", labels.DivisionId), ("division", labels.DivisionName),
        .. Dimension.All.SelectMany(dimension => ((string, string?)[])
        [
            (OpenMetricsText.Snake(dimension.Name), labels.ValueOf(dimension.Flag)),
            .. dimension.NameField is { } name ? [(OpenMetricsText.Snake(name), labels.NameOf(dimension.Flag))] : Array.Empty<(string, string?)>(),
        ]),
    ]);
}
