using GenesysAnalyticsApi.OpenApi;
using Microsoft.Extensions.Primitives;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary><c>RateLimit</c> and <c>RateLimit-Policy</c>, as the IETF drafts them (draft-ietf-httpapi-ratelimit-headers).</summary>
internal static class RateLimitHeaders
{
    public const string Limit = "RateLimit";
    public const string Policy = "RateLimit-Policy";

    public static readonly HeaderMetadata LimitFacts = new(
        Limit, "What is left of the caller's share: r requests now, all of them again in t seconds.", "\"caller\";r=1187;t=1");

    public static readonly HeaderMetadata PolicyFacts = new(Policy, "The caller's share: q requests in w seconds.", "\"caller\";q=1200;w=60");

    private static readonly object Kept = new();

    public static void Write(HttpContext context, string policy, TokenBucketState left)
    {
        context.Response.Headers[Policy] = policy;
        context.Response.Headers[Limit] = left.ToString();
    }

    /// <summary>
    /// The error handler clears the headers of what has failed; for an exception on its way there they are put aside. Asked as its
    /// filter, so that answers without one pay nothing.
    /// </summary>
    /// <returns>False: nothing is caught.</returns>
    public static bool Keep(HttpContext context)
    {
        context.Items[Kept] = (context.Response.Headers[Policy], context.Response.Headers[Limit]);
        return false;
    }

    public static void Restore(HttpContext context)
    {
        if (context.Items[Kept] is (StringValues policy, StringValues limit))
        {
            context.Response.Headers[Policy] = policy;
            context.Response.Headers[Limit] = limit;
        }
    }
}
