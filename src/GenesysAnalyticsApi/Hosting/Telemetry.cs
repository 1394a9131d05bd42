using System.Reflection;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys;
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
/// Metrics at <c>/metrics</c> for a Prometheus, and metrics and traces by OTLP where an endpoint is set; without either nothing is
/// gathered. OpenTelemetry's own settings (<c>OTEL_…</c>) hold.
/// </summary>
internal static class Telemetry
{
    public const string MetricsPath = "/metrics";

    private const string ServiceName = "genesys-analytics-api";

    /// <summary>Where metrics and traces are sent. None is set: they are not sent.</summary>
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
            serviceVersion: typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0],
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
        // Created before the counters, so that their initial 0 is recorded.
        _ = app.Services.GetService<MeterProvider>();
        if (MetricsAccess(app.Configuration) is not PageAccess.Off and var access)
        {
            // The exporter answers whatever method it is asked by.
            app.MapPrometheusScrapingEndpoint(MetricsPath).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).RequirePageAccess(access);
        }
    }

    private static void Add(MeterProviderBuilder metrics, bool isShown, bool isSent)
    {
        metrics.AddMeter(ServiceMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
        if (isShown)
        {
            // Every figure of ours has its origin in its name.
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
        // They are asked every few seconds, and there is nothing to be seen in them.
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

    // A value that is none is told with the other settings, which are looked at later.
    private static PageAccess MetricsAccess(IConfiguration configuration) =>
        Enum.TryParse<PageAccess>(configuration[$"{AuthOptions.Section}:{nameof(AuthOptions.Metrics)}"], ignoreCase: true, out var access)
            ? access
            : new AuthOptions().Metrics;

    private static bool IsSent(ConfigurationManager configuration) => Endpoints.Any(key => !string.IsNullOrWhiteSpace(configuration[key]));
}
