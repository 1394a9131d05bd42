using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>
/// A query with resolved queues. It determines which conversations to request from Genesys, and which records of these conversations to return.
/// </summary>
internal sealed record ConversationsSelection(ConversationsQuery Query, VisibleQueues Visible, RequestOrigin Origin)
{
    private ResolvedQueues Queues => Visible.Queues;

    /// <summary>See <see cref="DetailsSelection.ShouldRetryPiece"/>.</summary>
    public Func<DetailsPiece, GenesysFailure, CancellationToken, Task<bool>>? ShouldRetryPiece { get; init; }

    /// <summary>True if the query selects no queue, so there are no records.</summary>
    public bool IsEmpty => Queues.IsEmpty;

    public DetailsSelection Details(Instant from, Instant to, int? maxPerPiece) => new(from, to)
    {
        IsByActivity = Query.IsByActivity,
        IsDescending = Query.IsDescending,
        MaxPerPiece = maxPerPiece,
        Origin = Origin,
        ShouldRetryPiece = ShouldRetryPiece,
        Filter = DetailsSelection.FilterOf(Queues, Query.Shared.MediaTypes) with
        {
            UserIds = DetailsSelection.Few(Query.Shared.UserIds),
            WrapUpCodes = DetailsSelection.Few(Query.Shared.WrapUpCodes),
            DisconnectTypes = Query.DisconnectTypes,
            Direction = Query.Shared.Direction,
        },
    };

    /// <summary>The records of a conversation, always in the same order.</summary>
    public IEnumerable<ConversationRecord> RecordsOf(ConversationDetail conversation) =>
        ConversationRecordBuilder.Of(conversation, Visible.Scope, Query.IsByActivity ? Query.From : null, Query.IsByActivity ? Query.To : null)
            .Where(Query.Includes)
            .OrderBy(record => record.QueueId, StringComparer.Ordinal).ThenBy(record => record.MediaType, StringComparer.Ordinal);

    public ResolvedConversationsQuery Resolved => new(
        $"{InstantFormat.Print(Query.From)}/{InstantFormat.Print(Query.To)}",
        Query.IsByActivity ? "active" : "started",
        Query.IsDescending ? "desc" : "asc",
        Queues.QueueIds,
        Query.Shared.MediaTypes,
        Query.Shared.Direction,
        Query.Shared.UserIds.IsEmpty ? null : Query.Shared.UserIds,
        Query.Shared.WrapUpCodes.IsEmpty ? null : Query.Shared.WrapUpCodes,
        Query.DisconnectTypes.IsEmpty ? null : Query.DisconnectTypes,
        Query.Outcomes.IsEmpty ? null : Query.Outcomes,
        Query.MinHandleTimeMs == 0 ? null : Query.MinHandleTimeMs,
        Query.MinWaitTimeMs == 0 ? null : Query.MinWaitTimeMs);
}
