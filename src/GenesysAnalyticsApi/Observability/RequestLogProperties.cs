using Serilog.Events;

namespace GenesysAnalyticsApi.Observability;

/// <summary>
/// What a feature tells about a request in its line of the log, beyond what every line has. A feature of the request; it can be
/// shared by all requests of which it is true.
/// </summary>
internal sealed class RequestLogProperties(int rows, int slices, int upstreamCalls)
{
    private const string Rows = "Rows";
    private const string Slices = "Slices";
    private const string UpstreamCalls = "UpstreamCalls";

    public static readonly string[] Names = [Rows, Slices, UpstreamCalls];

    public LogEventProperty[] Properties { get; } =
    [
        new(Rows, new ScalarValue(rows)),
        new(Slices, new ScalarValue(slices)),
        new(UpstreamCalls, new ScalarValue(upstreamCalls)),
    ];
}
