using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// A JSON body that is made as a whole before its first byte leaves. What cannot be written (a number that JSON does not have) is then a
/// problem with a status of its own, and never a 200 that breaks off or goes on with another body.
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
