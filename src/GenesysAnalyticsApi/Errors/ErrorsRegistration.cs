using Microsoft.AspNetCore.Diagnostics;

namespace GenesysAnalyticsApi.Errors;

internal static class ErrorsRegistration
{
    public static void AddErrors(this IServiceCollection services)
    {
        services.AddSingleton<ProblemWriter>();
        services.AddOptions<ErrorsOptions>().BindConfiguration(ErrorsOptions.Section);
        services.AddSingleton<ProblemExceptionHandler>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<ProblemExceptionHandler>());
        services.AddSingleton<IDeveloperPageExceptionFilter, DeveloperPageReplacement>();
        // In Development a wrong parameter would throw, elsewhere it would be a bare 400: the same everywhere.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>Methods are case-sensitive (RFC 9110, 9.1). Routing is not, nor are the pages.</summary>
    public static void UseKnownMethods(this WebApplication app) =>
        app.Use((context, next) => Problems.FromMethod(context.Request.Method) is { } problem
            ? context.RequestServices.GetRequiredService<ProblemWriter>().WriteAsync(context, problem)
            : next(context));

    public static void UseErrors(this WebApplication app)
    {
        // The handler never declines; the delegate is what the middleware insists on having behind it.
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context =>
            Problems.FromStatus(context.HttpContext.Response.StatusCode) is { } problem
                ? context.HttpContext.RequestServices.GetRequiredService<ProblemWriter>().WriteAsync(context.HttpContext, problem)
                : Task.CompletedTask);
    }
}
