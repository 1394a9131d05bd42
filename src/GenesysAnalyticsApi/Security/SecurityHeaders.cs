using Microsoft.Extensions.Primitives;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Adds security headers to every response. The headers forbid content sniffing, frames, referrers, and loading any content, with two exceptions: the page and
/// Swagger UI may load content from this service, and Swagger UI may also use inline styles.
/// </summary>
internal static class SecurityHeaders
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues NoFrames = "DENY";
    private static readonly StringValues ApiPolicy = "default-src 'none'; frame-ancestors 'none'";

    private static readonly StringValues PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    private static readonly StringValues SwaggerPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers when the response starts, because the exception handler clears the headers of a failed response.</summary>
    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use((context, next) =>
        {
            context.Response.OnStarting(Write, context);
            return next(context);
        });

    private static Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = NoReferrer;
        headers.XFrameOptions = NoFrames;
        headers.ContentSecurityPolicy = PolicyOf(context.Request.Path);
        return Task.CompletedTask;
    }

    private static StringValues PolicyOf(PathString path) =>
        path.Value is "/" or "/index.html" ? PagePolicy
        : path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase) ? SwaggerPolicy
        : ApiPolicy;
}
