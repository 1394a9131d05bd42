using System.Globalization;
using CsvHelper;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>
/// Writes a reconciliation as CSV (RFC 4180, UTF-8): one line per figure of a cell, with the JSON names as column names. An empty field means null.
/// </summary>
internal static class ReconciliationCsv
{
    private static readonly string[] Columns =
    [
        "queueId", "queueName", "mediaType", "from", "to", "localFrom", "figure", "genesysMetric", "genesysStatistic", "conversationsMetric",
        "aggregates", "conversations", "difference", "cause",
    ];

    public static byte[] Of(ReconciliationResponse response)
    {
        using var target = new MemoryStream();
        using (var csv = CsvWriter.Create(target, CsvTable.Options, leaveOpen: true))
        {
            CsvTable.WriteHeader(csv, Columns);
            foreach (var cell in response.Records)
            {
                foreach (var figure in cell.Figures)
                {
                    Write(csv, cell, figure);
                }
            }
        }

        return target.ToArray();
    }

    private static void Write(CsvWriter csv, ReconciledCell cell, ReconciledFigure figure)
    {
        // Names, ids and media types come from Genesys, and a spreadsheet must not run them as formulas.
        CsvTable.WriteText(csv, cell.QueueId);
        CsvTable.WriteText(csv, cell.QueueName);
        CsvTable.WriteText(csv, cell.MediaType);
        csv.WriteField(cell.From);
        csv.WriteField(cell.To);
        csv.WriteField(cell.LocalFrom);
        csv.WriteField(figure.Figure);
        csv.WriteField(figure.GenesysMetric);
        csv.WriteField(figure.GenesysStatistic);
        csv.WriteField(figure.ConversationsMetric);
        csv.WriteField(Printed(figure.Aggregates));
        csv.WriteField(Printed(figure.Conversations));
        csv.WriteField(Printed(figure.Difference));
        csv.WriteField(figure.Cause);
        csv.EndRecord();
    }

    private static string? Printed(double? number) => number?.ToString(CultureInfo.InvariantCulture);
}
