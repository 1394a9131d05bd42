using System.Globalization;
using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using NodaTime;
using Serilog;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What was done for one request, beside its answer.</summary>
internal readonly record struct AnswerEffort(int Cached, int Fetched, int Stale, int Failed, int Calls)
{
    public static AnswerEffort Of(IReadOnlyList<SliceOutcome> slices) => new(
        slices.Count(slice => slice.IsCached),
        slices.Count(slice => !slice.IsCached && !slice.IsFailed && !slice.IsStale),
        slices.Count(slice => slice.IsStale),
        slices.Count(slice => slice.IsFailed),
        slices.Sum(slice => slice.Calls));
}

/// <summary>Sends an answer: headers, a 304 where the caller has it already, the encoding the caller takes.</summary>
internal sealed class AnswerSending(GenesysBudget budget, IDiagnosticContext diagnostics, TimeProvider clock)
{
    private static readonly StringValues Vary = "Accept, Accept-Encoding, Authorization, X-Api-Key";

    public async Task SendAsync(HttpContext http, PreparedAnswer answer, AnswerEffort effort, long started)
    {
        diagnostics.Set("Rows", answer.Rows);
        diagnostics.Set("Slices", effort.Cached + effort.Fetched + effort.Stale + effort.Failed);
        diagnostics.Set("UpstreamCalls", effort.Calls);
        WriteHeaders(http.Response.Headers, answer, effort, started);
        if (IsKnown(http.Request, answer))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.Headers["X-Data-As-Of"] = answer.AsOf;
            http.Response.Headers["X-Data-Stale"] = answer.IsStale ? "true" : "false";
            return;
        }

        var encoding = ContentCoding.Best(http.Request.Headers.AcceptEncoding, answer.Body.Length);
        var body = answer.Encoded(encoding);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        if (encoding is not null)
        {
            http.Response.Headers.ContentEncoding = encoding;
        }

        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private void WriteHeaders(IHeaderDictionary headers, PreparedAnswer answer, AnswerEffort effort, long started)
    {
        var state = budget.State;
        var fresh = (long)(answer.DueAt - Instant.FromDateTimeOffset(clock.GetUtcNow())).TotalSeconds;
        headers.ETag = answer.ETag;
        headers.Vary = Vary;
        headers.CacheControl = answer.IsWhole ? string.Create(CultureInfo.InvariantCulture, $"private, max-age={Math.Max(5, fresh)}") : "no-store";
        headers["X-Slices"] = string.Create(
            CultureInfo.InvariantCulture, $"cached={effort.Cached}, fetched={effort.Fetched}, stale={effort.Stale}, failed={effort.Failed}");
        headers["X-Upstream"] = string.Create(
            CultureInfo.InvariantCulture, $"calls={effort.Calls}, used={state.Used}, allowed={state.Allowed}, reset={state.ResetSeconds}");
        headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"total;dur={clock.GetElapsedTime(started).TotalMilliseconds:0.0}");
    }

    private static bool IsKnown(HttpRequest request, PreparedAnswer answer)
    {
        if (request.Headers.IfNoneMatch.Count == 0 || !answer.IsWhole)
        {
            return false;
        }

        var own = EntityTagHeaderValue.Parse(answer.ETag);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var given)
            && given.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false));
    }
}
