using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>The columns of flat formats: the fields of <see cref="RecordFields"/>, with the statistics of requested metrics as <c>metrics.tAlert.sum</c> and compared records as <c>previous.offered</c>.</summary>
internal static class TableColumns
{
    public static ImmutableArray<TableColumn> Of(RecordList records) =>
    [
        .. Columns(records, RecordFields.Labels.Where(label => label.IsIn(records)), records.Requested),
        .. records.HasPrevious
            ? Columns(records, RecordFields.Labels.Where(label => label.IsOfBucket), records.RequestedPrevious).Select(column => column with { Name = $"previous.{column.Name}", IsPrevious = true })
            : [],
    ];

    private static IEnumerable<TableColumn> Columns(RecordList records, IEnumerable<TextField> labels, IReadOnlyList<MetricColumn> requested) =>
    [
        .. labels.Select(OfLabel),
        .. RecordFields.FiguresOf(records).Select(OfFigure),
        .. requested.SelectMany(OfMetric),
        .. RecordFields.Flags.Select(flag => new FlagColumn(flag.Name, flag.Of)),
    ];

    private static TableColumn OfLabel(TextField field) =>
        field is TimeField time ? new TimeColumn(time.Name, time.IsInstant, time.Of, time.Time) : new TextColumn(field.Name, field.Of);

    private static TableColumn OfFigure(FigureField field) => field switch
    {
        IntegerField whole => new IntegerColumn(field.Name, row => whole.Of(row.Figures)),
        DecimalField number => new DecimalColumn(field.Name, row => number.Of(row.Figures)),
        _ => throw new InvalidOperationException($"The field {field.Name} has no column type."),
    };

    private static IEnumerable<TableColumn> OfMetric(MetricColumn metric) => MetricCatalog.StatisticsOf(metric.Metric).Select(statistic =>
        statistic == "count"
            ? (TableColumn)new IntegerColumn($"metrics.{metric.Metric}.count", row => row.Figures.Raw(metric)?.Count)
            : new DecimalColumn($"metrics.{metric.Metric}.{statistic}", row => row.Figures.Raw(metric)?.Of(statistic)));
}

internal abstract record TableColumn(string Name)
{
    /// <summary>The column is of the record that the record is compared with.</summary>
    public bool IsPrevious { get; init; }

    /// <summary>The record that the column reads; null if there is none to compare with.</summary>
    public RecordRow? RowOf(RecordRow record, RecordRow? previous) => IsPrevious ? previous : record;
}

internal sealed record TextColumn(string Name, Func<RecordRow, string?> Of) : TableColumn(Name);

/// <param name="IsInstant">An instant in UTC; otherwise a local time.</param>
internal sealed record TimeColumn(string Name, bool IsInstant, Func<RecordRow, string?> Of, Func<RecordRow, DateTime> Time) : TableColumn(Name);

internal sealed record IntegerColumn(string Name, Func<RecordRow, long?> Of) : TableColumn(Name);

internal sealed record DecimalColumn(string Name, Func<RecordRow, double?> Of) : TableColumn(Name);

internal sealed record FlagColumn(string Name, Func<RecordRow, bool> Of) : TableColumn(Name);
