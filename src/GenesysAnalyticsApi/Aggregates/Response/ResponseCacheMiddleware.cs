using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Sends a cached response before the endpoint parses any parameter. It comes after authorization, and only for endpoints with
/// <see cref="ServedFromResponseCache"/>.
/// </summary>
internal sealed class ResponseCacheMiddleware(RequestDelegate next, ResponseCache cache, ResponseSender sender, TimeProvider clock)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ServedFromResponseCache>() is null)
        {
            return next(http);
        }

        AcceptHeader.RequireJson(http.Request);
        var (now, started) = (Instant.FromDateTimeOffset(clock.GetUtcNow()), clock.GetTimestamp());
        return cache.Find(ResponseCacheKey.Of(http.Request.QueryString.Value ?? "", now, http.Caller().View), now) is { } cached
            ? sender.SendAsync(http, cached, cached.Again, started)
            : next(http);
    }
}

/// <summary>Marks an endpoint whose responses <see cref="ResponseCache"/> stores by their query string.</summary>
internal sealed record ServedFromResponseCache
{
    public static readonly ServedFromResponseCache Mark = new();
}
