using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>
/// The columns of flat formats: the fields of the JSON record under the same names. <c>usersByPresence</c> and <c>usersByRoutingStatus</c> are strings such as
/// <c>AVAILABLE=3;ON_QUEUE=14</c>.
/// </summary>
internal static class ObservationColumns
{
    public static readonly ImmutableArray<TableColumn<ObservationRecord>> All =
    [
        Text("queueId", record => record.QueueId),
        Text("queueName", record => record.QueueName),
        Text("divisionId", record => record.DivisionId),
        Text("divisionName", record => record.DivisionName),
        Text("mediaType", record => record.MediaType),
        Integer("waiting", record => record.Waiting),
        Integer("interacting", record => record.Interacting),
        Integer("alerting", record => record.Alerting),
        Integer("longestWaitMs", record => record.LongestWaitMs),
        Integer("longestInteractionMs", record => record.LongestInteractionMs),
        Integer("onQueueUsers", record => record.OnQueueUsers),
        Integer("activeUsers", record => record.ActiveUsers),
        Integer("memberUsers", record => record.MemberUsers),
        Integer("offQueueUsers", record => record.OffQueueUsers),
        Text("usersByPresence", record => Print(record.UsersByPresence)),
        Text("usersByRoutingStatus", record => Print(record.UsersByRoutingStatus)),
    ];

    private static TextColumn<ObservationRecord> Text(string name, Func<ObservationRecord, string?> valueOf) => new(name, valueOf);

    private static IntegerColumn<ObservationRecord> Integer(string name, Func<ObservationRecord, long?> valueOf) => new(name, valueOf);

    private static string? Print(IReadOnlyDictionary<string, int>? users) =>
        users is null ? null : string.Join(';', users.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key}={part.Value}")));
}
