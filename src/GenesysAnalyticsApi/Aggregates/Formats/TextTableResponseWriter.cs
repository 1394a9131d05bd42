using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Writes a table for a terminal: the figures that a team looks at first. The last line says how old and how complete the figures are.
/// </summary>
internal sealed class TextTableResponseWriter : IResponseWriter
{
    private const string Percent = "0.0%";

    private static readonly ImmutableArray<(string Title, string Field, string Format)> Figures =
    [
        ("INTERACTIONS", "totalInteractions", "0"),
        ("AVG HANDLE (MS)", "averageHandleTimeMs", "0"),
        ("AVG WAIT (MS)", "averageWaitTimeMs", "0"),
        ("SERVICE LEVEL", "serviceLevel", Percent),
        ("ABANDON RATE", "abandonRate", Percent),
    ];

    /// <summary>The columns for figures by agent or wrap-up code. Figures of the queue, such as offered and abandoned, are null in these records.</summary>
    private static readonly ImmutableArray<(string Title, string Field, string Format)> FiguresOfAgents =
    [
        ("HANDLED", "handled", "0"),
        ("ANSWERED", "answered", "0"),
        ("AVG HANDLE (MS)", "averageHandleTimeMs", "0"),
        ("AVG TALK (MS)", "averageTalkTimeMs", "0"),
        ("AVG WRAP-UP (MS)", "averageWrapTimeMs", "0"),
    ];

    public ResponseFormat Format => ResponseFormat.Table;

    public Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        var text = new StringBuilder();
        WriteRows(text, result);
        return Task.FromResult(ResponseBody.Of(Format, text.Append("As of ").ToString(), result.Meta.AsOf ?? TextTable.Missing, $": {Facts(result.Meta)}.\n"));
    }

    private static void WriteRows(StringBuilder text, AggregatesResult result)
    {
        var columns = ColumnsOf(result);
        string[][] rows = [[.. columns.Select(column => column.Title)], .. RowsOf(result.Records, columns), .. result.TotalRecords is { } totals ? RowsOf(totals, columns) : []];
        if (result.TotalRecords is not null)
        {
            rows[^1][0] = columns[0].IsText ? "TOTAL" : rows[^1][0];
        }

        TextTable.Write(text, rows, i => columns[i].IsText);
        TextTable.WriteWarnings(text, result.Meta.Warnings.Select(warning => warning.Message));
    }

    private static IEnumerable<string[]> RowsOf(RecordList records, ImmutableArray<Column> columns) => Enumerable.Range(0, records.Count)
        .Select(i => columns.Select(column => TextTable.Cell(column.Value, column.IsPrevious ? records.PreviousOf(i) : records[i], column.Format)).ToArray());

    private static ImmutableArray<Column> ColumnsOf(AggregatesResult result)
    {
        var (grouping, records, fields) = (result.Query.GroupBy, result.Records, RecordColumns.Of(result.Records));
        var figures = result.Query is { UserIds: null, WrapUpCodes: null } && (Groupings.DimensionsOf(records.GroupBy) & Dimensions.OfAgentSessions) == Dimensions.None ? Figures : FiguresOfAgents;
        return
        [
            .. grouping.Contains("queueId") ? [Text("QUEUE", record => record.Labels.QueueName ?? record.Labels.QueueId)] : Array.Empty<Column>(),
            .. grouping.Contains("divisionId") ? [Text("DIVISION", record => record.Labels.DivisionName ?? record.Labels.DivisionId)] : Array.Empty<Column>(),
            .. grouping.Contains("mediaType") ? [Text("MEDIA TYPE", record => record.Labels.MediaType)] : Array.Empty<Column>(),
            .. Dimension.Of(Groupings.DimensionsOf(records.GroupBy)).Select(dimension => Text(TitleOf(dimension), record => record.Labels.NameOf(dimension.Flag) ?? record.Labels.ValueOf(dimension.Flag))),
            .. result.Query.Granularity is null ? [] : new[] { Text("FROM", record => record.Bucket.LocalFrom) },
            .. figures.Select(figure => new Column(figure.Title, Find(figure.Field), figure.Format)),
            .. records.HasThreshold ? [new Column("WITHIN THRESHOLD", Find("serviceLevelWithin"), Percent)] : Array.Empty<Column>(),
            .. records.HasPrevious ? figures.Select(figure => new Column($"PREV {figure.Title}", Find($"previous.{figure.Field}"), figure.Format, IsPrevious: true)) : [],
            .. records.Requested.Select(metric => new Column(
                Title(metric.Metric), new DecimalColumn<ResponseRecord?>(metric.Metric, record => record?.Figures.Raw(metric) is { } raw ? raw.Count ?? raw.Ratio ?? raw.Target : null), "0.####")),
        ];

        TableColumn<ResponseRecord?> Find(string name) => fields.All.Single(field => field.Name == name);
    }

    /// <summary>The facts of the last line, for example <c>12 of 12 rows, complete, not final, simulated data</c>.</summary>
    private static string Facts(ResponseMeta meta) => TextTable.Facts(
        string.Create(CultureInfo.InvariantCulture, $"{meta.Rows.Returned} of {meta.Rows.Total} rows"),
        meta.Complete ? "complete" : "INCOMPLETE",
        meta.Final ? "final" : "not final",
        meta.Stale ? "STALE" : null,
        meta.Source == "simulator" ? "simulated data" : null);

    private static Column Text(string title, Func<ResponseRecord, string?> of) => new(title, new TextColumn<ResponseRecord?>(title, value => value is { } record ? of(record) : null));

    private static string TitleOf(Dimension dimension) =>
        dimension.Flag == Dimensions.User ? "AGENT" : string.Concat(dimension.Name.Select(letter => char.IsUpper(letter) ? $" {letter}" : $"{char.ToUpperInvariant(letter)}"));

    private static string Title(string metric) =>
        $"{metric.ToUpperInvariant()} {(GenesysMetrics.KindOf(metric) == MetricKind.Ratio ? "RATIO" : metric == "oServiceTarget" ? "TARGET" : "COUNT")}";

    private sealed record Column(string Title, TableColumn<ResponseRecord?> Value, string Format = "0", bool IsPrevious = false)
    {
        public bool IsText => Value is TextColumn<ResponseRecord?>;
    }
}
