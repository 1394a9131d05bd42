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
internal sealed class TableWriter : IResponseWriter
{
    private static readonly ImmutableArray<Column> Figures =
    [
        Whole("INTERACTIONS", "totalInteractions"),
        Milliseconds("AVG HANDLE (MS)", "averageHandleTimeMs"),
        Milliseconds("AVG WAIT (MS)", "averageWaitTimeMs"),
        Percent("SERVICE LEVEL", "serviceLevel"),
        Percent("ABANDON RATE", "abandonRate"),
    ];

    /// <summary>What belongs to the queue has no agent and no wrap-up code.</summary>
    private static readonly ImmutableArray<Column> FiguresOfAgents =
    [
        Whole("HANDLED", "handled"),
        Whole("ANSWERED", "answered"),
        Milliseconds("AVG HANDLE (MS)", "averageHandleTimeMs"),
        Milliseconds("AVG TALK (MS)", "averageTalkTimeMs"),
        Milliseconds("AVG WRAP-UP (MS)", "averageWrapTimeMs"),
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
        .Select(i => columns.Select(column => column.IsPrevious ? records.PreviousOf(i) is { } previous ? column.Of(previous) : TextTable.Missing : column.Of(records[i])).ToArray());

    private static ImmutableArray<Column> ColumnsOf(AggregatesResult result)
    {
        var (grouping, records) = (result.Query.GroupBy, result.Records);
        var figures = result.Query is { UserIds: null, WrapUpCodes: null } && (Groupings.DimensionsOf(records.GroupBy) & Dimensions.OfAgentSessions) == Dimensions.None ? Figures : FiguresOfAgents;
        return
        [
            .. grouping.Contains("queueId") ? [Text("QUEUE", row => row.Labels.QueueName ?? row.Labels.QueueId)] : Array.Empty<Column>(),
            .. grouping.Contains("divisionId") ? [Text("DIVISION", row => row.Labels.DivisionName ?? row.Labels.DivisionId)] : Array.Empty<Column>(),
            .. grouping.Contains("mediaType") ? [Text("MEDIA TYPE", row => row.Labels.MediaType)] : Array.Empty<Column>(),
            .. Dimension.Of(Groupings.DimensionsOf(records.GroupBy)).Select(dimension => Text(TitleOf(dimension), row => row.Labels.NameOf(dimension.Flag) ?? row.Labels.ValueOf(dimension.Flag))),
            .. result.Query.Granularity is null ? [] : new[] { Text("FROM", row => row.Bucket.LocalFrom) },
            .. figures,
            .. records.HasThreshold ? [Percent("WITHIN THRESHOLD", "serviceLevelWithin")] : Array.Empty<Column>(),
            .. records.HasPrevious ? figures.Select(column => column with { Title = $"PREV {column.Title}", IsPrevious = true }) : [],
            .. records.Requested.Select(metric => new Column(
                Title(metric.Metric), row => TextTable.Cell(row.Figures.Raw(metric) is { } raw ? raw.Count ?? raw.Ratio ?? raw.Target : null, "0.####"))),
        ];
    }

    /// <summary>For example <c>12 of 12 rows, complete, not final, simulated data</c>.</summary>
    private static string Facts(ResponseMeta meta) => string.Join(
        ", ",
        [
            string.Create(CultureInfo.InvariantCulture, $"{meta.Rows.Returned} of {meta.Rows.Total} rows"),
            meta.Complete ? "complete" : "INCOMPLETE",
            meta.Final ? "final" : "not final",
            .. meta.Stale ? ["STALE"] : Array.Empty<string>(),
            .. meta.Source == "simulator" ? ["simulated data"] : Array.Empty<string>(),
        ]);

    private static Column Text(string title, Func<RecordRow, string?> of) => new(title, row => TextTable.Cell(of(row))) { IsText = true };

    private static Column Whole(string title, string field)
    {
        var of = ((IntegerField)FieldOf(field)).Of;
        return new(title, row => TextTable.Cell(of(row.Figures), "0"));
    }

    private static Column Milliseconds(string title, string field) => Decimal(title, field, "0");

    private static Column Percent(string title, string field) => Decimal(title, field, "0.0%");

    private static Column Decimal(string title, string field, string format)
    {
        var of = ((DecimalField)FieldOf(field)).Of;
        return new(title, row => TextTable.Cell(of(row.Figures), format));
    }

    private static string TitleOf(Dimension dimension) =>
        dimension.Flag == Dimensions.User ? "AGENT" : string.Concat(dimension.Name.Select(letter => char.IsUpper(letter) ? $" {letter}" : $"{char.ToUpperInvariant(letter)}"));

    private static string Title(string metric) =>
        $"{metric.ToUpperInvariant()} {(MetricCatalog.KindOf(metric) == MetricKind.Ratio ? "RATIO" : metric == "oServiceTarget" ? "TARGET" : "COUNT")}";

    private static FigureField FieldOf(string name) => RecordFields.Figures.Concat(RecordFields.Within).Single(field => field.Name == name);

    private sealed record Column(string Title, Func<RecordRow, string> Of)
    {
        /// <summary>Text starts at the left, numbers end at the right.</summary>
        public bool IsText { get; init; }

        public bool IsPrevious { get; init; }
    }
}
