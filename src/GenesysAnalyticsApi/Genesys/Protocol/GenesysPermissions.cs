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
}
