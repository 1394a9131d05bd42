using Microsoft.AspNetCore.Http.Features;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Answers HEAD like GET, without the body: everything below sees a GET, so that status and headers are the same for every endpoint, page and
/// problem. It comes after the request log, which shows HEAD, and before routing.
/// </summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) => HttpMethods.IsHead(http.Request.Method) ? WithoutBodyAsync(http) : next(http);

    private async Task WithoutBodyAsync(HttpContext http)
    {
        var (method, body) = (http.Request.Method, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        http.Request.Method = HttpMethods.Get;
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
