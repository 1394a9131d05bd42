using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Writes a problem as <c>application/problem+json</c>.</summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json)
{
    public const string ContentType = "application/problem+json";

    public const string PagePath = "/problems";

    /// <summary>The maximum Retry-After in seconds. A retry every 2 minutes is cheap, and a caller that waits longer would notice a recovery late.</summary>
    private const int MaxRetryAfterSeconds = 120;

    public async Task WriteAsync(HttpContext context, Problem problem)
    {
        // The problem is serialized before anything is sent. If serialization fails, the problem can still be sent without its details.
        var body = BytesOf(context, problem);
        context.Response.StatusCode = problem.Status;
        // Problems must not be cached.
        context.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
        {
            // Rounded up, because a caller that retries too early is rejected again.
            context.Response.Headers.RetryAfter = Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, MaxRetryAfterSeconds).ToString(CultureInfo.InvariantCulture);
        }

        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private byte[] BytesOf(HttpContext context, Problem problem)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(Body(context, problem), ProblemJson.Plain.ProblemBody);
        }
        catch (Exception unwritable) when (unwritable is ArgumentException or InvalidOperationException or NotSupportedException or JsonException)
        {
            var plain = new Problem(problem.Name, problem.Status, problem.Title, Detail: null);
            return JsonSerializer.SerializeToUtf8Bytes(Body(context, plain), ProblemJson.Plain.ProblemBody);
        }
    }

    private ProblemBody Body(HttpContext context, Problem problem) => new()
    {
        Type = $"{PagePath}/{problem.Name}",
        Title = problem.Title,
        Status = problem.Status,
        Detail = problem.HttpRemedy is null ? problem.Detail : $"{problem.Detail} {problem.HttpRemedy}",
        TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
        Errors = problem.Errors,
        Upstream = problem.Upstream,
        Extensions = problem.Extensions.ToDictionary(
            member => member.Key, member => JsonSerializer.SerializeToElement(member.Value, json.Value.SerializerOptions)),
    };
}
