using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Formats;
using GenesysAnalyticsApi.Observations.Request;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>Writes a table for a terminal: the figures that a supervisor looks at first. The last line states their age and completeness.</summary>
internal static class ObservationsTextTable
{
    private static readonly ImmutableArray<(string Title, string Column)> Conversations =
        [("WAITING", "waiting"), ("LONGEST WAIT (MS)", "longestWaitMs"), ("ALERTING", "alerting"), ("INTERACTING", "interacting")];

    private static readonly ImmutableArray<(string Title, string Column)> Users =
        [("ON QUEUE", "onQueueUsers"), ("OFF QUEUE", "offQueueUsers"), ("MEMBERS", "memberUsers"), ("BY ROUTING STATUS", "usersByRoutingStatus")];

    public static string Of(ObservationsResponse response, ObservationsQuery query)
    {
        var text = new StringBuilder();
        (string Title, TableColumn<ObservationRecord> Column)[] columns =
        [
            .. query.ByQueue ? [("QUEUE", new TextColumn<ObservationRecord>("queue", record => record.QueueName ?? record.QueueId))] : Array.Empty<(string, TableColumn<ObservationRecord>)>(),
            .. (query.ByMediaType ? [("MEDIA TYPE", "mediaType"), .. Conversations] : Conversations).Concat(query.ByQueue ? Users : [])
                .Select(column => (column.Title, ObservationColumns.All.Single(candidate => candidate.Name == column.Column))),
        ];
        TextTable.Write(
            text, [[.. columns.Select(column => column.Title)], .. response.Records.Select(record => columns.Select(column => TextTable.Cell(column.Column, record, "0")).ToArray())], i => columns[i].Column is TextColumn<ObservationRecord>);
        TextTable.WriteWarnings(text, response.Warnings.Select(warning => warning.Message));
        return text.Append(LastLineOf(response)).ToString();
    }

    /// <summary>For example <c>As of 2026-11-23T09:15:02.386Z, 3.2 s ago: 12 rows, complete, simulated data.</c></summary>
    private static string LastLineOf(ObservationsResponse response)
    {
        var meta = response.Meta;
        var facts = TextTable.Facts(
            string.Create(CultureInfo.InvariantCulture, $"{response.Records.Count} row{(response.Records.Count == 1 ? "" : "s")}"),
            meta.Complete ? "complete" : "INCOMPLETE",
            meta.Stale ? "STALE" : null,
            meta.Upstream == "simulator" ? "simulated data" : null);
        return string.Create(CultureInfo.InvariantCulture, $"As of {MillisecondInstantConverter.Print(meta.AsOf)}, {meta.AgeMs / 1000.0:0.0} s ago: {facts}.\n");
    }
}
