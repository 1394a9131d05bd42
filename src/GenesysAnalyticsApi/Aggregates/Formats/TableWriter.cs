using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;
using Wcwidth;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Writes a table for a terminal: the figures that a team looks at first, in aligned columns. Wide characters count as two columns, as terminals show
/// them. The last line says how old and how complete the figures are.
/// </summary>
internal sealed class TableWriter : IResponseWriter
{
    private const string Gap = "  ";
    private const string Missing = "-";

    private static readonly ImmutableArray<TableColumn> Figures =
    [
        Whole("INTERACTIONS", "totalInteractions"),
        Milliseconds("AVG HANDLE (MS)", "averageHandleTimeMs"),
        Milliseconds("AVG WAIT (MS)", "averageWaitTimeMs"),
        Percent("SERVICE LEVEL", "serviceLevel"),
        Percent("ABANDON RATE", "abandonRate"),
    ];

    /// <summary>What belongs to the queue has no agent and no wrap-up code.</summary>
    private static readonly ImmutableArray<TableColumn> FiguresOfAgents =
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
        return Task.FromResult(ResponseBody.Of(Format, text.Append("As of ").ToString(), result.Meta.AsOf ?? Missing, $": {Facts(result.Meta)}.\n"));
    }

    private static void WriteRows(StringBuilder text, AggregatesResult result)
    {
        var columns = ColumnsOf(result);
        string[][] rows = [[.. columns.Select(column => column.Title)], .. RowsOf(result.Records, columns), .. result.TotalRecords is { } totals ? RowsOf(totals, columns) : []];
        if (result.TotalRecords is not null)
        {
            rows[^1][0] = columns[0].IsText ? "TOTAL" : rows[^1][0];
        }

        var widths = columns.Select((_, i) => rows.Max(row => Width(row[i]))).ToArray();
        foreach (var row in rows)
        {
            var line = string.Join(Gap, row.Select((cell, i) => Padded(cell, widths[i], columns[i].IsText)));
            text.Append(line.TrimEnd()).Append('\n');
        }

        foreach (var warning in result.Meta.Warnings)
        {
            text.Append("Warning: ").Append(DisplayText.Of(warning.Message)).Append('\n');
        }
    }

    private static IEnumerable<string[]> RowsOf(RecordList records, ImmutableArray<TableColumn> columns) => Enumerable.Range(0, records.Count)
        .Select(i => columns.Select(column => column.IsPrevious ? records.PreviousOf(i) is { } previous ? column.Of(previous) : Missing : column.Of(records[i])).ToArray());

    private static ImmutableArray<TableColumn> ColumnsOf(AggregatesResult result)
    {
        var (grouping, records) = (result.Query.GroupBy, result.Records);
        var figures = result.Query is { UserIds: null, WrapUpCodes: null } && (Groupings.DimensionsOf(records.GroupBy) & Dimensions.OfAgentSessions) == Dimensions.None ? Figures : FiguresOfAgents;
        return
        [
            .. grouping.Contains("queueId") ? [Text("QUEUE", row => row.Labels.QueueName ?? row.Labels.QueueId)] : Array.Empty<TableColumn>(),
            .. grouping.Contains("divisionId") ? [Text("DIVISION", row => row.Labels.DivisionName ?? row.Labels.DivisionId)] : Array.Empty<TableColumn>(),
            .. grouping.Contains("mediaType") ? [Text("MEDIA TYPE", row => row.Labels.MediaType)] : Array.Empty<TableColumn>(),
            .. Dimension.Of(Groupings.DimensionsOf(records.GroupBy)).Select(dimension => Text(TitleOf(dimension), row => row.Labels.NameOf(dimension.Flag) ?? row.Labels.ValueOf(dimension.Flag))),
            .. result.Query.Granularity is null ? [] : new[] { Text("FROM", row => row.Bucket.LocalFrom) },
            .. figures,
            .. records.HasThreshold ? [Percent("WITHIN THRESHOLD", "serviceLevelWithin")] : Array.Empty<TableColumn>(),
            .. records.HasPrevious ? figures.Select(column => column with { Title = $"PREV {column.Title}", IsPrevious = true }) : [],
            .. records.Requested.Select(metric => new TableColumn(
                Title(metric.Metric), row => Printed(row.Figures.Raw(metric) is { } raw ? raw.Count ?? raw.Ratio ?? raw.Target : null, "0.####"))),
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

    private static TableColumn Text(string title, Func<RecordRow, string?> of) => new(title, row => of(row) is { } text ? DisplayText.Of(text) : Missing) { IsText = true };

    private static TableColumn Whole(string title, string field)
    {
        var of = ((IntegerField)FieldOf(field)).Of;
        return new(title, row => Printed(of(row.Figures), "0"));
    }

    private static TableColumn Milliseconds(string title, string field) => Decimal(title, field, "0");

    private static TableColumn Percent(string title, string field) => Decimal(title, field, "0.0%");

    private static TableColumn Decimal(string title, string field, string format)
    {
        var of = ((DecimalField)FieldOf(field)).Of;
        return new(title, row => Printed(of(row.Figures), format));
    }

    private static string TitleOf(Dimension dimension) =>
        dimension.Flag == Dimensions.User ? "AGENT" : string.Concat(dimension.Name.Select(letter => char.IsUpper(letter) ? $" {letter}" : $"{char.ToUpperInvariant(letter)}"));

    private static string Title(string metric) =>
        $"{metric.ToUpperInvariant()} {(MetricCatalog.KindOf(metric) == MetricKind.Ratio ? "RATIO" : metric == "oServiceTarget" ? "TARGET" : "COUNT")}";

    private static FigureField FieldOf(string name) => RecordFields.Figures.Concat(RecordFields.Within).Single(field => field.Name == name);

    private static string Printed(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? Missing;

    private static string Padded(string cell, int width, bool isText)
    {
        var padding = new string(' ', width - Width(cell));
        return isText ? cell + padding : padding + cell;
    }

    /// <summary>The columns that a terminal needs for the text. A character without a width of its own, such as a combining accent, needs none.</summary>
    private static int Width(string text) => text.EnumerateRunes().Sum(rune => Math.Max(0, UnicodeCalculator.GetWidth(rune)));

    private sealed record TableColumn(string Title, Func<RecordRow, string> Of)
    {
        /// <summary>Text starts at the left, numbers end at the right.</summary>
        public bool IsText { get; init; }

        public bool IsPrevious { get; init; }
    }
}
