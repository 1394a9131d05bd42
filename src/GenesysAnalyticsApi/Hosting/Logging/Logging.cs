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

/// <summary>The log goes to the console: readable where a developer looks at it, one JSON object a line everywhere else.</summary>
internal static class Logging
{
    private static readonly LogEventProperty[] NobodyKnown = [];

    /// <param name="isQuiet">Nothing is logged: a command has the console to itself.</param>
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

        // The static logger is left alone: several hosts live in one test process.
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
                // With the query, and encoded: nothing of it can break out of the line. A key pasted there is masked below.
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
        // Last, so that it sees what the others add.
        log.Enrich.With<LogRedactionEnricher>();
        // Told in words when the start ends (StartUp). The trace is for those who look closer.
        log.Filter.ByExcluding(one => Startup.IsTold(one) && !builder.IsLookedAtClosely());

        if (builder.IsRead())
        {
            // The address to open stands in for what the host says of itself.
            log.Filter.ByExcluding(one => IsOfHost(one) && !builder.IsLookedAtClosely());
            log.WriteTo.Sink(services.GetRequiredService<BufferedStartupLog>().Before(
                LoggerSinkConfiguration.CreateSink(console => console.Console(ReadableLog.Formatter))));
        }
        else if (!builder.HasSinks())
        {
            log.WriteTo.Console(new CompactJsonFormatter());
        }
    }

    /// <summary>Somebody sits before the console, as a rule a newcomer.</summary>
    private static bool IsRead(this WebApplicationBuilder builder) => builder.Environment.IsDevelopment() && !builder.HasSinks();

    /// <summary>Configured sinks are meant to be the only ones.</summary>
    private static bool HasSinks(this WebApplicationBuilder builder) => builder.Configuration.GetSection("Serilog:WriteTo").Exists();

    private static bool IsLookedAtClosely(this WebApplicationBuilder builder) =>
        Enum.TryParse<LogEventLevel>(builder.Configuration["Serilog:MinimumLevel:Default"] ?? builder.Configuration["Serilog:MinimumLevel"], ignoreCase: true, out var level)
        && level <= LogEventLevel.Debug;

    private static bool IsOfHost(LogEvent one) =>
        one.Level == LogEventLevel.Information && one.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: "Microsoft.Hosting.Lifetime" };

    /// <summary>Health and metrics are asked every few seconds; a refusal that has its own line is a warning; only a fault of ours is an error.</summary>
    private static LogEventLevel LevelOf(HttpContext context, Exception? exception) => (exception, context.Response.StatusCode) switch
    {
        (not null, _) or (_, StatusCodes.Status500InternalServerError) => LogEventLevel.Error,
        // Whoever sends a method that does not exist decides what is logged; it is no condition of the service.
        (_, StatusCodes.Status501NotImplemented) => LogEventLevel.Information,
        (_, > 500) => LogEventLevel.Warning,
        _ when context.Request.Path.StartsWithSegments(HealthEndpoints.Path, StringComparison.OrdinalIgnoreCase)
            || context.Request.Path.StartsWithSegments(Telemetry.MetricsPath, StringComparison.OrdinalIgnoreCase) => LogEventLevel.Debug,
        _ => LogEventLevel.Information,
    };
}
