using GenesysSimulator.Directory;
using GenesysSimulator.Notifications;
using GenesysSimulator.Organization;
using GenesysSimulator.Queues;
using GenesysSimulator.RealTime;

namespace GenesysSimulator.Faults;

/// <summary>Determines the requests to which a fault applies. They depend on the name of the fault, its scope and its path prefix.</summary>
internal static class FaultMatcher
{
    public const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    public const string Details = "/api/v2/analytics/conversations/details";

    /// <summary>
    /// Events of a socket are not requests. For an event, one of these values replaces the method, and the topic or the channel id replaces the path.
    /// </summary>
    public const string Message = "MESSAGE";
    public const string Heartbeat = "HEARTBEAT";
    public const string Ping = "PING";
    public const string Socket = "SOCKET";
    public const string Connection = "CONNECTION";

    private const string RealTime = "analytics:queueObservation:view";

    private const string Conversations = "/api/v2/analytics/conversations/";

    private static readonly (string Scope, string Path, string Permission)[] Scopes =
    [
        (FaultScopes.Details, Details, "analytics:conversationDetail:view"),
        (FaultScopes.Aggregates, Aggregates, "analytics:conversationAggregate:view"),
        (FaultScopes.Activity, RealTimeRoutes.Conversations, RealTime),
        (FaultScopes.Activity, RealTimeRoutes.Routing, RealTime),
        (FaultScopes.Observations, RealTimeRoutes.Observations, RealTime),
        (FaultScopes.Notifications, NotificationRoutes.Root, RealTime),
        (FaultScopes.Limits, LimitsEndpoint.Root, "limits:organization:view"),
        (FaultScopes.Queues, QueuesEndpoint.Path, "routing:queue:view"),
        (FaultScopes.Users, UsersEndpoint.Path, "directory:user:view"),
        (FaultScopes.WrapUpCodes, WrapUpCodesEndpoint.Path, "routing:wrapupCode:view"),
    ];

    public static bool Covers(SimulatorFault fault, string method, string path) =>
        AppliesTo(fault, method, path)
        && (!IsOfSocket(method) || fault.Scope is null or FaultScopes.Notifications)
        && (fault.Scope is null || IsOfSocket(method) || ScopeOf(path) == fault.Scope)
        && (fault.Path is null || path.StartsWith(fault.Path, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the permission that a request needs.</summary>
    public static string PermissionFor(string path) =>
        Scopes.FirstOrDefault(scope => IsWithin(path, scope.Path), Scopes[1]).Permission;

    private static string? ScopeOf(string path) => Scopes.FirstOrDefault(scope => IsWithin(path, scope.Path)).Scope;

    private static bool IsWithin(string path, string root) =>
        (path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/'))
        // The path of the details of a single conversation does not begin with the root of the details.
        || (root == Details && path.StartsWith(Conversations, StringComparison.Ordinal) && path.EndsWith("/details", StringComparison.Ordinal));

    private static bool AppliesTo(SimulatorFault fault, string method, string path) => fault.Name switch
    {
        FaultNames.TokenThrottled or FaultNames.TokenError => path == "/oauth/token",
        FaultNames.NullEntries or FaultNames.WrongTypes or FaultNames.RepeatedGroup or FaultNames.ContradictoryGroup or FaultNames.OddNumbers
            or FaultNames.UnknownQualifier => IsRealTime(path),
        FaultNames.MissingResults or FaultNames.UnknownMetric or FaultNames.UnknownMediaType or FaultNames.GroupWithoutQueue
            when IsRestricted(fault) && IsRealTime(path) => true,
        FaultNames.LostMessage or FaultNames.RepeatedMessage or FaultNames.GarbledMessage => method == Message,
        FaultNames.MissingHeartbeat => method == Heartbeat,
        FaultNames.MissingPong => method == Ping,
        FaultNames.SocketDropped or FaultNames.SocketClosing or FaultNames.SystemMessage => method == Socket,
        FaultNames.SocketRefused => method == Connection,
        FaultNames.ExpiredChannel => method == Socket || path.StartsWith(NotificationRoutes.Channels + "/", StringComparison.Ordinal),
        FaultNames.RejectedTopic => method is "PUT" or "POST" && path.EndsWith(NotificationRoutes.Subscriptions, StringComparison.Ordinal),
        FaultNames.RefusedMetric or FaultNames.RefusedViews => IsAggregates(method, path) || (method == "POST" && path == Aggregates + "/jobs"),
        FaultNames.UnknownMetric or FaultNames.UnknownMediaType => IsAggregates(method, path) || (IsRestricted(fault) && IsRecords(method, path)),
        FaultNames.MissingViews or FaultNames.TooLarge or FaultNames.MissingMin or FaultNames.MissingResults or FaultNames.GroupWithoutQueue
            or FaultNames.ForeignBucket => IsAggregates(method, path),
        FaultNames.EmptyPage when IsRestricted(fault) && method == "POST" && path == Details + "/query" => true,
        FaultNames.RepeatedPage or FaultNames.EmptyPage or FaultNames.WrongPageCount or FaultNames.ForeignNextUri =>
            path is QueuesEndpoint.Path or QueuesEndpoint.DivisionViews
            // Another list that is read at the same time must not use up a fault of the queue list.
            || (IsRestricted(fault) && path is UsersEndpoint.Path or WrapUpCodesEndpoint.Path),
        FaultNames.TooLargeAt => method == "POST" && path == Aggregates + "/query",
        FaultNames.MovingTotalHits or FaultNames.RepeatedRecord or FaultNames.MovedRecord or FaultNames.ShortPage or FaultNames.IntervalDays
            or FaultNames.BadGatewayAfter => method == "POST" && path == Details + "/query",
        FaultNames.UnknownPurpose or FaultNames.RecordWithoutParticipants or FaultNames.RecordWithoutId or FaultNames.MetricWithoutDate
            or FaultNames.SegmentWithoutQueue => IsRecords(method, path),
        FaultNames.Watermark => path == Details + "/jobs/availability" || (IsRecords(method, path) && IsResults(path)),
        FaultNames.JobFailed or FaultNames.JobExpired or FaultNames.JobSlow or FaultNames.JobWithoutId =>
            method == "POST" && path is Aggregates + "/jobs" or Details + "/jobs",
        FaultNames.JobState => method == "GET" && IsForJob(path) && !IsResults(path),
        FaultNames.RepeatedCursor or FaultNames.EmptyJobPage or FaultNames.EndlessPages or FaultNames.ResultsNotReady => IsResults(path),
        // All other faults apply to all API and token requests, but never to the simulator's control endpoint.
        _ => path.StartsWith("/api/v2/", StringComparison.Ordinal) || path == "/oauth/token",
    };

    /// <summary>Whether a fault that exists for several endpoints is restricted to some of them.</summary>
    private static bool IsRestricted(SimulatorFault fault) => (fault.Scope ?? fault.Path) is not null;

    private static bool IsOfSocket(string method) => method is Message or Heartbeat or Ping or Socket or Connection;

    private static bool IsRealTime(string path) => path.EndsWith("/query", StringComparison.Ordinal) && ScopeOf(path) is FaultScopes.Activity or FaultScopes.Observations;

    private static bool IsAggregates(string method, string path) =>
        (method == "POST" && path == Aggregates + "/query") || (path.StartsWith(Aggregates, StringComparison.Ordinal) && IsResults(path));

    private static bool IsRecords(string method, string path) =>
        (method == "POST" && path == Details + "/query") || (path.StartsWith(Details, StringComparison.Ordinal) && IsResults(path));

    private static bool IsForJob(string path) =>
        path.StartsWith(Aggregates + "/jobs/", StringComparison.Ordinal)
        || (path.StartsWith(Details + "/jobs/", StringComparison.Ordinal) && path != Details + "/jobs/availability");

    private static bool IsResults(string path) => IsForJob(path) && path.EndsWith("/results", StringComparison.Ordinal);
}
