using Serilog.Events;

namespace GenesysAnalyticsApi.Observability;

/// <summary>
/// What a request cost: its rows, slices and Genesys requests, for its log line. An instance is set as a feature of the <c>HttpContext</c>. Requests with the
/// same numbers can share an instance.
/// </summary>
internal sealed class RequestCost(int rows, int slices, int upstreamCalls)
{
    public LogEventProperty[] Properties { get; } =
    [
        new("Rows", new ScalarValue(rows)),
        new("Slices", new ScalarValue(slices)),
        new("UpstreamCalls", new ScalarValue(upstreamCalls)),
    ];
}
