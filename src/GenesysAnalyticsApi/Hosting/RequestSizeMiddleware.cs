using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using Microsoft.Extensions.Options;

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

        var address = Length(context.Request.Path.Value) + Length(context.Request.QueryString.Value);
        if (address > LimitsOptions.UrlCharacters)
        {
            return writer.WriteAsync(context, Problems.UrlTooLong(address, LimitsOptions.UrlCharacters));
        }

        return next(context);
    }

    private static int Length(string? part) => part?.Length ?? 0;
}
