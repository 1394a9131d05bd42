using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Provides metrics at <c>/metrics</c> for Prometheus unless <c>Auth:Metrics</c> is <c>Off</c>, and sends metrics and traces over OTLP if an endpoint is set.
/// Without either, nothing is collected. The settings of OpenTelemetry itself (<c>OTEL_…</c>) apply.
/// </summary>
internal static class Telemetry
{
    public const string MetricsPath = "/metrics";

    private const string ServiceName = "genesys-analytics-api";

    /// <summary>The settings that state where metrics and traces are sent. If none of these settings is set, nothing is sent.</summary>
    public static IReadOnlyList<string> Endpoints { get; } = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var (isShown, isSent) = (MetricsAccess(builder.Configuration) != PageAccess.Off, IsSent(builder.Configuration));
        if (!isShown && !isSent)
        {
            return;
        }

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(
            builder.Configuration["OTEL_SERVICE_NAME"] ?? ServiceName,
            serviceVersion: ServiceVersion.Current,
            autoGenerateServiceInstanceId: false,
            serviceInstanceId: Environment.MachineName));
        telemetry.WithMetrics(metrics => Add(metrics, isShown, isSent));
        if (isSent)
        {
            telemetry.WithTracing(Add);
        }
    }

    public static void MapMetrics(this WebApplication app)
    {
        // The provider is created before the counters, so that it records their initial 0.
        _ = app.Services.GetService<MeterProvider>();
        if (MetricsAccess(app.Configuration) is not PageAccess.Off and var access)
        {
            // The methods are restricted here, because the exporter itself responds to every method.
            app.MapPrometheusScrapingEndpoint(MetricsPath).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).RequirePageAccess(access);
        }
    }

    private static void Add(MeterProviderBuilder metrics, bool isShown, bool isSent)
    {
        metrics.AddMeter(ServiceMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
        if (isShown)
        {
            // The name of each metric of this service already shows where the metric comes from.
            metrics.AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false);
        }

        if (isSent)
        {
            metrics.AddOtlpExporter();
        }
    }

    private static void Add(TracerProviderBuilder traces) => traces
        .AddSource(SliceTracing.SourceName, GenesysTracing.SourceName)
        .AddAspNetCoreInstrumentation(Describe)
        .AddOtlpExporter();

    private static void Describe(AspNetCoreTraceInstrumentationOptions requests)
    {
        // Requests for health and metrics arrive every few seconds, and their traces contain nothing of interest.
        requests.Filter = http => !http.Request.Path.StartsWithSegments(HealthEndpoints.Path, StringComparison.OrdinalIgnoreCase)
            && !http.Request.Path.StartsWithSegments(MetricsPath, StringComparison.OrdinalIgnoreCase);
        requests.EnrichWithHttpResponse = (activity, response) =>
        {
            if (response.HttpContext.User is CallerPrincipal { Caller: var caller })
            {
                activity.SetTag("caller", caller.Name);
            }
        };
    }

    // An invalid value is treated as the default here. SettingsValidation reports it later, together with other invalid settings.
    private static PageAccess MetricsAccess(IConfiguration configuration) =>
        Enum.TryParse<PageAccess>(configuration[$"{AuthOptions.Section}:{nameof(AuthOptions.Metrics)}"], ignoreCase: true, out var access)
            ? access
            : new AuthOptions().Metrics;

    private static bool IsSent(ConfigurationManager configuration) => Endpoints.Any(key => !string.IsNullOrWhiteSpace(configuration[key]));
}
