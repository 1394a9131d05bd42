using System.Collections.Immutable;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Which conversations to read from Genesys.</summary>
internal sealed record DetailsSelection(Instant From, Instant To)
{
    /// <summary>
    /// The maximum number of values of one filter in a Genesys request. A filter with more values would make the request too large, so it is omitted. The
    /// reader's caller applies every filter again, so the result is the same.
    /// </summary>
    private const int MaxFilterValues = 100;

    /// <summary>
    /// True to select the conversations that were in progress in [From, To), among them all conversations that the aggregates of the interval count; false to
    /// select the conversations that began in the interval. Only an asynchronous query finds conversations that began more than <c>Conversations:Lookback</c>
    /// before From.
    /// </summary>
    public bool IsByActivity { get; init; }

    /// <summary>Whether the latest conversation comes first.</summary>
    public bool IsDescending { get; init; }

    /// <summary>
    /// The filters of the Genesys requests. The filters only reduce the number of pages, so the reader of the conversations must apply them again.
    /// </summary>
    public DetailsFilter Filter { get; init; } = DetailsFilter.None;

    /// <summary>
    /// The maximum number of conversations in one piece, for a caller that needs only the first conversations. No asynchronous query is then used. Null to read
    /// all conversations, in pieces of <c>Conversations:MaxConversationsPerPiece</c> or with asynchronous queries.
    /// </summary>
    public int? MaxPerPiece { get; init; }

    /// <summary>
    /// The time at which reading resumes: in ascending order, conversations that began earlier are skipped; in descending order, conversations that began later
    /// are skipped. Null to skip none.
    /// </summary>
    public Instant? ResumesAt { get; init; }

    /// <summary>
    /// The number of Genesys requests after which reading stops at the end of a piece (<see cref="DetailsReadReport.StoppedAt"/>); null to read the whole
    /// interval.
    /// </summary>
    public int? MaxCalls { get; init; }

    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;

    /// <summary>
    /// Called if a piece cannot be read. The function returns true to read the piece again, or false to continue without the piece, which
    /// <see cref="DetailsReadReport.FailedPieces"/> then lists. If null, reading ends with the failure. Reading always ends with the failure if the first count
    /// or the bulk data cannot be read.
    /// </summary>
    public Func<DetailsPiece, GenesysFailure, CancellationToken, Task<bool>>? ShouldRetryPiece { get; init; }

    /// <summary>The filter for the queues and media types of a query.</summary>
    public static DetailsFilter FilterOf(ResolvedQueues queues, ImmutableArray<string> mediaTypes) => DetailsFilter.None with
    {
        QueueIds = queues.IsEverything ? [] : Few(queues.EffectiveIds),

        // Records show a session without a media type as unknown. Genesys has no filter for such sessions.
        MediaTypes = mediaTypes.Contains(ConversationEvents.UnknownMediaType) ? [] : mediaTypes,
    };

    /// <summary>The values of a filter in a Genesys request; empty if there are too many.</summary>
    public static ImmutableArray<string> Few(ImmutableArray<string> values) => values.Length > MaxFilterValues ? [] : values;
}
