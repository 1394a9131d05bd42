using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>
/// Reads the current state of the queues. Every method throws <see cref="Failures.GenesysException"/>, and
/// <see cref="OperationCanceledException"/> only if the caller's token was canceled.
/// </summary>
internal interface IActivityGateway
{
    /// <summary>Conversations per queue × media type, all pages (<c>POST /analytics/conversations/activity/query</c>).</summary>
    Task<ActivityReply> QueryConversationsAsync(ActivityRequest request, CancellationToken cancellationToken);

    /// <summary>Users per queue, all pages (<c>POST /analytics/routing/activity/query</c>).</summary>
    Task<ActivityReply> QueryUsersAsync(ActivityRequest request, CancellationToken cancellationToken);

    /// <summary>Both kinds of figures in one reply (<c>POST /analytics/queues/observations/query</c>). Genesys requires the request to name the queues.</summary>
    Task<ActivityReply> QueryObservationsAsync(ActivityRequest request, CancellationToken cancellationToken);
}

/// <param name="QueueIds">The queues to read; empty for all. Each becomes a predicate, and Genesys limits the number of predicates.</param>
/// <param name="Origin">Decides the priority in the rate limiter; it is not sent to Genesys.</param>
internal sealed record ActivityRequest(ImmutableArray<string> QueueIds, RequestOrigin Origin);

/// <summary>The figures of a query. An entry that could not be read is in <see cref="Invalid"/> instead.</summary>
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
/// <param name="QueueId">In the spelling of Genesys.</param>
/// <param name="MediaType">Null for figures about users, which belong to no media type.</param>
/// <param name="Metric">Genesys' name, one of <see cref="ActivityMetrics"/>.</param>
/// <param name="Qualifier">A system presence or a routing status that the figure is limited to; null for none.</param>
/// <param name="Count">Conversations or users.</param>
/// <param name="Since">For the <c>oLongest…</c> metrics: when the longest one began, on this machine's clock. Null if there is none.</param>
internal readonly record struct ActivityFigure(string QueueId, string? MediaType, string Metric, string? Qualifier, int Count, Instant? Since);

/// <summary>A part of a reply that was dropped.</summary>
/// <param name="QueueId">Null if it could belong to any queue.</param>
/// <param name="MediaType">Null if it is about users, or could belong to any media type.</param>
/// <param name="Metric">Null if it could be about any figure of the queue.</param>
/// <param name="Reason">It quotes nothing from the reply.</param>
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

    /// <summary>Metrics whose value is not a count but the time at which something began.</summary>
    public static bool IsTime(string metric) => metric is LongestWaiting or LongestInteracting;
}
