using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Http.Extensions;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>Writes the log to the console: readable text in Development, otherwise one JSON object per line.</summary>
internal static class Logging
{
    private static readonly LogEventProperty[] NobodyKnown = [];

    /// <param name="isQuiet">Disables the log, because a command uses the console for its own output.</param>
    public static void AddLog(this WebApplicationBuilder builder, bool isQuiet = false)
    {
        if (isQuiet)
        {
            builder.Logging.ClearProviders();
            return;
        }

        if (builder.IsRead())
        {
            builder.Services.AddSingleton(new BufferedStartupLog());
            builder.Services.AddHostedService<StartupAddressLog>();
        }

        // The static logger is preserved, because a test process runs several hosts.
        builder.Services.AddSerilog((services, log) => Configure(log, builder, services), preserveStaticLogger: true);
    }

    public static void UseRequestLog(this WebApplication app) =>
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} responded {StatusCode} in {Elapsed:0.0} ms";
            options.GetMessageTemplateProperties = (context, _, elapsed, status) =>
            [
                new("RequestMethod", new ScalarValue(context.Request.Method)),
                // Includes the query, encoded so that it cannot start a new line. LogRedactionEnricher masks a key in it.
                new("RequestPath", new ScalarValue(context.Request.GetEncodedPathAndQuery())),
                new("StatusCode", new ScalarValue(status)),
                new("Elapsed", new ScalarValue(elapsed)),
                .. context.User is CallerPrincipal { LogProperty: var caller } ? [caller] : NobodyKnown,
                .. context.Features.Get<RequestLogProperties>()?.Properties ?? [],
            ];
            options.GetLevel = (context, _, exception) => LevelOf(context, exception);
        });

    private static void Configure(LoggerConfiguration log, WebApplicationBuilder builder, IServiceProvider services)
    {
        // A failing health check is in the response; a log line for every probe would flood the log.
        log.MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LevelAlias.Off);
        log.ReadFrom.Configuration(builder.Configuration).ReadFrom.Services(services).Enrich.FromLogContext();
        // Last, so that it also covers the properties that other enrichers add.
        log.Enrich.With<LogRedactionEnricher>();
        // Startup prints the reason for a failed start. The event with the stack trace is logged only at level Debug or below.
        log.Filter.ByExcluding(one => Startup.IsTold(one) && !builder.IsLookedAtClosely());

        if (builder.IsRead())
        {
            // StartupAddressLog replaces the lifetime messages of the host.
            log.Filter.ByExcluding(one => IsOfHost(one) && !builder.IsLookedAtClosely());
            log.WriteTo.Sink(services.GetRequiredService<BufferedStartupLog>().Before(
                LoggerSinkConfiguration.CreateSink(console => console.Console(ReadableLog.Formatter))));
        }
        else if (!builder.HasSinks())
        {
            log.WriteTo.Console(new CompactJsonFormatter());
        }
    }

    /// <summary>Whether a person is expected to read the console.</summary>
    private static bool IsRead(this WebApplicationBuilder builder) => builder.Environment.IsDevelopment() && !builder.HasSinks();

    /// <summary>Whether sinks are configured. They then replace the console.</summary>
    private static bool HasSinks(this WebApplicationBuilder builder) => builder.Configuration.GetSection("Serilog:WriteTo").Exists();

    private static bool IsLookedAtClosely(this WebApplicationBuilder builder) =>
        Enum.TryParse<LogEventLevel>(builder.Configuration["Serilog:MinimumLevel:Default"] ?? builder.Configuration["Serilog:MinimumLevel"], ignoreCase: true, out var level)
        && level <= LogEventLevel.Debug;

    private static bool IsOfHost(LogEvent one) =>
        one.Level == LogEventLevel.Information && one.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: "Microsoft.Hosting.Lifetime" };

    /// <summary>
    /// Health and metrics requests arrive every few seconds, so they are logged at Debug. Only a fault of this service is an error; another status
    /// above 500 is a warning, because its cause has its own log line.
    /// </summary>
    private static LogEventLevel LevelOf(HttpContext context, Exception? exception) => (exception, context.Response.StatusCode) switch
    {
        (not null, _) or (_, StatusCodes.Status500InternalServerError) => LogEventLevel.Error,
        // The client sent an unknown method; this says nothing about the state of the service.
        (_, StatusCodes.Status501NotImplemented) => LogEventLevel.Information,
        (_, > 500) => LogEventLevel.Warning,
        _ when context.Request.Path.StartsWithSegments(HealthEndpoints.Path, StringComparison.OrdinalIgnoreCase)
            || context.Request.Path.StartsWithSegments(Telemetry.MetricsPath, StringComparison.OrdinalIgnoreCase) => LogEventLevel.Debug,
        _ => LogEventLevel.Information,
    };
}
