using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Handles HEAD like GET, but sends no body. The pipeline after this middleware sees a GET, so the status and headers of every endpoint, page and problem are
/// those of GET. Endpoints that read data while they send it recognize a HEAD by its body (<see cref="HeadResponse"/>) and read nothing. This
/// middleware comes after the request log, which shows HEAD, and before routing.
/// </summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    // HTTP methods are case-sensitive, and HttpMethods.IsHead accepts any case.
    public Task InvokeAsync(HttpContext http) => http.Request.Method == HttpMethods.Head ? WithoutBodyAsync(http) : next(http);

    private async Task WithoutBodyAsync(HttpContext http)
    {
        var (method, body) = (http.Request.Method, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        http.Request.Method = HttpMethods.Get;
        // A HEAD must not start a job.
        http.Request.Headers.Remove(AsyncPreference.Header);
        http.Response.Body = Stream.Null;
        try
        {
            await next(http);
        }
        finally
        {
            http.Features.Set(body);
            http.Request.Method = method;
        }
    }
}

/// <summary>Rejects a request with a URL that is too long or a declared body length that is too large, before the body is read.</summary>
internal sealed class RequestSizeMiddleware(RequestDelegate next, IOptions<RequestLimitsOptions> limits, ProblemWriter writer)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength > limits.Value.BodyBytes)
        {
            return writer.WriteAsync(context, ProblemFactory.BodyTooLarge(limits.Value.BodyBytes));
        }

        var length = (context.Request.Path.Value?.Length ?? 0) + (context.Request.QueryString.Value?.Length ?? 0);
        return length > RequestLimitsOptions.UrlCharacters ? writer.WriteAsync(context, ProblemFactory.UrlTooLong(length, RequestLimitsOptions.UrlCharacters)) : next(context);
    }
}
