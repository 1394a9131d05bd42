using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>Rejects a request whose declared body length or URL is too large, before the body is read.</summary>
internal sealed class RequestSizeMiddleware(RequestDelegate next, IOptions<LimitsOptions> limits, ProblemWriter writer)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength > limits.Value.BodyBytes)
        {
            return writer.WriteAsync(context, Problems.BodyTooLarge(limits.Value.BodyBytes));
        }

        var address = (context.Request.Path.Value?.Length ?? 0) + (context.Request.QueryString.Value?.Length ?? 0);
        return address > LimitsOptions.UrlCharacters ? writer.WriteAsync(context, Problems.UrlTooLong(address, LimitsOptions.UrlCharacters)) : next(context);
    }
}
