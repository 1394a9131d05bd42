using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Configures CORS, which is disabled unless origins are configured. The service accepts no cookies, so a page does not get the rights of its user. A page
/// needs its own key or token, or is an anonymous caller.
/// </summary>
internal static class CorsSetup
{
    public const string AnyOrigin = "*";

    /// <summary>
    /// The request headers that a page may send. Last-Event-ID resumes a stream: a page that sends a key reads streams with fetch, which does not set this header.
    /// Clients of the Model Context Protocol send the headers after it.
    /// </summary>
    private static readonly string[] RequestHeaders =
    [
        ApiKeyAuthenticator.Header, "Authorization", "Accept", "Content-Type", "If-None-Match", "Prefer", "Last-Event-ID",
        "MCP-Protocol-Version", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name",
    ];

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(2);

    public static void AddCrossOrigin(this IServiceCollection services)
    {
        services.AddOptions<CorsPolicyOptions>().BindConfiguration(CorsPolicyOptions.Section);
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<CorsPolicyOptions>>((cors, settings) => cors.AddDefaultPolicy(policy => Configure(policy, settings.Value.Origins)));
    }

    /// <summary>
    /// Adds <c>Origin</c> to the Vary header of every response, if some origins are listed. The CORS middleware adds it only if the request has an Origin. A
    /// cache could then send a stored response to a request without an Origin, which has no CORS headers, to the page of a listed origin. Must run before
    /// everything that can send a response. The header is added when the response starts, after the endpoint and the CORS middleware have set theirs.
    /// </summary>
    public static void UseVaryByOrigin(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<CorsPolicyOptions>>().Value.Origins;
        if (origins.Count == 0 || origins.Contains(AnyOrigin))
        {
            return;
        }

        app.Use((context, next) =>
        {
            context.Response.OnStarting(AddOrigin, context.Response.Headers);
            return next(context);
        });
    }

    /// <summary>Must run before authentication, because preflight requests have no credentials.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CorsPolicyOptions>>().Value.Origins.Count > 0)
        {
            app.UseCors();
        }
    }

    private static Task AddOrigin(object state)
    {
        var headers = (IHeaderDictionary)state;
        if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        return Task.CompletedTask;
    }

    private static void Configure(CorsPolicyBuilder policy, List<string> origins)
    {
        _ = origins.Contains(AnyOrigin) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. origins]);
        policy
            .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Delete)
            .WithHeaders(RequestHeaders)
            .WithExposedHeaders(
                "ETag", "Retry-After", RateLimitHeaders.Limit, RateLimitHeaders.Policy, "WWW-Authenticate", "Server-Timing",
                "X-Slices", "X-Upstream", "X-Data-As-Of", "X-Data-Complete", "X-Data-Final", "X-Data-Stale", "X-Row-Count", "X-Total-Count", "Content-Disposition", "Location", "Preference-Applied")
            .SetPreflightMaxAge(PreflightLifetime);
    }
}

/// <summary>Settings for CORS.</summary>
internal sealed class CorsPolicyOptions
{
    public const string Section = "Cors";

    /// <summary>Exact origins, or <c>*</c>. If the list is empty, a browser lets only the pages of the service itself read responses.</summary>
    public List<string> Origins { get; set; } = [];
}
