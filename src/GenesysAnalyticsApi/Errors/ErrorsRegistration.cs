using System.Collections.Frozen;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Errors;

internal static class ErrorsRegistration
{
    private static readonly FrozenSet<string> Methods =
        FrozenSet.ToFrozenSet(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"], StringComparer.Ordinal);

    public static void AddErrors(this IServiceCollection services)
    {
        services.AddSingleton<ProblemWriter>();
        services.AddOptions<ErrorsOptions>().BindConfiguration(ErrorsOptions.Section);
        services.AddSingleton<ProblemExceptionHandler>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<ProblemExceptionHandler>());
        services.AddSingleton<IDeveloperPageExceptionFilter, DeveloperPageReplacement>();
        // By default, invalid parameters cause an exception in Development and an empty 400 elsewhere. This setting causes the exception in every environment.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>
    /// Rejects requests with an unknown method, such as <c>get</c>. HTTP methods are case-sensitive (RFC 9110, 9.1), but without this check, routing and the
    /// middleware for Swagger UI and static files would accept any case.
    /// </summary>
    public static void UseKnownMethods(this WebApplication app) =>
        app.Use((context, next) => Methods.Contains(context.Request.Method)
            ? next(context)
            : context.RequestServices.GetRequiredService<ProblemWriter>().WriteAsync(context, UnknownMethod(context.Request.Method)));

    public static void UseErrors(this WebApplication app)
    {
        // ProblemExceptionHandler handles every exception, but the middleware requires a fallback.
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context =>
        {
            // Routing does not know that HeadMiddleware makes each address with GET accept HEAD too.
            if (context.HttpContext.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed } response
                && response.Headers.GetCommaSeparatedValues(HeaderNames.Allow) is var allowed && allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
            {
                response.Headers.Allow = string.Join(", ", allowed.Append(HttpMethods.Head));
            }

            return ProblemFactory.FromStatus(context.HttpContext.Response.StatusCode, contentType: context.HttpContext.Request.ContentType) is { } problem
                ? context.HttpContext.RequestServices.GetRequiredService<ProblemWriter>().WriteAsync(context.HttpContext, problem)
                : Task.CompletedTask;
        });
    }

    private static Problem UnknownMethod(string method) =>
        ProblemFactory.UnknownMethod(method, knownMethod: Methods.TryGetValue(method.ToUpperInvariant(), out var known) ? known : null);
}
