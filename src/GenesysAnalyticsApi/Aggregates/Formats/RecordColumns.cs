using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// The columns of flat formats: the fields of <see cref="RecordFieldDefinitions"/>, the statistics of requested metrics with names such as <c>metrics.tAlert.sum</c>,
/// and the columns of compared records with names such as <c>previous.offered</c>.
/// </summary>
/// <param name="Own">The columns of the record itself.</param>
/// <param name="Previous">The columns of the compared record. Their values are null if there is no compared record.</param>
internal sealed record RecordColumns(ImmutableArray<TableColumn<ResponseRecord?>> Own, ImmutableArray<TableColumn<ResponseRecord?>> Previous)
{
    public ImmutableArray<TableColumn<ResponseRecord?>> All { get; } = [.. Own, .. Previous];

    public static RecordColumns Of(RecordList records) => new(
        [.. Columns(records, RecordFieldDefinitions.Labels.Where(label => label.IsIn(records)), records.Requested)],
        records.HasPrevious
            ? [.. Columns(records, RecordFieldDefinitions.Labels.Where(label => label.IsOfBucket), records.RequestedPrevious).Select(column => column with { Name = $"previous.{column.Name}" })]
            : []);

    private static IEnumerable<TableColumn<ResponseRecord?>> Columns(RecordList records, IEnumerable<TextField> labels, IReadOnlyList<MetricColumn> requested) =>
    [
        .. labels.Select(OfLabel),
        .. RecordFieldDefinitions.FiguresOf(records).Select(OfFigure),
        .. requested.SelectMany(OfMetric),
        .. RecordFieldDefinitions.Flags.Select(flag => new FlagColumn<ResponseRecord?>(flag.Name, value => value is { } record ? flag.Of(record) : null)),
    ];

    private static TableColumn<ResponseRecord?> OfLabel(TextField field) => field is TimeField time
        ? new TimeColumn<ResponseRecord?>(field.Name, time.IsInstant, value => value is { } record ? time.Of(record) : null, value => value is { } record ? time.Time(record) : null)
        : new TextColumn<ResponseRecord?>(field.Name, value => value is { } record ? field.Of(record) : null);

    private static TableColumn<ResponseRecord?> OfFigure(FigureField field) => field switch
    {
        IntegerField whole => new IntegerColumn<ResponseRecord?>(field.Name, value => value is { } record ? whole.Of(record.Figures) : null),
        DecimalField number => new DecimalColumn<ResponseRecord?>(field.Name, value => value is { } record ? number.Of(record.Figures) : null),
        _ => throw new InvalidOperationException($"The field {field.Name} has no column type."),
    };

    private static IEnumerable<TableColumn<ResponseRecord?>> OfMetric(MetricColumn metric) => GenesysMetrics.StatisticsOf(metric.Metric).Select(statistic =>
        statistic == "count"
            ? (TableColumn<ResponseRecord?>)new IntegerColumn<ResponseRecord?>($"metrics.{metric.Metric}.count", record => record?.Figures.Raw(metric)?.Count)
            : new DecimalColumn<ResponseRecord?>($"metrics.{metric.Metric}.{statistic}", record => record?.Figures.Raw(metric)?.Of(statistic)));
}
