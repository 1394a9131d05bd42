using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Hosting.Logging;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>The reference servers: they send a recorded response of the service for every request, without computing anything.</summary>
internal static class Baseline
{
    /// <param name="withMiddleware">
    /// Whether the server has the request log, telemetry, error handling, authentication and rate limits of the service. Otherwise it is Kestrel only.
    /// </param>
    public static async Task<WebApplication> StartAsync(string url, RecordedResponse response, bool withMiddleware)
    {
        var app = withMiddleware ? WithMiddleware(response) : KestrelOnly(response);
        app.Urls.Add(url);
        await app.StartAsync();
        return app;
    }

    private static WebApplication WithMiddleware(RecordedResponse response)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddSettings();
        builder.AddLog();
        builder.AddTelemetry();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddErrors();
        builder.Services.AddSecurity();
        builder.Services.AddOpenApi();
        var app = builder.Build();
        app.UseRequestLog();
        app.UseErrors();
        app.UseSecurity();
        app.UseOpenApi();
        app.MapMetrics();
        // A delegate without parameter binding is the cheapest endpoint.
        app.MapGet("/aggregates", (RequestDelegate)(context => SendAsync(context, response))).RequireScope(CallerScopes.Read);
        return app;
    }

    private static WebApplication KestrelOnly(RecordedResponse response)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context => SendAsync(context, response));
        return app;
    }

    private static Task SendAsync(HttpContext context, RecordedResponse response)
    {
        foreach (var (name, value) in response.Headers)
        {
            context.Response.Headers[name] = value;
        }

        // There is only one response, so any ETag is the current one.
        if (context.Request.Headers.IfNoneMatch.Count > 0)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentLength = response.Body.Length;
        return context.Response.Body.WriteAsync(response.Body).AsTask();
    }
}
