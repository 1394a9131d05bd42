using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using NodaTime;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// What we ask of Genesys Cloud, in our words. Every method throws <see cref="GenesysException"/> with one of a closed set of
/// failures, and <see cref="OperationCanceledException"/> only when the caller's own token was cancelled.
/// </summary>
internal interface IGenesysGateway
{
    /// <summary>Asks for conversation aggregates per queue × media type × bucket. One call, however long the answer.</summary>
    Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest question, CancellationToken cancellationToken);

    /// <summary>False while Genesys is taken to be down: asking in smaller pieces would not help then.</summary>
    bool IsBreakerClosed { get; }

    /// <summary>Reads one page of the queue listing (1-based).</summary>
    Task<QueuePage> ListQueuesAsync(int pageNumber, RequestOrigin asker, CancellationToken cancellationToken);
}

/// <summary>
/// One aggregates query: buckets between consecutive <paramref name="Edges"/>, half-open, all queues × media types.
/// </summary>
/// <param name="Edges">Ascending instants, at least two. The interval asked for runs from the first to the last.</param>
/// <param name="Granularity">ISO-8601 period whose steps give exactly <paramref name="Edges"/>; null for one bucket.</param>
/// <param name="TimeZone">IANA zone in which Genesys steps days; null where the steps have a fixed length.</param>
/// <param name="Metrics">Genesys metric names.</param>
/// <param name="Direction"><c>inbound</c>, <c>outbound</c>, or null for both (dimension <c>originatingDirection</c>).</param>
/// <param name="QueueIds">Only these queues; empty for all.</param>
internal sealed record AggregatesRequest(
    ImmutableArray<Instant> Edges,
    string? Granularity,
    string? TimeZone,
    ImmutableArray<string> Metrics,
    string? Direction,
    ImmutableArray<string> QueueIds)
{
    /// <summary>Whose turn it takes. No part of what is sent.</summary>
    public RequestOrigin Asker { get; init; } = RequestOrigin.Anonymous;
}

/// <param name="FetchedAt">When the answer was asked for: nothing that happened later can be in it.</param>
/// <param name="Calls">Attempts that reached out to Genesys, retries and replays included.</param>
internal sealed record AggregatesReply(AggregateFacts Facts, Instant FetchedAt, int Calls);

/// <summary>A page of the queue listing, as Genesys has it.</summary>
internal sealed record QueuePage(IReadOnlyList<GenesysQueue> Queues, int PageNumber, int PageCount, bool HasNext)
{
    /// <summary>Attempts that reached out to Genesys, retries and replays included.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>Entries that were repaired or left out, in a sentence each.</summary>
    public IReadOnlyList<string> Oddities { get; init; } = [];

    /// <param name="pageCount">As the listing has it; it may lack it.</param>
    /// <param name="nextUri">Whether there is one, where the count is lacking. Never requested.</param>
    /// <param name="oddities">See <see cref="Oddities"/>.</param>
    public static QueuePage Of(IReadOnlyList<GenesysQueue> queues, int pageNumber, int? pageCount, string? nextUri, IReadOnlyList<string> oddities)
    {
        // An empty page ends the listing whatever the counts say, or a wrong count would be read for ever. One of odd entries is not empty.
        var hasNext = (queues.Count > 0 || oddities.Count > 0) && (pageCount is { } count ? pageNumber < count : !string.IsNullOrEmpty(nextUri));
        return new QueuePage(queues, pageNumber, pageCount ?? (hasNext ? pageNumber + 1 : pageNumber), hasNext) { Oddities = oddities };
    }
}

/// <param name="ServiceLevels">Target and threshold per media type, in analytics' words (<c>voice</c>, where the listing says <c>call</c>).</param>
internal sealed record GenesysQueue(
    string Id,
    string Name,
    string? DivisionId,
    string? DivisionName,
    int? MemberCount,
    IReadOnlyDictionary<string, QueueServiceLevel> ServiceLevels);

/// <param name="Target">Share that shall be answered in time, 0–1.</param>
/// <param name="DurationMs">What "in time" means, in milliseconds.</param>
internal sealed record QueueServiceLevel(double? Target, long? DurationMs);

/// <summary>On whose behalf Genesys is asked: callers take turns, and background work leaves room for questions that wait for an answer.</summary>
/// <param name="Caller">The caller's identity, not its name: what has the same one shares one turn.</param>
/// <param name="IsBackground">No question waits for it.</param>
internal sealed record RequestOrigin(string Caller, bool IsBackground)
{
    // In brackets, so that no caller has the same identity.
    public static readonly RequestOrigin Anonymous = new("(anonymous)", IsBackground: false);

    /// <summary>The service itself: the directory, and whatever else is kept young without being asked for.</summary>
    public static readonly RequestOrigin Service = new("(service)", IsBackground: true);

    /// <summary>
    /// It asks to learn how Genesys answers: a failure is the answer, so that it is neither repeated nor held against Genesys.
    /// </summary>
    public bool IsDiagnostic { get; init; }

    /// <summary>The calls that may be made for the question; null where nothing limits them but the requests a minute.</summary>
    public CallBudget? Calls { get; init; }
}
