using GenesysAnalyticsApi.Text;
using ModelContextProtocol;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>
/// Writes the log to the console: readable lines in Development, one JSON object per line elsewhere. Sinks in the settings replace the console.
/// </summary>
internal static class LogRegistration
{
    /// <summary>The id of the event that the host logs if a hosted service does not start.</summary>
    private const int HostedServiceStartupFaulted = 11;

    /// <param name="isQuiet">Whether the log is disabled, because a command uses the console.</param>
    public static void AddLog(this WebApplicationBuilder builder, bool isQuiet = false)
    {
        if (isQuiet)
        {
            builder.Logging.ClearProviders();
            return;
        }

        if (builder.IsReadable())
        {
            builder.Services.AddSingleton(new BufferedStartupLog());
            builder.Services.AddHostedService<StartupAddressLog>();
        }

        // The static logger of Serilog stays unchanged, because one test process runs several hosts.
        builder.Services.AddSerilog((services, log) => Configure(log, builder, services), preserveStaticLogger: true);
    }

    private static void Configure(LoggerConfiguration log, WebApplicationBuilder builder, IServiceProvider services)
    {
        // The response reports a failing health check. One more line for every probe would flood the log.
        log.MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LevelAlias.Off);
        log.ReadFrom.Configuration(builder.Configuration).ReadFrom.Services(services).Enrich.FromLogContext();
        // This enricher is added last, so that it also changes the properties that the other enrichers add.
        log.Enrich.With<LogRedactionEnricher>();
        // Startup reports these failures without a stack trace. At the Debug level, the log contains them with their stack traces too.
        log.Filter.ByExcluding(logEvent => IsReportedByStartup(logEvent) && !builder.IsVerbose());
        // The reply of /mcp reports these mistakes of callers, and callers must not be able to cause errors in the log.
        log.Filter.ByExcluding(logEvent => logEvent.Exception is McpProtocolException { ErrorCode: not McpErrorCode.InternalError } && !builder.IsVerbose());

        if (builder.IsReadable())
        {
            // StartupAddressLog logs the address instead of these messages of the host.
            log.Filter.ByExcluding(logEvent => IsFromHost(logEvent) && !builder.IsVerbose());
            log.WriteTo.Sink(services.GetRequiredService<BufferedStartupLog>().Wrap(
                LoggerSinkConfiguration.CreateSink(console => console.Console(ReadableLog.Formatter))));
        }
        else if (!builder.HasSinks())
        {
            log.WriteTo.Console(new CompactJsonFormatter());
        }
    }

    private static bool IsReadable(this WebApplicationBuilder builder) => builder.Environment.IsDevelopment() && !builder.HasSinks();

    /// <summary>Whether the settings configure sinks, which replace the console.</summary>
    private static bool HasSinks(this WebApplicationBuilder builder) => builder.Configuration.GetSection("Serilog:WriteTo").Exists();

    private static bool IsVerbose(this WebApplicationBuilder builder) =>
        Enum.TryParse<LogEventLevel>(builder.Configuration["Serilog:MinimumLevel:Default"] ?? builder.Configuration["Serilog:MinimumLevel"], ignoreCase: true, out var level)
        && level <= LogEventLevel.Debug;

    private static bool IsFromHost(LogEvent logEvent) =>
        logEvent.Level == LogEventLevel.Information && logEvent.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: "Microsoft.Hosting.Lifetime" };

    /// <summary>Whether the event is a failure that <see cref="Startup.ExplainAsync"/> reports without a stack trace.</summary>
    private static bool IsReportedByStartup(LogEvent logEvent) =>
        logEvent.Exception is not null
        && logEvent.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" }
        && logEvent.Properties.GetValueOrDefault("EventId") is StructureValue { Properties: var id }
        && id.Any(part => part is { Name: "Id", Value: ScalarValue { Value: HostedServiceStartupFaulted } });
}
