using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>Checks the settings of OpenTelemetry itself, because OpenTelemetry ignores a value that it cannot parse and uses its default instead.</summary>
internal static class TelemetryOptionsValidator
{
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    public static void Check(IConfiguration configuration, SettingsReport report)
    {
        foreach (var key in Telemetry.Endpoints)
        {
            if (configuration[key]?.Trim() is { Length: > 0 } endpoint
                && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
            {
                // The value is not shown, because it can contain credentials.
                report.Add(key, "(value not shown) is not the address of a collector. Give one such as http://collector:4317.");
            }
        }

        if (configuration[Protocol] is { Length: > 0 } protocol && !Protocols.Contains(protocol.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            report.Add(Protocol, protocol, $"is none of {string.Join(", ", Protocols)}.");
        }
    }
}
