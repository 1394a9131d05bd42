namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>
/// The permissions that the OAuth client needs in Genesys. Most requests need exactly one permission, which also identifies the kind of request.
/// </summary>
internal static class GenesysPermissions
{
    public const string Aggregates = "analytics:conversationAggregate:view";
    public const string ConversationDetails = "analytics:conversationDetail:view";
    public const string QueueActivity = "analytics:queueObservation:view";
    public const string Queues = "routing:queue:view";
    public const string Users = "directory:user:view";
    public const string WrapUpCodes = "routing:wrapupCode:view";

    /// <summary>Returns the name that metrics and traces use for the endpoints that need the permission.</summary>
    public static string EndpointOf(string? permission) => permission switch
    {
        Aggregates => "aggregates",
        Queues => "queues",
        Users => "users",
        WrapUpCodes => "wrapup-codes",
        ConversationDetails => "conversation-details",
        QueueActivity => "queue-activity",
        _ => "other",
    };
}
