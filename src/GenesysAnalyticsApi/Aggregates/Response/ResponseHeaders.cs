using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Serilog.Events;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Writes the headers that all responses with figures have.</summary>
internal sealed class ResponseHeaders(GenesysRateLimiter budget, TimeProvider clock)
{
    private static readonly StringValues Vary = "Accept, Accept-Encoding, Authorization, X-Api-Key";
    private static readonly StringValues NoStore = "no-store";
    private static readonly string[] Trailers =
        ["X-Slices", "X-Upstream", "Server-Timing", "X-Data-As-Of", "X-Data-Complete", "X-Data-Final", "X-Data-Stale", "X-Row-Count"];

    /// <summary>Describes the headers in the OpenAPI document.</summary>
    public static HeaderMetadata[] Descriptions { get; } =
    [
        new("X-Slices", "Number of slices by source: cached (fresh in the cache), fetched (from Genesys), stale (from the cache, although no longer fresh) or failed (missing). In a response that is read in segments, this header, X-Upstream, Server-Timing, X-Row-Count and the X-Data headers are trailers, provided that the protocol supports them.", "cached=0, fetched=1, stale=0, failed=0"),
        new("X-Upstream", "Only with the operator scope. calls: Genesys requests for this response. For all callers together, used: Genesys requests in the last minute; allowed: Genesys requests allowed per minute; reset: seconds until the oldest of the used requests no longer counts.", "calls=1, used=12, allowed=300, reset=41"),
        new("Server-Timing", "The time in milliseconds that the service spent on the response.", "total;dur=412.7"),
        new("ETag", "Weak: identifies the figures and their labels. If a request sends the ETag in If-None-Match, the response is a 304 if the figures and labels are unchanged and no data is stale, missing or omitted. A streamed response (more than Aggregates:StreamRows records) has no ETag.", "W/\"9a59f81bcd4800b19f38d281fa5c40d5\""),
        new("X-Data-As-Of", "Formats other than JSON: the fetch time of the oldest data that can still change, or of the oldest data if all of it is final, as in meta.asOf.", "2026-11-23T09:15:02Z"),
        new("X-Data-Complete", "Formats other than JSON: whether every part of the interval is present and no statistic was omitted, as in meta.complete.", "true"),
        new("X-Data-Final", "Formats other than JSON: whether every record is final and no further record can appear, as in meta.final.", "true"),
        new("X-Data-Stale", "Formats other than JSON: whether some data could not be refreshed, as in meta.stale.", "false"),
        new("X-Row-Count", "Formats other than JSON: the number of records.", "1"),
        new("Cache-Control", "How long the response can be cached: usually until one of its slices must be fetched again. A response with stale, missing or omitted data, and a response that is read in segments, must not be stored.", "private, max-age=300"),
    ];

    public void Write(HttpContext http, ResponseFreshness labels, FetchStatistics statistics, long startTimestamp)
    {
        var headers = http.Response.Headers;
        headers.Vary = Vary;
        headers.CacheControl = labels.IsCacheable ? ResponseFreshness.CacheControl(Math.Clamp(SecondsUntil(labels.DueAt), 5, labels.MaxAgeSeconds)) : NoStore;
        WriteStatistics(headers, http, statistics, startTimestamp);
    }

    /// <summary>
    /// Writes the headers of a response whose data is not known yet. Such a response must not be cached, and the values of meta follow as trailers if the
    /// protocol supports trailers.
    /// </summary>
    /// <param name="trailers">The names of the trailers; null for the trailers of figures.</param>
    public static void Begin(HttpResponse response, string? trailers = null)
    {
        (response.Headers.Vary, response.Headers.CacheControl) = (Vary, NoStore);
        if (response.SupportsTrailers())
        {
            response.DeclareTrailer(trailers ?? string.Join(", ", Trailers));
        }
    }

    /// <summary>Writes the trailers that <see cref="Begin"/> declared.</summary>
    public void WriteTrailers(HttpContext http, ResponseFreshness labels, FetchStatistics statistics, long startTimestamp)
    {
        if (http.Features.Get<IHttpResponseTrailersFeature>() is { Trailers: { IsReadOnly: false } trailers })
        {
            WriteStatistics(trailers, http, statistics, startTimestamp);
            WriteMeta(trailers, labels);
        }
    }

    private void WriteStatistics(IHeaderDictionary headers, HttpContext http, FetchStatistics statistics, long startTimestamp)
    {
        headers["X-Slices"] = statistics.Slices;
        if (http.CallerMay(CallerScopes.Operator))
        {
            // The header reveals the usage of all callers together, so only operators may see it.
            var state = budget.State;
            headers["X-Upstream"] = string.Create(CultureInfo.InvariantCulture, $"calls={statistics.Calls}, used={state.Used}, allowed={state.Allowed}, reset={state.ResetSeconds}");
        }

        headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"total;dur={clock.GetElapsedTime(startTimestamp).TotalMilliseconds:0.0}");
    }

    /// <summary>Writes the values of meta as headers, for formats other than JSON.</summary>
    public static void WriteMeta(IHeaderDictionary headers, ResponseFreshness labels)
    {
        if (labels.AsOf is { } asOf)
        {
            headers["X-Data-As-Of"] = asOf;
        }

        headers["X-Data-Complete"] = labels.HasGaps ? "false" : "true";
        headers["X-Data-Final"] = labels.IsFinal ? "true" : "false";
        headers["X-Data-Stale"] = labels.IsStale ? "true" : "false";
        headers["X-Row-Count"] = labels.Rows.ToString(CultureInfo.InvariantCulture);
    }

    private long SecondsUntil(Instant due) => (long)(due - Instant.FromDateTimeOffset(clock.GetUtcNow())).TotalSeconds;
}

/// <summary>Recognizes responses to HEAD. Endpoints that send a body while they read its data must not read the data for such a response.</summary>
internal static class HeadResponse
{
    /// <summary>Whether the response has only a status and headers: the middleware that turns a HEAD into a GET has replaced its body.</summary>
    public static bool IsToHead(this HttpResponse response) => response.Body == Stream.Null;
}

/// <summary>Freshness and completeness of the data in a response, for headers and telemetry.</summary>
internal sealed class ResponseFreshness(AggregatesResult result)
{
    /// <summary>When the first of the slices must be fetched again.</summary>
    public Instant DueAt { get; } = result.Slices.Select(slice => slice.DueAt).DefaultIfEmpty(Instant.MaxValue).Min();

    /// <summary>Whether no data is stale, missing or omitted. This service and callers may then cache the response.</summary>
    public bool IsCacheable { get; } = result.Meta.Complete && result.Slices.All(slice => !slice.IsFailed && !slice.IsStale);

    public string? AsOf { get; } = result.Meta.AsOf;

    public bool IsFinal { get; } = result.Meta.Final;

    public bool IsStale { get; } = result.Meta.Stale;

    /// <summary>Whether a slice is missing or a statistic was omitted.</summary>
    public bool HasGaps { get; } = !result.Meta.Complete;

    /// <summary>When the oldest figures that can still change were fetched; null if no figures can change.</summary>
    public Instant? OpenSince { get; } = result.OpenSince;

    /// <summary>
    /// The upper limit of <c>max-age</c>, regardless of <see cref="DueAt"/>: a missing metric can become available at any time, and included hours can
    /// begin. No slice is fresh for longer than a day, but <see cref="DueAt"/> can be later if the clock was set back.
    /// </summary>
    public long MaxAgeSeconds { get; } = result.LacksMetric || result.CanGainIncludedTime ? 60 : 86_400;

    public int Rows { get; } = result.Meta.Rows.Returned;

    public static string CacheControl(long seconds) => string.Create(CultureInfo.InvariantCulture, $"private, max-age={seconds}");
}

/// <summary>The cache hits, fetches and records of one request.</summary>
internal sealed class FetchStatistics(int rows, int cached, int fetched, int stale, int failed, int calls)
{
    public int Cached => cached;

    public int Fetched => fetched;

    public int Stale => stale;

    public int Failed => failed;

    /// <summary>Number of Genesys requests.</summary>
    public int Calls => calls;

    /// <summary>The value of the <c>X-Slices</c> header.</summary>
    public string Slices { get; private init; } = Text(cached, fetched, stale, failed);

    /// <summary>Properties for the request log.</summary>
    public RequestCost Cost { get; } = new(rows, cached + fetched + stale + failed, calls);

    /// <param name="visibility">If the caller cannot see every queue, the header counts all shards of a slice as one.</param>
    public static FetchStatistics Of(int rows, IEnumerable<SliceResult> slices, QueueVisibility visibility)
    {
        var all = slices.ToList();
        var (cached, fetched, stale, failed) = Count(all);
        var shown = visibility.IsAll ? (cached, fetched, stale, failed) : Count([.. all.GroupBy(slice => PartOf(slice.Slice)).Select(shards => shards.MaxBy(Severity)!)]);
        return new(rows, cached, fetched, stale, failed, all.Sum(slice => slice.Calls))
        {
            Slices = Text(shown.cached, shown.fetched, shown.stale, shown.failed),
        };
    }

    /// <summary>Returns the statistics of a cached response, which needs no Genesys request.</summary>
    public static FetchStatistics ForCachedResponse(int rows, IReadOnlyCollection<Slice> slices, QueueVisibility visibility) => new(rows, slices.Count, 0, 0, 0, 0)
    {
        Slices = Text(visibility.IsAll ? slices.Count : slices.DistinctBy(PartOf).Count(), 0, 0, 0),
    };

    private static SliceKey PartOf(Slice slice) => slice.Key with { Scope = QueueSharding.All };

    private static (int cached, int fetched, int stale, int failed) Count(List<SliceResult> slices) =>
    (
        slices.Count(slice => slice.IsCached),
        slices.Count(slice => !slice.IsCached && !slice.IsFailed && !slice.IsStale),
        slices.Count(slice => slice.IsStale),
        slices.Count(slice => slice.IsFailed)
    );

    // If the shards of a slice have different outcomes, the worst one is reported.
    private static int Severity(SliceResult slice) => slice.IsFailed ? 3 : slice.IsStale ? 2 : slice.IsCached ? 0 : 1;

    private static string Text(int cached, int fetched, int stale, int failed) =>
        string.Create(CultureInfo.InvariantCulture, $"cached={cached}, fetched={fetched}, stale={stale}, failed={failed}");
}

/// <summary>The <c>respond-async</c> preference of the <c>Prefer</c> header (RFC 7240): the caller accepts a job instead of waiting.</summary>
internal static class AsyncPreference
{
    public const string Header = "Prefer";

    public const string AppliedHeader = "Preference-Applied";

    public const string Name = "respond-async";

    /// <summary>Whether the header contains this preference. Other preferences are ignored, as the standard requires.</summary>
    /// <param name="header">All values of the header, separated by commas; null if the request has no such header.</param>
    public static bool IsIn(string? header) => (header ?? "").Split(',')
        .Any(preference => preference.Split(';')[0].Trim().Equals(Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Describes the 202 of an endpoint whose queries can become jobs.</summary>
    /// <param name="description">When the response is a job.</param>
    public static RouteHandlerBuilder WithAcceptedJob(this RouteHandlerBuilder endpoint, string description) => endpoint
        // Without the schema of the job: client generators expect one schema for all successful responses.
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(void)) { Description = $"{description} The body is that of GET /jobs/{{id}}." })
        .WithResponseHeaders(
            new("Location", "The address of the job.", "/jobs/5f0c2b7e9a414d0c8f5f6a3e2b1d4c90") { Status = StatusCodes.Status202Accepted },
            new("Retry-After", "Seconds after which to request the state of the job.", "6") { Status = StatusCodes.Status202Accepted },
            new(AppliedHeader, "The preference that was applied.", Name) { Status = StatusCodes.Status202Accepted })
        .WithProblems(ProblemType.TooManyJobs);
}

/// <summary>
/// What a request cost: its rows, slices and Genesys requests, for its log line. An instance is set as a feature of the <c>HttpContext</c>. Requests with the
/// same numbers can share an instance.
/// </summary>
internal sealed class RequestCost(int rows, int slices, int upstreamCalls)
{
    public LogEventProperty[] Properties { get; } =
    [
        new("Rows", new ScalarValue(rows)),
        new("Slices", new ScalarValue(slices)),
        new("UpstreamCalls", new ScalarValue(upstreamCalls)),
    ];
}
