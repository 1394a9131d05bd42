using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Http.Extensions;
using Serilog;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>Writes one line for each request: its text, its properties and its level.</summary>
internal static class RequestLog
{
    private static readonly LogEventProperty[] NoCaller = [];

    public static void UseRequestLog(this WebApplication app) =>
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} responded {StatusCode} in {Elapsed:0.0} ms";
            options.GetMessageTemplateProperties = (context, _, elapsed, status) =>
            [
                new("RequestMethod", new ScalarValue(context.Request.Method)),
                // The path and the query are encoded, so they cannot break the line. LogRedactionEnricher masks keys and names in the query.
                new("RequestPath", new ScalarValue(context.Request.GetEncodedPathAndQuery())),
                new("StatusCode", new ScalarValue(status)),
                new("Elapsed", new ScalarValue(elapsed)),
                .. context.User is CallerPrincipal { LogProperty: var caller } ? [caller] : NoCaller,
                .. context.Features.Get<RequestCost>()?.Properties ?? [],
            ];
            options.GetLevel = (context, _, exception) => LevelOf(context, exception);
        });

    /// <summary>
    /// Returns the level of the log line of a request. Only a failure of this service is an error. Requests for health and metrics without a server error have
    /// the level Debug, because they arrive every few seconds.
    /// </summary>
    private static LogEventLevel LevelOf(HttpContext context, Exception? exception) => (exception, context.Response.StatusCode) switch
    {
        (not null, _) or (_, StatusCodes.Status500InternalServerError) => LogEventLevel.Error,
        // An unknown method is a mistake of the caller, and callers must not be able to cause warnings.
        (_, StatusCodes.Status501NotImplemented) => LogEventLevel.Information,
        (_, > 500) => LogEventLevel.Warning,
        _ when context.Request.Path.StartsWithSegments(HealthEndpoints.Path, StringComparison.OrdinalIgnoreCase)
            || context.Request.Path.StartsWithSegments(Telemetry.MetricsPath, StringComparison.OrdinalIgnoreCase) => LogEventLevel.Debug,
        _ => LogEventLevel.Information,
    };
}
