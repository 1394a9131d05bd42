using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Text;
using Wcwidth;

namespace GenesysAnalyticsApi.Reconciliation.Exports;

/// <summary>Writes a compared export as text for people: what differs, what was not compared, and a last line with the result.</summary>
internal static class ExportTable
{
    private const string Gap = "  ";
    private const string None = "-";
    private const int TextColumns = 5;

    private static readonly string[] Titles = ["LINE", "QUEUE", "MEDIA TYPE", "FROM", "COLUMN", "EXPORT", "AGGREGATES", "DIFFERENCE", "CAUSE"];

    public static string Of(ExportResponse response, DateTimeZone zone)
    {
        var text = new StringBuilder();
        if (response.Records.Count > 0)
        {
            WriteRows(text, [Titles, .. response.Records.Select(record => TextsOf(record, zone))]);
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

        foreach (var warning in response.Meta.Warnings)
        {
            text.Append("Warning: ").Append(DisplayText.Of(warning.Message)).Append('\n');
        }

        return text.Append(Result(response.Meta)).Append('\n').ToString();
    }

    private static string Result(ExportMeta meta)
    {
        var (total, equal, explained, unexplained) = meta.Values;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{total} values of {meta.ComparedRows} rows compared: {equal} equal, {explained} explained, {unexplained} unexplained. Aggregates as of {meta.AggregatesAsOf ?? None}{(meta.Source == "simulator" ? ", simulated data" : "")}.");
    }

    private static string[] TextsOf(ExportValue record, DateTimeZone zone) =>
    [
        record.Line.ToString(CultureInfo.InvariantCulture),
        Shown(record.QueueName ?? record.QueueId),
        record.MediaTypes is [] ? "all" : string.Join(',', record.MediaTypes),
        InstantFormat.Parse(record.From, zone, _ => { }) is { } from ? InstantFormat.PrintLocal(from.InZone(zone).LocalDateTime) : record.From,
        Shown(record.Header),
        Printed(record.Export),
        Printed(record.Aggregates),
        Printed(record.Difference),
        record.Cause ?? "equal",
    ];

    private static void WriteRows(StringBuilder text, string[][] rows)
    {
        var widths = Titles.Select((_, i) => rows.Max(row => Width(row[i]))).ToArray();
        foreach (var row in rows)
        {
            text.Append(string.Join(Gap, row.Select((one, i) => Padded(one, widths[i], isText: i is > 0 and < TextColumns || i == row.Length - 1))).TrimEnd()).Append('\n');
        }
    }

    private static string Shown(string name) => InputExcerpt.OfName(DisplayText.Of(name));

    private static string Printed(double? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? None;

    private static string Padded(string one, int width, bool isText)
    {
        var padding = new string(' ', width - Width(one));
        return isText ? one + padding : padding + one;
    }

    /// <summary>The columns that a terminal needs for the text.</summary>
    private static int Width(string text) => text.EnumerateRunes().Sum(rune => Math.Max(0, UnicodeCalculator.GetWidth(rune)));
}
