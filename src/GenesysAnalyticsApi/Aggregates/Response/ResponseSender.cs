using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Sends responses: writes the headers, sends a 304 if the caller has the response already, and applies an accepted encoding.</summary>
internal sealed class ResponseSender(
    IEnumerable<IResponseWriter> writers, ResponseHeaders headers, ResponseTelemetry telemetry, IOptions<AggregatesOptions> options, TimeProvider clock)
{
    private readonly FrozenDictionary<ResponseFormat, IResponseWriter> _writers = writers.ToFrozenDictionary(writer => writer.Format);

    /// <summary>Whether the response has too many records to be buffered.</summary>
    public bool IsStreamed(AggregatesResult result) => result.Records.Count > options.Value.StreamRows;

    /// <summary>Writes the whole body.</summary>
    public Task<ResponseBody> WriteAsync(AggregatesResult result, ResponseFormat format) => _writers[format].WriteAsync(result);

    public Task SendAsync(HttpContext http, CachedResponse response, FetchStatistics statistics, long startTimestamp)
    {
        Begin(http, response.Format, response.Labels, statistics, wasCached: ReferenceEquals(statistics, response.HitStatistics), startTimestamp);
        http.Response.Headers.ETag = response.ETag;
        if (IsKnown(http.Request, response))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.Headers["X-Data-As-Of"] = response.Labels.AsOf;
            http.Response.Headers["X-Data-Stale"] = response.Labels.IsStale ? "true" : "false";
            return Task.CompletedTask;
        }

        var encoding = response.Format.IsCompressed ? null : ContentCoding.Best(http.Request.Headers.AcceptEncoding, response.Body.Plain.Length);
        var body = response.Body.In(encoding);
        http.Response.ContentLength = body.Length;
        Describe(http.Response, response.Format, encoding);

        // No token: a disconnect ends the write anyway, and reading RequestAborted would allocate a token source for each request.
        return http.Response.Body.WriteAsync(body).AsTask();
    }

    /// <summary>
    /// Streams the response at the pace of the caller, without buffering it. The response has no ETag, because an ETag needs the complete
    /// body. A disconnect cancels the write.
    /// </summary>
    public async Task StreamAsync(HttpContext http, AggregatesResult result, ResponseFormat format, FetchStatistics statistics, long startTimestamp)
    {
        Begin(http, format, new ResponseFreshness(result), statistics, wasCached: false, startTimestamp);
        var encoding = format.IsCompressed ? null : ContentCoding.Best(http.Request.Headers.AcceptEncoding, int.MaxValue);
        Describe(http.Response, format, encoding);
        await using var encoder = encoding is null ? null : ContentCoding.Encoder(encoding, http.Response.Body);
        await ((IStreamedWriter)_writers[format]).WriteAsync(encoder ?? http.Response.Body, result, http.RequestAborted);
    }

    /// <summary>
    /// Streams a response that is read in segments while it is sent. Sends the status and the headers at once, and the values of meta as trailers at the
    /// end. If a segment fails, the sequence of segments aborts the connection.
    /// </summary>
    /// <param name="segments">The last segment has the metadata of all segments.</param>
    public async Task StreamAsync(HttpContext http, IAsyncEnumerable<AggregatesResult> segments, ResponseFormat format, QueueVisibility visibility, long startTimestamp)
    {
        var encoding = BeginStream(http, format);
        await http.Response.StartAsync(http.RequestAborted);
        AggregatesResult? last = null;
        await using (var encoder = encoding is null ? null : ContentCoding.Encoder(encoding, http.Response.Body))
        {
            await ((ISegmentedWriter)_writers[format]).WriteAsync(encoder ?? http.Response.Body, segments.Select(segment => last = segment), http.RequestAborted);
        }

        if (!http.RequestAborted.IsCancellationRequested && last is not null)
        {
            var labels = new ResponseFreshness(last);
            var statistics = FetchStatistics.Of(labels.Rows, last.Slices, visibility);
            http.Features.Set(statistics.Cost);
            headers.WriteTrailers(http, labels, statistics, startTimestamp);
            telemetry.RecordResponse(labels, statistics, wasCached: false, Instant.FromDateTimeOffset(clock.GetUtcNow()));
        }
    }

    /// <summary>Writes the headers of a response whose data is read while it is sent.</summary>
    /// <param name="trailers">The names of the trailers; null for the trailers of figures.</param>
    /// <param name="fileName">The name under which a browser saves the file, without the extension.</param>
    /// <returns>The encoding of the body; null for none.</returns>
    public static string? BeginStream(HttpContext http, ResponseFormat format, string? trailers = null, string fileName = "aggregates")
    {
        ResponseHeaders.Begin(http.Response, trailers);
        var encoding = format.IsCompressed ? null : ContentCoding.Best(http.Request.Headers.AcceptEncoding, int.MaxValue);
        Describe(http.Response, format, encoding, fileName);
        return encoding;
    }

    private void Begin(HttpContext http, ResponseFormat format, ResponseFreshness labels, FetchStatistics statistics, bool wasCached, long startTimestamp)
    {
        http.Features.Set(statistics.Cost);
        headers.Write(http, labels, statistics, startTimestamp);
        if (format != ResponseFormat.Json)
        {
            ResponseHeaders.WriteMeta(http.Response.Headers, labels);
        }

        telemetry.RecordResponse(labels, statistics, wasCached, Instant.FromDateTimeOffset(clock.GetUtcNow()));
    }

    /// <summary>Writes the headers that describe the body.</summary>
    /// <param name="fileName">The name under which a browser saves the file, without the extension.</param>
    public static void Describe(HttpResponse response, ResponseFormat format, string? encoding, string fileName = "aggregates")
    {
        response.ContentType = format.ContentType;
        if (format.Extension is { } extension)
        {
            response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}.{extension}\"";
        }

        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }
    }

    private static bool IsKnown(HttpRequest request, CachedResponse response)
    {
        var etags = request.Headers.IfNoneMatch;
        if (etags.Count == 0 || !response.Labels.IsCacheable)
        {
            return false;
        }

        // Most callers send the ETag exactly as they received it, so only other values are parsed.
        return (etags.Count == 1 && etags[0] == response.ETag) || IsAmong(EntityTagHeaderValue.Parse(response.ETag), etags);
    }

    private static bool IsAmong(EntityTagHeaderValue own, StringValues etags) =>
        EntityTagHeaderValue.TryParseList(etags, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false));
}

/// <summary>Selects and applies the content coding of a response.</summary>
internal static class ContentCoding
{
    /// <summary>A shorter body is not worth compressing.</summary>
    private const int MinLength = 1024;

    /// <summary>Returns <c>br</c> or <c>gzip</c>, whichever the caller prefers, or null for no encoding.</summary>
    public static string? Best(StringValues acceptEncoding, int length)
    {
        if (length < MinLength || acceptEncoding.Count == 0 || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted))
        {
            return null;
        }

        var (brotli, gzip) = (Quality(accepted, "br"), Quality(accepted, "gzip"));
        return brotli > 0 && brotli >= gzip ? "br" : gzip > 0 ? "gzip" : null;
    }

    /// <summary>Returns a stream that encodes into the target and leaves the target open.</summary>
    public static Stream Encoder(string coding, Stream target) => coding == "br"
        ? new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true)
        : new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);

    private static double Quality(IList<StringWithQualityHeaderValue> accepted, string coding) =>
        (accepted.FirstOrDefault(value => value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(value => value.Value == "*")) is { } found ? found.Quality ?? 1 : 0;
}

/// <summary>A body in each content coding. A coding is applied on first use, and the result is stored.</summary>
internal sealed class EncodedBody(byte[] plain)
{
    private readonly Lazy<byte[]> _brotli = new(() => Encode("br", plain));
    private readonly Lazy<byte[]> _gzip = new(() => Encode("gzip", plain));

    public byte[] Plain => plain;

    /// <param name="coding">Null for no coding.</param>
    public byte[] In(string? coding) => coding switch
    {
        "br" => _brotli.Value,
        "gzip" => _gzip.Value,
        _ => plain,
    };

    private static byte[] Encode(string coding, byte[] plain)
    {
        using var target = new MemoryStream(plain.Length / 4);
        using (var encoder = ContentCoding.Encoder(coding, target))
        {
            encoder.Write(plain);
        }

        return target.ToArray();
    }
}

/// <summary>Telemetry of responses and their slices.</summary>
internal sealed class ResponseTelemetry
{
    private readonly Counter<long> _responses;
    private readonly Counter<long> _prepared;
    private readonly Counter<long> _slices;
    private readonly Histogram<double> _ages;

    public ResponseTelemetry(ServiceMeter meter)
    {
        _responses = meter.Counter("answers", "{answer}", "Responses with figures, including 304.", "data", "whole", "stale", "incomplete");
        _prepared = meter.Counter("answers.prepared", "{answer}", "Responses that were sent from the cache, without work per record.");
        _ages = meter.Histogram("answer.age", "Age of the oldest figures that can still change in a response, at the time of sending.", ServiceMeter.AgeBuckets);
        _slices = meter.Counter("slices", "{slice}", "Slices from which responses were computed.", "outcome", "cached", "fetched", "stale", "failed");
    }

    public void RecordResponse(ResponseFreshness labels, FetchStatistics statistics, bool wasCached, Instant now)
    {
        _responses.Add(1, new KeyValuePair<string, object?>("data", labels.HasGaps ? "incomplete" : labels.IsStale ? "stale" : "whole"));
        _prepared.Add(wasCached ? 1 : 0);
        Count("cached", statistics.Cached);
        Count("fetched", statistics.Fetched);
        Count("stale", statistics.Stale);
        Count("failed", statistics.Failed);
        if (labels.OpenSince is { } fetchedAt)
        {
            _ages.Record((now - fetchedAt).TotalSeconds);
        }
    }

    private void Count(string outcome, int slices)
    {
        if (slices > 0)
        {
            _slices.Add(slices, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
