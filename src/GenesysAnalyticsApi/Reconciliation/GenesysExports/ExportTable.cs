using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Formats;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>Writes a compared export as text for people: the values, the columns and rows that were not compared, and a last line with the result.</summary>
internal static class ExportTable
{
    private const int TextColumns = 5;

    private static readonly string[] Titles = ["LINE", "QUEUE", "MEDIA TYPE", "FROM", "COLUMN", "EXPORT", "AGGREGATES", "DIFFERENCE", "CAUSE"];

    public static string Of(ExportResponse response, DateTimeZone zone)
    {
        var text = new StringBuilder();
        if (response.Records.Count > 0)
        {
            TextTable.Write(text, [Titles, .. response.Records.Select(record => TextsOf(record, zone))], i => i is > 0 and < TextColumns || i == Titles.Length - 1);
            text.Append(response.Meta.Rows is var rows && rows.Returned < rows.Total ? $"and {rows.Total - rows.Returned} more\n\n" : "\n");
        }

        foreach (var column in response.Columns.Where(column => column.NotCompared is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"Not compared: column {column.Number} '{Shown(column.Header)}': {column.NotCompared}.\n");
        }

        foreach (var row in response.NotCompared)
        {
            text.Append(CultureInfo.InvariantCulture, $"Not compared: line {row.Line}{(row.Queue.Length > 0 ? $" '{Shown(row.Queue)}'" : "")}: {row.Reason}.\n");
        }

        TextTable.WriteWarnings(text, response.Meta.Warnings.Select(warning => warning.Message));
        return text.Append(Result(response.Meta)).Append('\n').ToString();
    }

    private static string Result(ExportMeta meta)
    {
        var (total, equal, explained, unexplained) = meta.Values;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{total} values of {meta.ComparedRows} rows compared: {equal} equal, {explained} explained, {unexplained} unexplained. Aggregates as of {meta.AggregatesAsOf ?? TextTable.Missing}{(meta.Source == "simulator" ? ", simulated data" : "")}.");
    }

    private static string[] TextsOf(ExportValue record, DateTimeZone zone) =>
    [
        record.Line.ToString(CultureInfo.InvariantCulture),
        Shown(record.QueueName ?? record.QueueId),
        record.MediaTypes is [] ? "all" : string.Join(',', record.MediaTypes),
        InstantFormat.Parse(record.From, zone, _ => { }) is { } from ? InstantFormat.PrintLocal(from.InZone(zone).LocalDateTime) : record.From,
        Shown(record.Header),
        TextTable.Cell(record.Export, "0.####"),
        TextTable.Cell(record.Aggregates, "0.####"),
        TextTable.Cell(record.Difference, "0.####"),
        record.Cause ?? "equal",
    ];

    private static string Shown(string name) => InputExcerpt.OfName(DisplayText.Of(name));
}
