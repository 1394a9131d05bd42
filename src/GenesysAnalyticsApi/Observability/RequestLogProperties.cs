using Serilog.Events;

namespace GenesysAnalyticsApi.Observability;

/// <summary>
/// Adds properties to the log line of a request. It is set as a feature of the <c>HttpContext</c>; requests with the same numbers can share an instance.
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
