namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>The permissions that the OAuth client needs in Genesys. Each kind of request needs one, so the permission also names the kind.</summary>
internal static class GenesysPermissions
{
    public const string Aggregates = "analytics:conversationAggregate:view";
    public const string ConversationDetails = "analytics:conversationDetail:view";
    public const string QueueActivity = "analytics:queueObservation:view";
    public const string Queues = "routing:queue:view";
    public const string Users = "directory:user:view";
    public const string WrapUpCodes = "routing:wrapupCode:view";

    /// <summary>Returns the name that metrics and traces use for the endpoint that needs this permission.</summary>
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
