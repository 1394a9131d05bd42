using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// Serializes JSON completely before the first byte is sent. A value that cannot be serialized then results in a problem instead of a truncated 200.
/// </summary>
internal sealed class BufferedJsonResult<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.Length;
        return httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
