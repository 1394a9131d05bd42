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

/// <summary>What the service is measured against: the same bytes and headers for every request, made by nobody.</summary>
internal static class Baseline
{
    /// <param name="withMiddleware">With the request log, telemetry, error handling and limits of the service; else nothing but Kestrel.</param>
    public static async Task<WebApplication> StartAsync(string url, SentBytes sent, bool withMiddleware)
    {
        var app = withMiddleware ? WithMiddleware(sent) : KestrelOnly(sent);
        app.Urls.Add(url);
        await app.StartAsync();
        return app;
    }

    private static WebApplication WithMiddleware(SentBytes sent)
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
        // A delegate that binds nothing: the least that an endpoint can do.
        app.MapGet("/aggregates", (RequestDelegate)(context => SendAsync(context, sent))).RequireScope(CallerScopes.Read);
        return app;
    }

    private static WebApplication KestrelOnly(SentBytes sent)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context => SendAsync(context, sent));
        return app;
    }

    private static Task SendAsync(HttpContext context, SentBytes sent)
    {
        foreach (var (name, value) in sent.Headers)
        {
            context.Response.Headers[name] = value;
        }

        // There is only one answer: who has one has this one.
        if (context.Request.Headers.IfNoneMatch.Count > 0)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentLength = sent.Body.Length;
        return context.Response.Body.WriteAsync(sent.Body).AsTask();
    }
}
