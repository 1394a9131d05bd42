using System.Collections.Immutable;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Which conversations to read from Genesys.</summary>
internal sealed record DetailsSelection(Instant From, Instant To)
{
    /// <summary>A longer list is not worth a larger request, because the reader selects again.</summary>
    private const int MaxFilterValues = 100;

    /// <summary>
    /// True for the conversations with activity in [From, To), as the aggregates of the interval count them; false for those that began in it. Only an
    /// asynchronous query finds conversations that began more than <c>Conversations:Lookback</c> before.
    /// </summary>
    public bool IsByActivity { get; init; }

    /// <summary>The latest first.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Saves pages at Genesys; the reader of the conversations selects again.</summary>
    public DetailsFilter Filter { get; init; } = DetailsFilter.None;

    /// <summary>Conversations of one piece, if the caller reads only some of all; null to read all, for which asynchronous queries are also used.</summary>
    public int? MaxPerPiece { get; init; }

    /// <summary>Where reading resumes. Ascending: conversations that began earlier are skipped; descending: later. Null: all are read.</summary>
    public Instant? ResumesAt { get; init; }

    /// <summary>Calls to Genesys after which reading stops behind a piece, at <see cref="DetailsNotes.StoppedAt"/>; null to read to the end.</summary>
    public int? MaxCalls { get; init; }

    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;

    /// <summary>
    /// Decides what happens if a piece cannot be read: true to read it again, false to go on without it, which <see cref="DetailsNotes.FailedPieces"/> names. Null:
    /// reading ends with the failure, as it always does if counts or bulk data cannot be read.
    /// </summary>
    public Func<DetailsPiece, GenesysFailure, CancellationToken, Task<bool>>? OnFailedPiece { get; init; }

    /// <summary>The filter for the queues and media types of a query.</summary>
    public static DetailsFilter FilterOf(ResolvedQueues queues, ImmutableArray<string> mediaTypes) => DetailsFilter.None with
    {
        QueueIds = queues.IsEverything ? [] : Few(queues.Wanted),

        // A session without a media type is shown as unknown, and Genesys cannot select it.
        MediaTypes = mediaTypes.Contains(ConversationEvents.UnknownMediaType) ? [] : mediaTypes,
    };

    /// <summary>The values of a filter; none if there are too many.</summary>
    public static ImmutableArray<string> Few(ImmutableArray<string> values) => values.Length > MaxFilterValues ? [] : values;
}
