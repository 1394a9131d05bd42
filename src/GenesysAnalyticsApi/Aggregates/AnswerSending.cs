using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Sends an answer: headers, a 304 where the caller has it already, the encoding the caller takes.</summary>
internal sealed class AnswerSending(AnswerHeaders headers, AggregatesMetrics metrics, TimeProvider clock)
{
    public Task SendAsync(HttpContext http, PreparedAnswer answer, AnswerEffort effort, long started)
    {
        http.Features.Set(effort.Facts);
        headers.Write(http, answer, effort, started);
        metrics.Answered(answer, effort, wasReady: ReferenceEquals(effort, answer.Again), Instant.FromDateTimeOffset(clock.GetUtcNow()));
        if (IsKnown(http.Request, answer))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.Headers["X-Data-As-Of"] = answer.AsOf;
            http.Response.Headers["X-Data-Stale"] = answer.IsStale ? "true" : "false";
            return Task.CompletedTask;
        }

        var encoding = ContentCoding.Best(http.Request.Headers.AcceptEncoding, answer.Body.Length);
        var body = answer.Encoded(encoding);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        if (encoding is not null)
        {
            http.Response.Headers.ContentEncoding = encoding;
        }

        // Without a token: who goes away ends the writing too, and to ask for one makes a source of it for each request.
        return http.Response.Body.WriteAsync(body).AsTask();
    }

    private static bool IsKnown(HttpRequest request, PreparedAnswer answer)
    {
        var given = request.Headers.IfNoneMatch;
        if (given.Count == 0 || !answer.IsWhole)
        {
            return false;
        }

        // Who asks again mostly sends back what it got; only another text has to be understood.
        return (given.Count == 1 && given[0] == answer.ETag) || IsAmong(EntityTagHeaderValue.Parse(answer.ETag), given);
    }

    private static bool IsAmong(EntityTagHeaderValue own, StringValues given) =>
        EntityTagHeaderValue.TryParseList(given, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false));
}
