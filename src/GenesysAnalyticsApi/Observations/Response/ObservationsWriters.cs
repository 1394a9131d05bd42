using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Formats;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Observations.Request;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>Writes a response in the format of its query.</summary>
internal static class ObservationsWriters
{
    private static readonly ImmutableArray<(string Name, Func<ObservationRecord, object?> Value)> Columns =
    [
        ("queueId", record => record.QueueId),
        ("queueName", record => record.QueueName),
        ("divisionId", record => record.DivisionId),
        ("divisionName", record => record.DivisionName),
        ("mediaType", record => record.MediaType),
        ("waiting", record => record.Waiting),
        ("interacting", record => record.Interacting),
        ("alerting", record => record.Alerting),
        ("longestWaitMs", record => record.LongestWaitMs),
        ("longestInteractionMs", record => record.LongestInteractionMs),
        ("onQueueUsers", record => record.OnQueueUsers),
        ("activeUsers", record => record.ActiveUsers),
        ("memberUsers", record => record.MemberUsers),
        ("offQueueUsers", record => record.OffQueueUsers),
        ("usersByPresence", record => Print(record.UsersByPresence)),
        ("usersByRoutingStatus", record => Print(record.UsersByRoutingStatus)),
    ];

    public static byte[] Write(ObservationsResponse response, ObservationsQuery query) =>
        query.Format == ResponseFormat.Json ? JsonSerializer.SerializeToUtf8Bytes(response, ObservationsJson.Default.ObservationsResponse)
        : query.Format == ResponseFormat.Csv ? Csv(response, query.ByteOrderMark)
        : Ndjson(response);

    /// <summary>One record a line, and warnings and meta on the last line.</summary>
    private static byte[] Ndjson(ObservationsResponse response)
    {
        using var lines = new MemoryStream();
        foreach (var record in response.Records)
        {
            JsonSerializer.Serialize(lines, record, ObservationsJson.Default.ObservationRecord);
            lines.WriteByte((byte)'\n');
        }

        JsonSerializer.Serialize(lines, new ObservationsMetaLine(response.Warnings, response.Meta), ObservationsJson.Default.ObservationsMetaLine);
        lines.WriteByte((byte)'\n');
        return lines.ToArray();
    }

    private static byte[] Csv(ObservationsResponse response, bool hasByteOrderMark)
    {
        using var target = new MemoryStream();
        if (hasByteOrderMark)
        {
            target.Write("\uFEFF"u8);
        }

        using (var csv = CsvWriter.Create(target, CsvResponseWriter.Options, leaveOpen: true))
        {
            WriteLine(csv, Columns.Select(column => (object?)column.Name));
            foreach (var record in response.Records)
            {
                WriteLine(csv, Columns.Select(column => column.Value(record)));
            }
        }

        return target.ToArray();
    }

    private static void WriteLine(CsvWriter csv, IEnumerable<object?> cells)
    {
        foreach (var cell in cells)
        {
            CsvResponseWriter.WriteText(csv, cell is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : (string?)cell);
        }

        csv.EndRecord();
    }

    /// <summary>Such as <c>AVAILABLE=3;ON_QUEUE=14</c>.</summary>
    private static string? Print(IReadOnlyDictionary<string, int>? users) =>
        users is null ? null : string.Join(';', users.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key}={part.Value}")));
}
