using GenesysAnalyticsApi.OpenApi;
using Microsoft.Extensions.Primitives;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary><c>RateLimit</c> and <c>RateLimit-Policy</c> from the IETF draft (draft-ietf-httpapi-ratelimit-headers).</summary>
internal static class RateLimitHeaders
{
    public const string Limit = "RateLimit";
    public const string Policy = "RateLimit-Policy";

    public static readonly HeaderMetadata LimitMetadata = new(
        Limit, "The caller's remaining rate limit: r requests now, the full limit in t seconds.", "\"caller\";r=1187;t=1");

    public static readonly HeaderMetadata PolicyMetadata = new(Policy, "The caller's rate limit: q requests in w seconds.", "\"caller\";q=1200;w=60");

    private static readonly object SavedKey = new();

    public static void Write(HttpContext context, string policy, TokenBucketState left)
    {
        context.Response.Headers[Policy] = policy;
        context.Response.Headers[Limit] = left.ToString();
    }

    /// <summary>
    /// Saves the headers of a failed request, because the error handler clears them. Called from an exception filter, so that successful requests pay
    /// nothing.
    /// </summary>
    /// <returns>False: the exception is not caught.</returns>
    public static bool Save(HttpContext context)
    {
        context.Items[SavedKey] = (context.Response.Headers[Policy], context.Response.Headers[Limit]);
        return false;
    }

    public static void Restore(HttpContext context)
    {
        if (context.Items[SavedKey] is (StringValues policy, StringValues limit))
        {
            context.Response.Headers[Policy] = policy;
            context.Response.Headers[Limit] = limit;
        }
    }
}
