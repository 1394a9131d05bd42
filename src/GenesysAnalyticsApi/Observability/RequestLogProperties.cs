using Serilog.Events;

namespace GenesysAnalyticsApi.Observability;

/// <summary>
/// Adds properties to the log line of a request. An instance is set as a feature of the <c>HttpContext</c>. Requests with the same numbers can share an
/// instance.
/// </summary>
internal sealed class RequestLogProperties(int rows, int slices, int upstreamCalls)
{
    public LogEventProperty[] Properties { get; } =
    [
        new("Rows", new ScalarValue(rows)),
        new("Slices", new ScalarValue(slices)),
        new("UpstreamCalls", new ScalarValue(upstreamCalls)),
    ];
}
