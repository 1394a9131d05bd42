using System.IO.Compression;
using GenesysAnalyticsApi.Aggregates.Request;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Sends an answer: headers, a 304 where the caller has it already, the encoding the caller takes.</summary>
internal sealed class ResponseSender(ResponseHeaders headers, ResponseTelemetry telemetry, IOptions<AggregatesOptions> options, TimeProvider clock)
{
    /// <summary>It has too many records for a whole of it to be held.</summary>
    public bool IsStreamed(AggregatesResult answered) => answered.Records.Count > options.Value.StreamRows;

    public Task SendAsync(HttpContext http, CachedResponse answer, FetchStatistics effort, long started)
    {
        Begin(http, answer.Labels, effort, wasReady: ReferenceEquals(effort, answer.Again), started);
        http.Response.Headers.ETag = answer.ETag;
        if (IsKnown(http.Request, answer))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.Headers["X-Data-As-Of"] = answer.Labels.AsOf;
            http.Response.Headers["X-Data-Stale"] = answer.Labels.IsStale ? "true" : "false";
            return Task.CompletedTask;
        }

        var encoding = ContentCoding.Best(http.Request.Headers.AcceptEncoding, answer.Body.Length);
        var body = answer.Encoded(encoding);
        http.Response.ContentLength = body.Length;
        Describe(http.Response, encoding);

        // Without a token: who goes away ends the writing too, and to ask for one makes a source of it for each request.
        return http.Response.Body.WriteAsync(body).AsTask();
    }

    /// <summary>
    /// Sends it as it is written, at the pace of the caller: nowhere is there a whole of it. It has no tag, which is of the whole. Who goes away
    /// ends it.
    /// </summary>
    public async Task StreamAsync(HttpContext http, AggregatesResult answered, FetchStatistics effort, long started)
    {
        Begin(http, new ResponseFreshness(answered), effort, wasReady: false, started);
        var encoding = ContentCoding.Best(http.Request.Headers.AcceptEncoding, int.MaxValue);
        Describe(http.Response, encoding);
        await using var encoder = encoding is null ? null : ContentCoding.Encoder(encoding, http.Response.Body);
        await ResponseJsonWriter.WriteAsync(encoder ?? http.Response.Body, answered.Query, answered.Meta, answered.Records, http.RequestAborted);
    }

    private void Begin(HttpContext http, ResponseFreshness labels, FetchStatistics effort, bool wasReady, long started)
    {
        http.Features.Set(effort.Facts);
        headers.Write(http, labels, effort, started);
        telemetry.Answered(labels, effort, wasReady, Instant.FromDateTimeOffset(clock.GetUtcNow()));
    }

    private static void Describe(HttpResponse response, string? encoding)
    {
        response.ContentType = "application/json; charset=utf-8";
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }
    }

    private static bool IsKnown(HttpRequest request, CachedResponse answer)
    {
        var given = request.Headers.IfNoneMatch;
        if (given.Count == 0 || !answer.Labels.IsWhole)
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

/// <summary>Which content coding a caller gets.</summary>
internal static class ContentCoding
{
    private const int WorthIt = 1024;

    /// <summary><c>br</c> or <c>gzip</c>, whichever the caller likes better; null for none.</summary>
    public static string? Best(StringValues acceptEncoding, int length)
    {
        if (length < WorthIt || acceptEncoding.Count == 0 || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted))
        {
            return null;
        }

        var (brotli, gzip) = (Quality(accepted, "br"), Quality(accepted, "gzip"));
        return brotli > 0 && brotli >= gzip ? "br" : gzip > 0 ? "gzip" : null;
    }

    /// <summary>What is written to it arrives at the target in that coding. The target stays open.</summary>
    public static Stream Encoder(string coding, Stream target) => coding == "br"
        ? new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true)
        : new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);

    private static double Quality(IList<StringWithQualityHeaderValue> accepted, string coding) =>
        (accepted.FirstOrDefault(value => value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(value => value.Value == "*")) is { } found ? found.Quality ?? 1 : 0;
}
