namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary><c>RateLimit</c> and <c>RateLimit-Policy</c> from the IETF draft (draft-ietf-httpapi-ratelimit-headers).</summary>
internal static class RateLimitHeaders
{
    public const string Limit = "RateLimit";
    public const string Policy = "RateLimit-Policy";

    /// <summary>Set when the response starts, because the exception handler clears the headers of a failed response.</summary>
    public static void Write(HttpContext context, string policy, TokenBucketState left) => context.Response.OnStarting(() =>
    {
        context.Response.Headers[Policy] = policy;
        context.Response.Headers[Limit] = left.ToString();
        return Task.CompletedTask;
    });
}
