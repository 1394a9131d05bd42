using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// The requests to Genesys Cloud for individual conversations. These requests fail in the same ways as the requests of <see cref="IGenesysGateway"/>, and all
/// of them need the <c>analytics:conversationDetail:view</c> permission.
/// </summary>
internal interface IConversationDetails
{
    /// <summary>
    /// Reads one page of the synchronous query. Genesys returns at most 100,000 conversations per interval, and limits the length of the interval.
    /// </summary>
    /// <exception cref="Failures.GenesysException">
    /// Also thrown if the interval is longer than Genesys allows: <see cref="Failures.GenesysFailure.MaxIntervalDays"/> then contains the limit that Genesys'
    /// message names, if any.
    /// </exception>
    Task<DetailsPage> QueryDetailsAsync(DetailsRequest request, CancellationToken cancellationToken);

    /// <summary>Reads one conversation.</summary>
    /// <param name="withPersonalData">Whether to read names, addresses, numbers, subjects, notes and attributes. If false, the parser ignores them.</param>
    /// <returns>The conversation, or an empty page if Genesys has no such conversation. An id that is not a GUID is never sent.</returns>
    Task<DetailsPage> GetDetailAsync(string conversationId, bool withPersonalData, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>
    /// Reads several conversations by id, at most <see cref="DetailsRequest.MaxPageSize"/>. Conversations that Genesys does not have are missing from the
    /// result. An id that is not a GUID is never sent.
    /// </summary>
    Task<DetailsPage> GetDetailsAsync(ImmutableArray<string> conversationIds, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads the time up to which the data of asynchronous queries is complete. The results of these queries omit later data without notice.</summary>
    Task<DataAvailability> GetDataAvailabilityAsync(RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>
    /// Runs an asynchronous query: submits it, waits until Genesys has computed it, and returns each page as soon as it has been read. The query selects all
    /// conversations with activity in the interval. The page number and page size of the request are not used. The deletion of the query at Genesys starts
    /// when the last page has been read, or when the enumeration ends earlier. <c>Genesys:AsyncQueryTimeout</c> first limits the time until Genesys has
    /// computed the query, and then the time for each page. The time that the consumer spends between two pages does not count. Pages can be empty.
    /// </summary>
    IAsyncEnumerable<DetailsPage> RunDetailsJobAsync(DetailsRequest request, CancellationToken cancellationToken);
}

/// <summary>
/// A query for conversations. The synchronous query selects the conversations with activity in [<paramref name="From"/>, <paramref name="To"/>) that began on
/// or after the UTC day of <paramref name="From"/>.
/// </summary>
internal sealed record DetailsRequest(Instant From, Instant To)
{
    /// <summary>The maximum page size that Genesys accepts.</summary>
    public const int MaxPageSize = 100;

    /// <summary>Whether to sort by <c>conversationStart</c> with the latest first instead of the earliest.</summary>
    public bool IsDescending { get; init; }

    /// <summary>The number of the page, from 1.</summary>
    public int PageNumber { get; init; } = 1;

    public int PageSize { get; init; } = MaxPageSize;

    public DetailsFilter Filter { get; init; } = DetailsFilter.None;

    /// <summary>Decides the priority in the rate limiter; it is not sent to Genesys.</summary>
    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;
}

/// <summary>
/// The filters with which Genesys selects conversations. An empty list selects all conversations. The filters only reduce the number of pages. The caller
/// filters the conversations again, because Genesys matches each segment separately, and a conversation contains several segments.
/// </summary>
/// <param name="QueueIds">Selects conversations with a segment in one of these queues. If media types are set, the same segment must match them.</param>
/// <param name="MediaTypes">Selects conversations with a segment of one of these media types.</param>
/// <param name="UserIds">Selects conversations with a segment of one of these agents.</param>
/// <param name="WrapUpCodes">Selects conversations with a segment that has one of these codes.</param>
/// <param name="DisconnectTypes">Selects conversations with a segment that ended in one of these ways.</param>
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
    /// <summary>The number of conversations that the query selects, according to Genesys when it replied; null if the reply contains no count.</summary>
    public long? TotalHits { get; init; }

    /// <summary>
    /// When the request was sent; for a page of an asynchronous query, when the query was submitted. The page contains nothing that happened later.
    /// </summary>
    public required Instant FetchedAt { get; init; }

    /// <summary>For a page of an asynchronous query, the time up to which its data is complete; null if the reply does not state this time.</summary>
    public Instant? DataAvailableUntil { get; init; }

    /// <summary>Attempts sent to Genesys, including retries and replays; for a page of an asynchronous query, the attempts since the previous page.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>
    /// One message for each conversation, session, segment, metric or other value that was dropped, and for each list that was truncated; at most 1,000
    /// messages. The messages contain no personal data.
    /// </summary>
    public IReadOnlyList<string> InvalidEntries { get; init; } = [];
}

/// <param name="Until">The time up to which the data of asynchronous queries is complete.</param>
/// <param name="Calls">Attempts sent to Genesys, including retries and replays.</param>
internal sealed record DataAvailability(Instant Until, int Calls);
