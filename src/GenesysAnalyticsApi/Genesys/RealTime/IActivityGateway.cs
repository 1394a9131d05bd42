using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>
/// Reads the current state of the queues. If a request fails, the method throws <see cref="Failures.GenesysException"/>. It throws
/// <see cref="OperationCanceledException"/> only if the caller's token was canceled.
/// </summary>
internal interface IActivityGateway
{
    /// <summary>Conversations per queue × media type, all pages (<c>POST /analytics/conversations/activity/query</c>).</summary>
    Task<ActivityReply> QueryConversationsAsync(ActivityRequest request, CancellationToken cancellationToken);

    /// <summary>Users per queue, all pages (<c>POST /analytics/routing/activity/query</c>).</summary>
    Task<ActivityReply> QueryUsersAsync(ActivityRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Figures about conversations and users in one reply (<c>POST /analytics/queues/observations/query</c>). Genesys requires the request to name the queues.
    /// </summary>
    Task<ActivityReply> QueryObservationsAsync(ActivityRequest request, CancellationToken cancellationToken);
}

/// <param name="QueueIds">The queues to read; empty for all queues. Each queue becomes a predicate, and Genesys limits the number of predicates.</param>
/// <param name="Origin">Decides the priority in the rate limiter; it is not sent to Genesys.</param>
internal sealed record ActivityRequest(ImmutableArray<string> QueueIds, RequestOrigin Origin);

/// <summary>The figures of a query. <see cref="Invalid"/> lists the entries that could not be read.</summary>
internal sealed record ActivityReply
{
    public required ImmutableArray<ActivityFigure> Figures { get; init; }

    public ImmutableArray<InvalidActivity> Invalid { get; init; } = [];

    /// <summary>When the first page was requested. Figures of later pages can include later events.</summary>
    public required Instant FetchedAt { get; init; }

    /// <summary>Attempts sent to Genesys, including retries and replays.</summary>
    public int Calls { get; init; } = 1;
}

/// <summary>One figure of a queue.</summary>
/// <param name="QueueId">The id of the queue as Genesys writes it.</param>
/// <param name="MediaType">Null for figures about users, which belong to no media type.</param>
/// <param name="Metric">Genesys' name, one of <see cref="ActivityMetrics"/>.</param>
/// <param name="Qualifier">A system presence or a routing status that the figure is limited to; null for none.</param>
/// <param name="Count">Conversations or users.</param>
/// <param name="Since">
/// For the <c>oLongest…</c> metrics: when the conversation that has been waiting or interacting longest began to do so, on this machine's clock. Null for other
/// metrics, and if there is no such conversation.
/// </param>
internal readonly record struct ActivityFigure(string QueueId, string? MediaType, string Metric, string? Qualifier, int Count, Instant? Since);

/// <summary>A part of a reply that was dropped.</summary>
/// <param name="QueueId">Null if the part could belong to any queue.</param>
/// <param name="MediaType">Null if the part is about users, or could belong to any media type.</param>
/// <param name="Metric">Null if the part could be about any figure of the queue.</param>
/// <param name="Reason">Why the part was dropped. Of the reply, the reason quotes at most the name of a known metric.</param>
internal readonly record struct InvalidActivity(string? QueueId, string? MediaType, string? Metric, string Reason);

/// <summary>Genesys' metrics of the current state.</summary>
internal static class ActivityMetrics
{
    public const string Waiting = "oWaiting";
    public const string Interacting = "oInteracting";
    public const string Alerting = "oAlerting";
    public const string LongestWaiting = "oLongestWaiting";
    public const string LongestInteracting = "oLongestInteracting";
    public const string OnQueueUsers = "oOnQueueUsers";
    public const string ActiveUsers = "oActiveUsers";
    public const string MemberUsers = "oMemberUsers";
    public const string OffQueueUsers = "oOffQueueUsers";
    public const string UserPresences = "oUserPresences";
    public const string UserRoutingStatuses = "oUserRoutingStatuses";

    public static ImmutableArray<string> OfConversations { get; } = [Alerting, Interacting, Waiting, LongestInteracting, LongestWaiting];

    public static ImmutableArray<string> OfUsers { get; } = [ActiveUsers, MemberUsers, OffQueueUsers, OnQueueUsers, UserPresences, UserRoutingStatuses];

    public static bool IsConversationMetric(string metric) => OfConversations.Contains(metric);

    public static bool IsUserMetric(string metric) => OfUsers.Contains(metric);

    /// <summary>Whether the value of the metric is the time at which something began, instead of a count.</summary>
    public static bool IsTime(string metric) => metric is LongestWaiting or LongestInteracting;
}
