using GenesysAnalyticsApi.Configuration;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Refuses what is too large by its own account, before anything is read.</summary>
internal sealed class RequestLimits(RequestDelegate next, IOptions<LimitsOptions> limits, ProblemWriter writer)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength > limits.Value.BodyBytes)
        {
            return writer.WriteAsync(context, Problems.BodyTooLarge(limits.Value.BodyBytes));
        }

        if (context.Features.Get<IHttpRequestFeature>()?.RawTarget.Length > LimitsOptions.UrlCharacters)
        {
            return writer.WriteAsync(context, Problems.UrlTooLong(LimitsOptions.UrlCharacters));
        }

        return next(context);
    }
}
