using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// The calls of Genesys Cloud for single conversations. Failures are those of <see cref="IGenesysGateway"/>; all calls need
/// <c>analytics:conversationDetail:view</c>.
/// </summary>
internal interface IConversationDetails
{
    /// <summary>Reads one page of the synchronous query. Genesys returns at most 100,000 conversations of an interval, and limits its length.</summary>
    /// <exception cref="Failures.GenesysException">
    /// Also if the interval is longer than Genesys allows: <see cref="Failures.GenesysFailure.MaxIntervalDays"/> then has the limit that Genesys names.
    /// </exception>
    Task<DetailsPage> QueryDetailsAsync(DetailsRequest request, CancellationToken cancellationToken);

    /// <summary>Reads one conversation.</summary>
    /// <param name="withPersonalData">Keeps names, addresses, numbers, subjects, notes and attributes, which are dropped while the reply is parsed otherwise.</param>
    /// <returns>The conversation, or an empty page if Genesys does not know it. Text that is no GUID names no conversation, so it is never sent.</returns>
    Task<DetailsPage> GetDetailAsync(string conversationId, bool withPersonalData, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads several conversations by id, at most <see cref="DetailsRequest.MaxPageSize"/>. Those that Genesys does not know are missing.</summary>
    Task<DetailsPage> GetDetailsAsync(ImmutableArray<string> conversationIds, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads the time up to which asynchronous queries have all data. What is later is missing from their results without a sign.</summary>
    Task<DataAvailability> GetDataAvailabilityAsync(RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>
    /// Runs an asynchronous query: submits it, waits until Genesys has computed it, and returns each page as soon as it is read. It selects all
    /// conversations with activity in the interval. The page number and page size of the request are not used. The query is deleted at Genesys when
    /// its last page was read, and also when the enumeration ends earlier. <c>Genesys:AsyncQueryTimeout</c> limits the time until Genesys has computed
    /// it, and then that of each page; the time between two pages is the consumer's own. Pages can be empty.
    /// </summary>
    IAsyncEnumerable<DetailsPage> RunDetailsJobAsync(DetailsRequest request, CancellationToken cancellationToken);
}

/// <summary>
/// A query for conversations. The synchronous query selects those with activity in [<paramref name="From"/>, <paramref name="To"/>) that began on or after
/// the UTC day of <paramref name="From"/>.
/// </summary>
internal sealed record DetailsRequest(Instant From, Instant To)
{
    /// <summary>The largest page that Genesys accepts.</summary>
    public const int MaxPageSize = 100;

    /// <summary>By <c>conversationStart</c>: the latest first, instead of the earliest.</summary>
    public bool IsDescending { get; init; }

    /// <summary>From 1.</summary>
    public int PageNumber { get; init; } = 1;

    public int PageSize { get; init; } = MaxPageSize;

    public DetailsFilter Filter { get; init; } = DetailsFilter.None;

    /// <summary>Decides the priority in the rate limiter; it is not sent to Genesys.</summary>
    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;
}

/// <summary>
/// What a conversation must have for Genesys to select it; empty lists select all. It only saves pages: the caller selects again, because Genesys
/// looks at segments, and one conversation has several.
/// </summary>
/// <param name="QueueIds">A segment of one of these queues, on one of the media types.</param>
/// <param name="UserIds">A segment of one of these agents.</param>
/// <param name="WrapUpCodes">A segment with one of these codes.</param>
/// <param name="DisconnectTypes">A segment that ended in one of these ways.</param>
/// <param name="Direction">The originating direction, <c>inbound</c> or <c>outbound</c>; null for both.</param>
internal sealed record DetailsFilter(
    ImmutableArray<string> QueueIds,
    ImmutableArray<string> MediaTypes,
    ImmutableArray<string> UserIds,
    ImmutableArray<string> WrapUpCodes,
    ImmutableArray<string> DisconnectTypes,
    string? Direction)
{
    public static readonly DetailsFilter None = new([], [], [], [], [], null);
}

/// <summary>Conversations of one reply.</summary>
internal sealed record DetailsPage(ImmutableArray<ConversationDetail> Conversations)
{
    /// <summary>How many conversations the query selects, as Genesys counts at this moment; null in replies without a count.</summary>
    public long? TotalHits { get; init; }

    /// <summary>When the request was sent, for a page of an asynchronous query its submission: the page contains nothing that happened later.</summary>
    public required Instant FetchedAt { get; init; }

    /// <summary>A page of an asynchronous query: the time up to which it has all data; null if Genesys does not say.</summary>
    public Instant? DataAvailableUntil { get; init; }

    /// <summary>Attempts sent to Genesys, including retries and replays; for a page of an asynchronous query, those since the page before.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>
    /// One message for each conversation, session, segment, metric or other value that was dropped, at most 1,000. Messages have no personal data.
    /// </summary>
    public IReadOnlyList<string> InvalidEntries { get; init; } = [];
}

/// <param name="Until">The time up to which asynchronous queries have all data.</param>
/// <param name="Calls">Attempts sent to Genesys, including retries and replays.</param>
internal sealed record DataAvailability(Instant Until, int Calls);
