using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.Extensions.Primitives;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>The headers that every response has.</summary>
internal sealed class ResponseHeaders(GenesysRateLimiter budget, TimeProvider clock)
{
    private static readonly StringValues Vary = "Accept, Accept-Encoding, Authorization, X-Api-Key";
    private static readonly StringValues NotKept = "no-store";

    public void Write(HttpContext http, ResponseFreshness labels, FetchStatistics effort, long started)
    {
        var headers = http.Response.Headers;
        headers.Vary = Vary;
        headers.CacheControl = labels.IsWhole ? ResponseFreshness.CacheControl(Math.Clamp(SecondsUntil(labels.DueAt), 5, labels.MostSeconds)) : NotKept;
        headers["X-Slices"] = effort.Slices;
        if (http.CallerMay(CallerScopes.Operator))
        {
            // What all callers together do is not each caller's business.
            var state = budget.State;
            headers["X-Upstream"] = string.Create(CultureInfo.InvariantCulture, $"calls={effort.Calls}, used={state.Used}, allowed={state.Allowed}, reset={state.ResetSeconds}");
        }

        headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"total;dur={clock.GetElapsedTime(started).TotalMilliseconds:0.0}");
    }

    private long SecondsUntil(Instant due) => (long)(due - Instant.FromDateTimeOffset(clock.GetUtcNow())).TotalSeconds;
}

/// <summary>What is true of an answer's data as a whole, for headers and for what is counted.</summary>
internal sealed class ResponseFreshness(AggregatesResult answered)
{
    /// <summary>When the first of its slices has to be fetched again.</summary>
    public Instant DueAt { get; } = answered.Slices.Select(slice => slice.DueAt).DefaultIfEmpty(Instant.MaxValue).Min();

    /// <summary>Nothing in it is stale, missing or left out: it may be kept, here and by callers.</summary>
    public bool IsWhole { get; } = answered.Meta.Complete && answered.Slices.All(slice => !slice.IsFailed && !slice.IsStale);

    public string? AsOf { get; } = answered.Meta.AsOf;

    public bool IsStale { get; } = answered.Meta.Stale;

    /// <summary>A slice is missing, or a statistic was left out.</summary>
    public bool HasGaps { get; } = !answered.Meta.Complete;

    /// <summary>When the oldest figures were fetched that can still change; null where none can.</summary>
    public Instant? OpenSince { get; } = answered.OpenSince;

    /// <summary>The most that Cache-Control may say, whatever is due when: a metric that is missing can come back at any time, and no slice is fresh for
    /// longer than a day, though the clock may have been set back since.</summary>
    public long MostSeconds { get; } = answered.IsLacking ? 60 : 86_400;

    public int Rows { get; } = answered.Records.Count;

    public static string CacheControl(long seconds) => string.Create(CultureInfo.InvariantCulture, $"private, max-age={seconds}");
}

/// <summary>What was done for one request, and how many records came of it.</summary>
internal sealed class FetchStatistics(int rows, int cached, int fetched, int stale, int failed, int calls)
{
    public int Cached => cached;

    public int Fetched => fetched;

    public int Stale => stale;

    public int Failed => failed;

    /// <summary>Calls to Genesys.</summary>
    public int Calls => calls;

    /// <summary>The header's text.</summary>
    public string Slices { get; private init; } = Text(cached, fetched, stale, failed);

    /// <summary>For the log.</summary>
    public RequestLogProperties Facts { get; } = new(rows, cached + fetched + stale + failed, calls);

    /// <param name="view">A caller who may not see every queue reads of parts in the header, whatever number of shards they have.</param>
    public static FetchStatistics Of(int rows, IEnumerable<SliceResult> slices, QueueVisibility view)
    {
        var all = slices.ToList();
        var (cached, fetched, stale, failed) = Count(all);
        var shown = view.IsAll ? (cached, fetched, stale, failed) : Count([.. all.GroupBy(slice => PartOf(slice.Slice)).Select(shards => shards.MaxBy(Effort)!)]);
        return new(rows, cached, fetched, stale, failed, all.Sum(slice => slice.Calls))
        {
            Slices = Text(shown.cached, shown.fetched, shown.stale, shown.failed),
        };
    }

    /// <summary>Of an answer that is sent again: Genesys was not asked.</summary>
    public static FetchStatistics ForCachedResponse(int rows, IReadOnlyCollection<Slice> slices, QueueVisibility view) => new(rows, slices.Count, 0, 0, 0, 0)
    {
        Slices = Text(view.IsAll ? slices.Count : slices.DistinctBy(PartOf).Count(), 0, 0, 0),
    };

    private static SliceKey PartOf(Slice slice) => slice.Key with { Scope = QueueSharding.All };

    private static (int cached, int fetched, int stale, int failed) Count(List<SliceResult> slices) =>
    (
        slices.Count(slice => slice.IsCached),
        slices.Count(slice => !slice.IsCached && !slice.IsFailed && !slice.IsStale),
        slices.Count(slice => slice.IsStale),
        slices.Count(slice => slice.IsFailed)
    );

    // Where the shards of a part differ, the one that is furthest from an answer speaks for it.
    private static int Effort(SliceResult slice) => slice.IsFailed ? 3 : slice.IsStale ? 2 : slice.IsCached ? 0 : 1;

    private static string Text(int cached, int fetched, int stale, int failed) =>
        string.Create(CultureInfo.InvariantCulture, $"cached={cached}, fetched={fetched}, stale={stale}, failed={failed}");
}
