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
    /// The longest list of values that is sent to Genesys. A longer list would make the request large; it is omitted, because the filter is applied again to
    /// the records.
    /// </summary>
    private const int MaxFilterValues = 100;

    /// <summary>
    /// True to select the conversations with activity in [From, To), which the aggregates of the interval include; false to select those that began in it.
    /// Only an asynchronous query finds conversations that began more than <c>Conversations:Lookback</c> before From.
    /// </summary>
    public bool IsByActivity { get; init; }

    /// <summary>Whether the latest conversation comes first.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Filters of the Genesys request, which reduce the number of pages. The reader of the conversations applies the filters again.</summary>
    public DetailsFilter Filter { get; init; } = DetailsFilter.None;

    /// <summary>
    /// The number of conversations in one piece, if the caller reads only a part; null to read all of them, possibly with asynchronous queries.
    /// </summary>
    public int? MaxPerPiece { get; init; }

    /// <summary>
    /// Where reading resumes: in ascending order, conversations that began earlier are skipped; in descending order, those that began later. Null to read all.
    /// </summary>
    public Instant? ResumesAt { get; init; }

    /// <summary>The number of Genesys requests after which reading stops at the end of a piece (<see cref="DetailsReadReport.StoppedAt"/>); null to read to the end.</summary>
    public int? MaxCalls { get; init; }

    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;

    /// <summary>
    /// Called if a piece cannot be read. It returns true to read the piece again, or false to continue without it; <see cref="DetailsReadReport.FailedPieces"/>
    /// then names the piece. If null, reading ends with the failure, as it always does if counts or bulk data cannot be read.
    /// </summary>
    public Func<DetailsPiece, GenesysFailure, CancellationToken, Task<bool>>? OnFailedPiece { get; init; }

    /// <summary>The filter for the queues and media types of a query.</summary>
    public static DetailsFilter FilterOf(ResolvedQueues queues, ImmutableArray<string> mediaTypes) => DetailsFilter.None with
    {
        QueueIds = queues.IsEverything ? [] : Few(queues.EffectiveIds),

        // A session without a media type is shown as unknown. Genesys has no filter for it.
        MediaTypes = mediaTypes.Contains(ConversationEvents.UnknownMediaType) ? [] : mediaTypes,
    };

    /// <summary>The values of a filter; none if there are too many.</summary>
    public static ImmutableArray<string> Few(ImmutableArray<string> values) => values.Length > MaxFilterValues ? [] : values;
}
