using System.Globalization;
using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

internal static class SimulatorQueries
{
    public static readonly string[] Standard =
    [
        "nOffered", "nConnected", "nTransferred", "nBlindTransferred", "nConsultTransferred", "nOverSla", "nError", "nOutbound",
        "oServiceLevel", "oServiceTarget", "tAnswered", "tAbandon", "tShortAbandon", "tFlowOut", "tWait", "tAcd", "tAlert", "tHandle",
        "tTalkComplete", "tHeldComplete", "tAcw", "tDialing", "tContacting",
    ];

    public static JsonObject Query(DateTimeOffset from, DateTimeOffset to, params string[] metrics) => new()
    {
        ["interval"] = $"{Wire(from)}/{Wire(to)}",
        ["groupBy"] = new JsonArray("queueId", "mediaType"),
        ["metrics"] = new JsonArray([.. (metrics.Length == 0 ? Standard : metrics).Select(name => JsonValue.Create(name))]),
    };

    public static JsonObject DetailQuery(DateTimeOffset from, DateTimeOffset to, int pageSize = 100, int pageNumber = 1) => new()
    {
        ["interval"] = $"{Wire(from)}/{Wire(to)}",
        ["paging"] = new JsonObject { ["pageSize"] = pageSize, ["pageNumber"] = pageNumber },
    };

    public static JsonObject With(this JsonObject query, string name, JsonNode? value)
    {
        query[name] = value;
        return query;
    }

    public static JsonObject Only(this JsonObject query, Guid queueId) => query.With("filter", JsonNode.Parse(
        $$$"""{"type":"and","clauses":[{"type":"or","predicates":[{"dimension":"queueId","value":"{{{queueId}}}"}]}]}"""));

    public static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    public static long Stat(this JsonNode row, string metric, string statistic) =>
        row["metrics"]!.AsArray().FirstOrDefault(entry => entry!["metric"]!.GetValue<string>() == metric)?["stats"]?[statistic]?.GetValue<long>() ?? 0;

    public static string? Dimension(this JsonNode result, string name) => result["group"]![name]?.GetValue<string>();

    private static string Wire(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
